using System.Diagnostics;
using System.Globalization;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>A launch of Akka.NET nodes, with its processes and what their logs say.</summary>
internal sealed class AkkaJob : IDisposable
{
    private readonly ActorMdProcess _launch;
    private readonly string _folder;

    private AkkaJob(ActorMdProcess launch, string folder)
    {
        _launch = launch;
        _folder = folder;
    }

    /// <summary>Starts nodes that compute the tube.</summary>
    /// <param name="place">Where the case is.</param>
    /// <param name="name">Of the run folder.</param>
    /// <param name="count">Nodes.</param>
    /// <param name="until">End of the run.</param>
    /// <param name="options">Of the run.</param>
    public static AkkaJob Start(Workplace place, string name, int count, string until, params string[] options) => new(
        ActorMdProcess.Start(
            place.Path,
            [
                "launch", "--runtime", "akka", "-n", $"{count}", "--retries", "1000", "--", "run", "tube.yaml", "--until", until, "--quiet", "--out", name,
                .. options.Length > 0 ? options : ["--set", "run.checkpoint=2"],
            ]),
        place[name]);

    public ActorMdProcess Launch => _launch;

    /// <summary>The processes that are there, by the ports that their files name.</summary>
    public Dictionary<int, int> Nodes
    {
        get
        {
            Dictionary<int, int> nodes = [];
            foreach (int process in JobProcesses.ChildrenOf(_launch.Id))
            {
                if (ConfigOf(process) is { } config)
                {
                    string line = File.ReadLines(config).First(line => line.Contains("port =", StringComparison.Ordinal));
                    nodes[int.Parse(line.Split('=')[1], CultureInfo.InvariantCulture)] = process;
                }
            }

            return nodes;
        }
    }

    /// <summary>How many of them are members of the cluster.</summary>
    public int MemberCount => Nodes.Count(node =>
        ConfigOf(node.Value) is { } config && File.Exists(Path.Combine(Path.GetDirectoryName(config)!, "lease", $"127.0.0.1-{node.Key}.joined")));

    /// <summary>The port of the node that has placed the domains last; 0: it is not there.</summary>
    public int Leading
    {
        get
        {
            string name = Own.LastOrDefault(logged => logged.Says("Placing {DomainCount}"))?.Node ?? "";
            return Nodes.Keys.FirstOrDefault(port => name.Contains($"-{port}-", StringComparison.Ordinal));
        }
    }

    /// <summary>What the leading nodes have logged, as it stands in their file.</summary>
    public IEnumerable<LoggedEvent> Own => LoggedEvent.Read(Path.Combine(_folder, "log.jsonl"));

    public int CountOf(string beginning) => Own.Count(logged => logged.Says(beginning));

    /// <summary>Sends a signal to a process.</summary>
    /// <returns>Whether it was there.</returns>
    public static bool Send(int process, string signal)
    {
        using Process kill = Process.Start(new ProcessStartInfo("kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
        })!;
        kill.WaitForExit();
        return kill.ExitCode == 0;
    }

    /// <summary>Waits until something is so while the run goes on.</summary>
    public void WaitFor(Func<bool> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (_launch.HasExited)
            {
                Assert.Fail($"the run ended before {what}: {_launch.Wait().Error}");
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"waited in vain for {what}");
            Thread.Sleep(5);
        }
    }

    /// <summary>Waits until so many are members and the run gets on.</summary>
    public void WaitUntilWell(int count)
    {
        WaitFor(() => MemberCount >= count, $"{count} members");
        int sampled = CountOf("Sampled at");
        WaitFor(() => CountOf("Sampled at") > sampled + 1, "the run to get on");
    }

    /// <summary>Waits until so many are members and one of them leads.</summary>
    /// <returns>Whether that came to be before the run had ended.</returns>
    public bool IsWellSoon(int count)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!_launch.HasExited && watch.Elapsed < TimeSpan.FromMinutes(1))
        {
            if (MemberCount == count && Leading > 0)
            {
                Thread.Sleep(1000); // the newcomers get domains
                return !_launch.HasExited;
            }

            Thread.Sleep(20);
        }

        return false;
    }

    /// <summary>Waits until the launch has seen that a process is no more.</summary>
    public void WaitForDeath(int process)
    {
        while (!_launch.HasExited && Nodes.ContainsValue(process))
        {
            Thread.Sleep(5);
        }
    }

    // A node that a test has stopped neither ends with its launch nor lets go of what the launch writes to.
    public void Dispose()
    {
        if (!_launch.HasExited)
        {
            int[] nodes = [.. Nodes.Values];
            Send(_launch.Id, "KILL");
            Array.ForEach(nodes, node => Send(node, "KILL"));
        }

        _launch.Dispose();
    }

    private static string? ConfigOf(int process)
    {
        try
        {
            return Array.Find(File.ReadAllText($"/proc/{process}/cmdline").Split('\0'), word => word.EndsWith(".conf", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }
}
