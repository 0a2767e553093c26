using System.CommandLine;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.RunFolders;
using ActorMD.Runs.Monitoring;
using Spectre.Console;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd monitor DIR</c>.</summary>
internal sealed class MonitorCommand : CommandWithExamples
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Argument<string> _directory = PathArgument.Create("DIR", "The run folder.");
    private readonly Option<bool> _once = new("--once") { Description = "Print one frame and exit." };

    public MonitorCommand()
        : base("monitor", "Shows a run while it goes on, from the logs of all its nodes: progress, windows, nodes, failures.")
    {
        Arguments.Add(_directory);
        Options.Add(_once);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples => ["actormd monitor runs/mixture", "actormd monitor runs/mixture --once"];

    private int Run(ParseResult parsed)
    {
        RunFolder folder = RunFolder.Open(parsed.GetRequiredValue(_directory));
        if (parsed.GetValue(_once))
        {
            AnsiConsole.Profile.Capabilities.Ansi &= !Console.IsOutputRedirected;
            AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, MonitorView.WidthMin);
            AnsiConsole.Write(MonitorView.Of(RunPicture.Of(folder, DateTime.UtcNow)));
            return ExitCode.Done;
        }

        using StopSignals signals = new();
        RunPicture picture = RunPicture.Of(folder, DateTime.UtcNow);
        AnsiConsole.Live(MonitorView.Of(picture)).Start(context =>
        {
            while (picture.Digest is null && !signals.Token.WaitHandle.WaitOne(Interval))
            {
                picture = RunPicture.Of(folder, DateTime.UtcNow);
                context.UpdateTarget(MonitorView.Of(picture));
            }
        });
        return ExitCode.Done;
    }
}
