using System.CommandLine;
using System.Globalization;
using ActorMD.Actors.Clusters;
using ActorMD.Actors.Hosting;
using ActorMD.Actors.Mpi;
using ActorMD.Actors.Settings;
using ActorMD.Cli.Clusters;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Physics;
using ActorMD.Protocol.Geometry;
using ActorMD.Runs.Simulations;

namespace ActorMD.Cli.Commands;

/// <summary>Options of run and resume that say how to compute, never what: no result depends on them.</summary>
internal sealed class ExecutionOptions
{
    private readonly Option<string> _runtime = new("--runtime")
    {
        Description = "How domains talk to each other: local, in one process; mpi, in the job that mpirun or srun has started; "
            + "akka, in the processes of an Akka.NET cluster.",
        DefaultValueFactory = _ => "local",
        HelpName = "local|mpi|akka",
    };

    private readonly Option<string?> _clusterConfig = new("--cluster-config")
    {
        Description = "With --runtime akka: settings of this node (HOCON), such as those in cluster-config. Default: a cluster of one.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _workers = new("--workers")
    {
        Description = "Largest number of threads; default all cores. They share the work of a single domain; one of several keeps one "
            + "thread busy at most.",
        HelpName = "N",
    };

    private readonly Option<string> _domains = new("--domains")
    {
        Description = "Domains, as PxQ or PxQxR, or auto: one for each thread of a cluster's nodes, if they pay. The result is the same.",
        DefaultValueFactory = _ => "auto",
        HelpName = "auto|PxQ[xR]",
    };

    private readonly Option<string?> _maxWall = new("--max-wall")
    {
        Description = "Time on the clock after which the run has written a checkpoint and ended, as after Ctrl-C (exit code 130), "
            + "for batch systems: 3h50m.",
        HelpName = "TIME",
    };

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Print no progress and no result; warnings and errors go to standard error all the same.",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print summary.json on standard output at the end; everything else goes to standard error.",
    };

    public void AddTo(Command command)
    {
        _runtime.CompletionSources.Add("local", "mpi", "akka");
        command.Options.Add(_runtime);
        command.Options.Add(_clusterConfig);
        command.Options.Add(_workers);
        command.Options.Add(_domains);
        command.Options.Add(_maxWall);
        command.Options.Add(_quiet);
        command.Options.Add(_json);
    }

    /// <summary>What to show while running, after all options were found to be right by themselves.</summary>
    /// <exception cref="InputFaultException">A value that is wrong, or beyond this version.</exception>
    public RunView Read(ParseResult parsed)
    {
        List<InputFault> faults = [];
        CheckRuntime(parsed.GetValue(_runtime)!, faults);
        ReadWorkers(parsed.GetValue(_workers), faults);
        ReadDomains(parsed.GetValue(_domains)!, faults);
        if (parsed.GetValue(_maxWall) is { } text && !WallTime.TryParse(text, out _))
        {
            faults.Add(Fault("--max-wall", $"'{text}' is no time", WallTime.Remedy));
        }

        ThrowIfAny(faults);
        return new RunView(parsed.GetValue(_quiet), parsed.GetValue(_json));
    }

    /// <summary>Sees to it that the run ends in the time that --max-wall gives; dispose it when the run has ended.</summary>
    public IDisposable? LimitTime(ParseResult parsed, RunRequests requests) =>
        parsed.GetValue(_maxWall) is { } text && WallTime.TryParse(text, out TimeSpan time) ? WallTime.StopWithin(time, requests) : null;

    /// <summary>Largest number of threads.</summary>
    public int WorkersOf(ParseResult parsed) => ReadWorkers(parsed.GetValue(_workers), []);

