using System.CommandLine;
using System.Net;
using System.Runtime.CompilerServices;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Report.Monitoring;
using ActorMD.Runs.Monitoring;
using Spectre.Console;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd monitor DIR</c>.</summary>
internal sealed class MonitorCommand : CommandWithExamples
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Argument<string> _directory = PathArgument.Create("DIR", "The run folder.");
    private readonly Option<bool> _once = new("--once") { Description = "Print one frame and exit." };

    private readonly Option<string?> _serve = new("--serve")
    {
        Description = "Serve a page that refreshes itself, and /metrics for Prometheus, to this machine only.",
        HelpName = "127.0.0.1:PORT",
    };

    public MonitorCommand()
        : base("monitor", "Shows a run while it goes on, from the logs of all its nodes: progress, slices, nodes, failures.")
    {
        Arguments.Add(_directory);
        Options.Add(_once);
        Options.Add(_serve);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd monitor runs/mixture", "actormd monitor runs/mixture --once", "actormd monitor runs/mixture --serve 127.0.0.1:9464",
    ];

    private int Run(ParseResult parsed)
    {
        RunFolder folder = RunFolder.Open(parsed.GetRequiredValue(_directory));
        if (parsed.GetValue(_serve) is { } endpoint)
        {
            return Serve(folder, Loopback(endpoint));
        }

        // In a pipe frames that are drawn over each other would be noise.
        if (parsed.GetValue(_once) || Console.IsOutputRedirected)
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
            while (picture.Condition is not (RunCondition.Finished or RunCondition.Violated) && !signals.Token.WaitHandle.WaitOne(Interval))
            {
                picture = RunPicture.Of(folder, DateTime.UtcNow);
                context.UpdateTarget(MonitorView.Of(picture));
            }
        });
        return ExitCode.Done;
    }

    private static IPEndPoint Loopback(string text)
    {
        if (!IPEndPoint.TryParse(text.Replace("localhost", "127.0.0.1", StringComparison.Ordinal), out IPEndPoint? endpoint) || endpoint.Port == 0)
        {
            throw Fault($"'{text}' is no address with a port", "give one such as 127.0.0.1:9464");
        }

        return IPAddress.IsLoopback(endpoint.Address)
            ? endpoint
            : throw Fault(
                $"the page has no password, and {endpoint.Address} can be reached from other machines",
                "give 127.0.0.1:PORT, and look at it from elsewhere through 'ssh -L PORT:127.0.0.1:PORT MACHINE'");

        InputFaultException Fault(string problem, string remedy) => new(new InputFault("--serve", null, null, problem, remedy));
    }

    // In a method of its own, so that no other command loads the server.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Serve(RunFolder folder, IPEndPoint endpoint)
    {
        using StopSignals signals = new();
        try
        {
            using MonitorServer server = new(folder, endpoint.Address, endpoint.Port);
            Console.Out.WriteLine($"Serving {server.Address} and {server.Address}metrics; Ctrl-C ends.");
            server.Serve(signals.Token);
            return ExitCode.Done;
        }
        catch (HttpListenerException error)
        {
            ErrorReport.Write($"{endpoint} cannot be listened at: {error.Message}", "choose another port");
            return ExitCode.RuntimeFailure;
        }
    }
}
