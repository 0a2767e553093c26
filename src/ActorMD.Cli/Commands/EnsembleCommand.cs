using System.CommandLine;
using System.Globalization;
using ActorMD.Actors.Mpi;
using ActorMD.Actors.Networks;
using ActorMD.Cli.Clusters;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Cases;
using ActorMD.Files.Ensembles;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Estimates;
using ActorMD.Runs.Ensembles;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Sessions;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd ensemble CASE.yaml --replicas R</c>.</summary>
internal sealed class EnsembleCommand : CommandWithExamples, ILaunchable
{
    private readonly ComputationOptions _computation = new("ensemble");

    private readonly Option<string> _replicas = new("--replicas")
    {
        Description = "Independent replicas; their seeds follow from the case's.",
        Required = true,
        HelpName = "R",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with the ensemble that is in the folder, if there is one; --replicas may ask for more.",
    };

    private readonly Option<string?> _node = new("--node")
    {
        Description = "This process is the K-th of N that share the ensemble and its folder: it computes every N-th replica; the "
            + "first merges them. 'launch' gives it.",
        HelpName = "K/N",
    };

    private readonly Option<string> _runtime = new("--runtime")
    {
        Description = "mpi: K and N as mpirun or srun tell them.",
        DefaultValueFactory = _ => "local",
        HelpName = "local|mpi",
    };

    public EnsembleCommand()
        : base("ensemble", "Runs independent replicas of a case on all cores and writes their means with standard errors.")
    {
        _computation.AddTo(this, _replicas, _resume, _node, _runtime);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd ensemble examples/quickstart.yaml --replicas 16",
        "actormd ensemble case.yaml --replicas 1000 --out runs/thousand --json --quiet",
        "actormd ensemble case.yaml --replicas 2000 --out runs/thousand --resume",
        "actormd launch -n 4 -- ensemble case.yaml --replicas 1000",
    ];

    /// <summary>Goes on with the ensemble of a folder; one that is already finished is only reported.</summary>
    /// <param name="folder">Of the ensemble.</param>
    /// <param name="load">Its case; null: that of the folder.</param>
    /// <param name="replicaCount">More replicas than so far; null: as many.</param>
    /// <param name="workerCount">Threads.</param>
    /// <param name="view">What the user sees.</param>
    /// <param name="stop">Asks for an early end.</param>
    /// <param name="share">Of this node; null: there are no others.</param>
    public static int Continue(
        RunFolder folder, CaseLoad? load, int? replicaCount, int workerCount, EnsembleView view, CancellationToken stop,
        ReplicaShare? share = null)
    {
        if (load is null && File.Exists(folder.SummaryPath))
        {
            Console.Error.WriteLine("The ensemble is already finished; nothing was changed.");
            view.ShowEnd(RunSummary.Read(folder.SummaryPath));
            return ExitCode.Done;
        }

        load ??= CaseFile.Load(folder.CasePath, []);
        if (load.Case is null)
        {
            throw new InputFaultException(load.Faults);
        }

        Expected expected = CaseOptions.Estimate(load.Case, folder.CasePath, stop);
        using EnsembleSession session = EnsembleSession.Resume(folder, load, replicaCount, workerCount, share);
        CostEstimate left = expected.Cost(load.Case).Times(session.ReplicaCount - session.Done, workerCount);
        CaseOptions.ThrowIfHopeless(folder.CasePath, left);
        view.ShowResumed(session, folder, left);
        return view.Run(session, folder, stop);
    }

