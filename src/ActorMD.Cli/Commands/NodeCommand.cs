using System.CommandLine;
using ActorMD.Actors.Clusters;
using ActorMD.Actors.Settings;
using ActorMD.Cli.Clusters;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd node --config FILE</c>.</summary>
internal sealed class NodeCommand : CommandWithExamples
{
    private readonly Option<string> _config = new("--config")
    {
        Description = "Settings of the node (HOCON), such as those in cluster-config.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _host = new("--host")
    {
        Description = "Address at which the other nodes reach this one; default: as in the file.",
        HelpName = "ADDRESS",
    };

    private readonly Option<int?> _port = new("--port")
    {
        Description = "TCP port, 0 for any; default: as in the file.",
        HelpName = "PORT",
    };

    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "Largest number of threads; default all cores.",
        HelpName = "N",
    };

    public NodeCommand()
        : base("node", "Joins an Akka.NET cluster and computes for the run that it finds there, until that is done.")
    {
        Options.Add(_config);
        Options.Add(_host);
        Options.Add(_port);
        Options.Add(_workers);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd node --config cluster-config/one-machine.conf",
        "actormd node --config cluster-config/lan.conf --host 192.168.1.12",
    ];

    private int Run(ParseResult parsed)
    {
        AkkaOptions options = new()
        {
            ConfigPath = parsed.GetRequiredValue(_config),
            Host = parsed.GetValue(_host),
            Port = parsed.GetValue(_port),
        };
        using StopSignals signals = new();
        int workers = parsed.GetValue(_workers) ?? Environment.ProcessorCount;
        using ClusterMember member = new(ClusterNetwork.Join(options, workers), workers);
        try
        {
            member.Serve(signals.Requests);
            return ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Leaving the cluster; the other nodes go on.");
            return ExitCode.Interrupted;
        }
    }
}
