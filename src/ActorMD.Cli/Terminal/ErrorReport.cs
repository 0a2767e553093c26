using System.CommandLine;
using System.CommandLine.Parsing;
using ActorMD.Files.Inputs;
using ActorMD.Files.Yaml;

namespace ActorMD.Cli.Terminal;

/// <summary>Errors on standard error: one sentence first, then where, and what would be right.</summary>
internal static class ErrorReport
{
    public static void Write(IEnumerable<InputFault> faults)
    {
        foreach (InputFault fault in faults)
        {
            Console.Error.WriteLine(fault);
        }
    }

    /// <summary>What is allowed but probably not meant. Shown even when nothing else is.</summary>
    public static void Warn(IEnumerable<InputFault> warnings)
    {
        foreach (InputFault warning in warnings)
        {
            Console.Error.WriteLine($"Warning: {warning}");
        }
    }

    /// <inheritdoc cref="Warn(IEnumerable{InputFault})"/>
    public static void Warn(string warning) => Console.Error.WriteLine($"Warning: {warning}");

    public static void Write(string problem, string remedy)
    {
        Console.Error.WriteLine(Sentence(problem));
        Console.Error.WriteLine("  " + Sentence(remedy));
    }

    public static int UsageErrors(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        if (UnknownCommand(parsed, arguments) is { } unknown)
        {
            Write(
                $"there is no command '{unknown}'",
                Suggestion.Remedy(unknown, [.. parsed.RootCommandResult.Command.Subcommands.Select(c => c.Name)]));
            return ExitCode.WrongInput;
        }

        string[] known = [.. parsed.CommandResult.Command.Options.Select(option => option.Name)];
        if (UnknownOption(parsed, arguments, known) is { } option)
        {
            Write($"there is no option '{option}'", Suggestion.Remedy(option, known));
            return ExitCode.WrongInput;
        }

        if (parsed.CommandResult is { Tokens: [], Command: CommandWithExamples { WhenAlone: { } help } })
        {
            Write($"'{Path(parsed.CommandResult)}' needs a case file", "give one, as in the list below");
            Console.Error.Write(help);
            return ExitCode.WrongInput;
        }

        if (parsed.CommandResult.Command is RootCommand && arguments.Count == 0)
        {
            Write("a command is missing", "'actormd --help' lists all; 'actormd run' lists the examples");
            return ExitCode.WrongInput;
        }

        foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
        {
            Console.Error.WriteLine(Sentence(message));
        }

        Console.Error.WriteLine($"  See '{Path(parsed.CommandResult)} --help'.");
        return ExitCode.WrongInput;
    }

    // The first word that is no option, where no command was recognised.
    private static string? UnknownCommand(ParseResult parsed, IReadOnlyList<string> arguments) =>
        parsed.CommandResult.Command is RootCommand ? arguments.FirstOrDefault(word => !word.StartsWith('-')) : null;

    // Words after -- belong to another command.
    private static string? UnknownOption(ParseResult parsed, IReadOnlyList<string> arguments, string[] known) =>
        parsed.CommandResult.Command is RootCommand
            ? null
            : arguments.TakeWhile(word => word != "--").Where(word => word.StartsWith("--", StringComparison.Ordinal))
                .Select(word => word.Split('=', ':')[0]).FirstOrDefault(word => word != "--help" && !known.Contains(word));

    private static string Path(CommandResult command) => command.Parent is CommandResult parent
        ? $"{Path(parent)} {command.Command.Name}"
        : "actormd";

    private static string Sentence(string clause) =>
        char.ToUpperInvariant(clause[0]) + clause[1..] + (clause[^1] is '.' or '?' or '!' ? "" : ".");
}