    /// <summary>How to compute a case.</summary>
    /// <exception cref="InputFaultException">The options are wrong for this case.</exception>
    public ExecutionPlan ReadPlan(ParseResult parsed, Case @case)
    {
        List<InputFault> faults = [];
        string domains = parsed.GetValue(_domains)!;
        int workers = ReadWorkers(parsed.GetValue(_workers), faults);
        Split split = domains == "auto" ? Split.One : ReadDomains(domains, faults);
        int threads = split.Count == 1
            ? ExecutionPlan.ThreadsThatFit(@case.Counts, workers, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
            : workers;
        ExecutionPlan plan = split.Count == 1 ? new ExecutionPlan(split, threads) : new ActorExecution(split, threads);
        CheckRoom(plan.Domains, @case.Gas, faults);
        ThrowIfAny(faults);
        return plan;
    }

    /// <summary>Makes this process a node of a cluster that may lead the run; null with the local runtime.</summary>
    /// <exception cref="InputFaultException">The settings are wrong.</exception>
    public ClusterMember? Join(ParseResult parsed)
    {
        int? workers = parsed.GetValue(_workers) is { } text ? ReadWorkers(text, []) : null;
        return parsed.GetValue(_runtime) switch
        {
            "local" => null,
            "mpi" => OnMpi(MpiNetwork.Join(workers)),
            _ => OnCluster(new AkkaOptions { ConfigPath = parsed.GetValue(_clusterConfig), CanCoordinate = true }, workers
                ?? Environment.ProcessorCount),
        };

        static ClusterMember OnMpi(MpiNetwork network) => new(network, network.Workers);

        static ClusterMember OnCluster(AkkaOptions options, int workers) => new(ClusterNetwork.Join(options, workers), workers);
    }

    /// <summary>How to compute a case on a cluster that this process leads.</summary>
    public ExecutionPlan ReadPlan(ParseResult parsed, Case @case, ClusterMember member)
    {
        string domains = parsed.GetValue(_domains)!;
        return member.Plan(@case.ParticleCount, domains == "auto" ? null : ReadDomains(domains, []));
    }

    private static void ThrowIfAny(List<InputFault> faults)
    {
        if (faults.Count > 0)
        {
            throw new InputFaultException([.. faults]);
        }
    }

    private static void CheckRuntime(string runtime, List<InputFault> faults)
    {
        switch (runtime)
        {
            case "local" or "akka":
                break;
            case "mpi":
                if (!MpiNetwork.IsAvailable)
                {
                    faults.Add(Fault(
                        "--runtime", "there is no MPI library on this machine",
                        "install Open MPI (Debian and Ubuntu: package openmpi-bin)"));
                }

                break;
            default:
                faults.Add(Fault("--runtime", $"there is no runtime '{runtime}'", "use local, mpi or akka"));
                break;
        }
    }

    private static int ReadWorkers(string? workers, List<InputFault> faults)
    {
        if (workers is null)
        {
            return Environment.ProcessorCount;
        }

        if (int.TryParse(workers, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1)
        {
            return count;
        }

        faults.Add(Fault("--workers", $"'{workers}' is no number of threads", "give a whole number, at least 1"));
        return 1;
    }

    private static Split ReadDomains(string domains, List<InputFault> faults)
    {
        Split split = Split.One;
        if (domains != "auto" && !Split.TryParse(domains, out split))
        {
            faults.Add(Fault("--domains", $"'{domains}' is no split of the box", "give auto, or counts per axis such as 2x2x1"));
        }

        return split;
    }

    private static void CheckRoom(Split split, Gas gas, List<InputFault> faults)
    {
        for (int axis = 0; axis < 3; axis++)
        {
            int most = DomainRoom.MostAlong(gas, axis);
            if (split[axis] > most)
            {
                string room = axis < gas.Dimension
                    ? FormattableString.Invariant($"axis {"xyz"[axis]} has room for {most} domains, not {split[axis]}")
                    : "a box in two dimensions cannot be split along a third axis";
                faults.Add(Fault(
                    "--domains", room, "give fewer: a domain is at least as wide as the largest diameter or reach of a zone"));
            }
        }
    }

    private static InputFault Fault(string option, string problem, string remedy) => new(option, null, null, problem, remedy);
}