    private int Run(ParseResult parsed)
    {
        List<InputFault> faults = [];
        int replicaCount = OptionNumbers.Whole(_replicas, parsed.GetValue(_replicas), 1, faults) ?? 1;
        int workerCount = _computation.Workers(
            parsed, faults, parsed.GetValue(_runtime) == "mpi" ? MpiEnvironment.LocalRankCount : 1);
        ReplicaShare share = ReadShare(parsed, faults);
        if (faults.Count > 0)
        {
            throw new InputFaultException([.. faults]);
        }

        string path = _computation.PathOf(parsed);
        CaseLoad load = _computation.Load(parsed);
        ThrowIfAllAlike(load.Case!, path);
        string directory = _computation.DirectoryOf(parsed, load.Case!);
        RunFolder folder = new(directory);
        EnsembleView view = new(_computation.Quiet(parsed), _computation.Json(parsed));
        using StopSignals signals = new();
        return FolderFailureException.Watch(folder.Directory, () =>
        {
            if (share.Node > 0)
            {
                return Help(new EnsembleNode(load, replicaCount, workerCount, folder, share), folder, signals.Token);
            }

            bool goesOn = parsed.GetValue(_resume);
            if (goesOn && new EnsembleStore(folder.CheckpointDirectory).Exists)
            {
                return Continue(folder, load, replicaCount, workerCount, view, signals.Token, share);
            }

            // An ensemble that was killed before its first checkpoint has left its case only.
            bool force = _computation.Force(parsed)
                || (goesOn && !folder.HoldsResults && folder.Command?.StartsWith("ensemble ", StringComparison.Ordinal) == true);
            RunSession.ThrowIfTaken(directory, force);
            Expected expected = CaseOptions.Estimate(load.Case!, path, signals.Token);
            CostEstimate cost = expected.Cost(load.Case!).Times(replicaCount, workerCount);
            CaseOptions.ThrowIfHopeless(path, cost);
            view.ShowHeader(load, expected, cost, folder, replicaCount);
            using EnsembleSession session = EnsembleSession.Start(load, replicaCount, workerCount, directory, force, share);
            return view.Run(session, folder, signals.Token);
        });
    }

    /// <inheritdoc/>
    public RunFolder Check(ParseResult parsed)
    {
        List<InputFault> faults = [];
        OptionNumbers.Whole(_replicas, parsed.GetValue(_replicas), 1, faults);
        _computation.Workers(parsed, faults);
        if (parsed.GetValue(_node) is not null)
        {
            faults.Add(new InputFault(_node.Name, null, null, "launch itself numbers the nodes", "leave it out"));
        }

        if (faults.Count > 0)
        {
            throw new InputFaultException([.. faults]);
        }

        CaseLoad load = _computation.Load(parsed);
        ThrowIfAllAlike(load.Case!, _computation.PathOf(parsed));
        string directory = _computation.DirectoryOf(parsed, load.Case!);
        if (!parsed.GetValue(_resume))
        {
            RunFolder.ThrowIfTaken(directory, _computation.Force(parsed));
        }

        return new RunFolder(directory);
    }

    private ReplicaShare ReadShare(ParseResult parsed, List<InputFault> faults)
    {
        string? text = parsed.GetValue(_node), runtime = parsed.GetValue(_runtime);
        if (runtime is not ("local" or "mpi"))
        {
            faults.Add(new InputFault(_runtime.Name, null, null, $"there is no runtime '{runtime}'", "use local or mpi"));
        }

        if (text is null)
        {
            return runtime == "mpi" && MpiEnvironment.Place is { } place ? new ReplicaShare(place.Rank, place.Count) : ReplicaShare.All;
        }

        if (text.Split('/') is [var k, var n] && int.TryParse(k, NumberStyles.None, CultureInfo.InvariantCulture, out int node)
            && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && node >= 1 && node <= count)
        {
            return new ReplicaShare(node - 1, count);
        }

        faults.Add(new InputFault(_node.Name, null, null, $"'{text}' is no node", "give its number and how many there are: 2/4"));
        return ReplicaShare.All;
    }

    // Of a job of mpirun every rank ends well, or mpirun would end the others before they have written what they have.
    private static int Help(EnsembleNode node, RunFolder folder, CancellationToken stop) => node.Run(stop) switch
    {
        NodeOutcome.Done => ExitCode.Done,
        NodeOutcome.Stopped => MpiEnvironment.IsLaunched ? ExitCode.Done : ExitCode.Interrupted,
        _ => throw ClusterException.Leaderless(folder.Directory),
    };

    private static void ThrowIfAllAlike(Case @case, string path)
    {
        if (@case.Initial.VelocitiesFromFile)
        {
            throw new InputFaultException(new InputFault(
                path, null, "initial.velocities", "positions and velocities come from a file, so all replicas would be the same run",
                "let velocities be drawn, or use 'actormd run'"));
        }
    }
}
