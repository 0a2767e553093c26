using System.CommandLine;
using System.Text;
using ActorMD.Actors.Settings;
using ActorMD.Cli;
using ActorMD.Files.Inputs;

namespace ActorMD.Fuzz;

/// <summary>What a process is told when it starts: settings of a node, and its command line.</summary>
internal static class ProcessTargets
{
    private const string Settings = """
        # A node.
        actormd {
          host = "127.0.0.1"
          port = 4053
          data-port = 0
          seeds = ["127.0.0.1:4053", "127.0.0.2:4054"]
          nodes = 2
          lease-folder = ""
          certificate-file = ""
          host-check = on
        }
        akka.cluster {
          failure-detector.acceptable-heartbeat-pause = 5s
          split-brain-resolver.stable-after = 5s
        }
        akka.remote.dot-netty.tcp.maximum-frame-size = 1048576b

        """;

    // An argument a line.
    private static readonly string[] Arguments =
    [
        "run\nexamples/mixture.yaml\n--out\nruns/mixture\n--until\n4\n--workers\n2\n--domains\n2x1x1",
        "run\ncase.yaml\n--set\nrun.sample=0.1\n--set\nspecies.A.count=10\n--quiet",
        "bench\n--only\ndense\n--seconds\n0.5\n--repeats\n3\n--json",
        "sample\ncase.yaml\n--out\nx.csv\n--seed\n18446744073709551615\n--force",
    ];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("settings", true, [Samples.Text(Settings)], TrySettings),
        new("arguments", true, [.. Arguments.Select(Samples.Text)], TryArguments),
    ];

    private static Reception TrySettings(byte[] bytes)
    {
        string path = Path.Combine(YamlTargets.Folder, $"node-{Environment.CurrentManagedThreadId}.conf");
        File.WriteAllBytes(path, bytes);
        try
        {
            AkkaSettings settings = AkkaSettings.Load(new AkkaOptions { ConfigPath = path });
            return settings.NodeCount >= 1 ? Reception.Accepted : throw new FuzzException($"{settings.NodeCount} nodes");
        }
        catch (InputFaultException)
        {
            return Reception.Refused;
        }
    }

    // Parsed only: what the commands would do is not wanted.
    private static Reception TryArguments(byte[] bytes)
    {
        ParseResult parsed = Root.Create().Parse(Encoding.UTF8.GetString(bytes).Split('\n'));
        return parsed.Errors.Count == 0 ? Reception.Accepted : Reception.Refused;
    }
}
