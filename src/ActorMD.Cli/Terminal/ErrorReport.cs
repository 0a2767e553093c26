using System.CommandLine;
using System.CommandLine.Parsing;
using ActorMD.Files;

namespace ActorMD.Cli;

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

    public static void Write(string problem, string remedy)
    {
        Console.Error.WriteLine(Sentence(problem));
        Console.Error.WriteLine("  " + Sentence(remedy));
    }

    public static int UsageErrors(ParseResult parsed)
    {
        foreach (ParseError error in parsed.Errors)
        {
            Console.Error.WriteLine(Sentence(error.Message));
        }

        Console.Error.WriteLine($"  See '{Path(parsed.CommandResult)} --help'.");
        return ExitCode.WrongInput;
    }

    private static string Path(CommandResult command) => command.Parent is CommandResult parent
        ? $"{Path(parent)} {command.Command.Name}"
        : "actormd";

    private static string Sentence(string clause) =>
        char.ToUpperInvariant(clause[0]) + clause[1..] + (clause[^1] is '.' or '?' or '!' ? "" : ".");
}
