using Spectre.Console;

namespace ActorMD.Cli.Terminal;

/// <summary>The console for progress and notes, which must not mix with results on standard output.</summary>
internal static class StandardError
{
    public static IAnsiConsole Console { get; } = AnsiConsole.Create(
        new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    public static bool IsTerminal => !System.Console.IsErrorRedirected;
}
