using System.CommandLine;
using System.Globalization;
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
internal sealed class EnsembleCommand : CommandWithExamples
{
    private readonly Argument<string> _case = PathArgument.Create("CASE", "The case file (YAML), the same as for 'actormd run'.");

    private readonly Option<string> _replicas = new("--replicas")
    {
        Description = "Independent replicas; their seeds follow from the case's.",
        Required = true,
        HelpName = "R",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Run folder; default runs/NAME-ensemble.",
        HelpName = "DIR",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Overwrite a run that is already in the folder." };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with the ensemble that is in the folder, if there is one; --replicas may ask for more.",
    };

    private readonly Option<string?> _workers = new("--workers")
    {
        Description = "Largest number of threads; default all cores. No result depends on it.",
        HelpName = "N",
    };

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Print no progress and no result; warnings and errors go to standard error all the same.",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print summary.json on standard output at the end; everything else goes to standard error.",
    };

    private readonly CaseOptions _caseOptions = new();

    public EnsembleCommand()
        : base("ensemble", "Runs independent replicas of a case on all cores and writes their means with standard errors.")
    {
        Arguments.Add(_case);
        Options.Add(_replicas);
        Options.Add(_out);
        Options.Add(_force);
        Options.Add(_resume);
        Options.Add(_workers);
        Options.Add(_quiet);
        Options.Add(_json);
        _caseOptions.AddTo(this);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd ensemble examples/quickstart.yaml --replicas 16",
        "actormd ensemble case.yaml --replicas 1000 --out runs/thousand --json --quiet",
        "actormd ensemble case.yaml --replicas 2000 --out runs/thousand --resume",
    ];

    /// <summary>Goes on with the ensemble of a folder; one that is already finished is only reported.</summary>
    /// <param name="folder">Of the ensemble.</param>
    /// <param name="load">Its case; null: that of the folder.</param>
    /// <param name="replicaCount">More replicas than so far; null: as many.</param>
    /// <param name="workerCount">Threads.</param>
    /// <param name="view">What the user sees.</param>
    /// <param name="stop">Asks for an early end.</param>
    public static int Continue(
        RunFolder folder, CaseLoad? load, int? replicaCount, int workerCount, EnsembleView view, CancellationToken stop)
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
        using EnsembleSession session = EnsembleSession.Resume(folder, load, replicaCount, workerCount);
        CostEstimate left = expected.Cost(load.Case).Times(session.ReplicaCount - session.Done, workerCount);
        CaseOptions.ThrowIfHopeless(folder.CasePath, left);
        view.ShowResumed(session, folder, left);
        return view.Run(session, folder, stop);
    }

    private int Run(ParseResult parsed)
    {
        List<InputFault> faults = [];
        int replicaCount = Whole(parsed.GetValue(_replicas), "--replicas", faults) ?? 1;
        int workerCount = Whole(parsed.GetValue(_workers), "--workers", faults) ?? Environment.ProcessorCount;
        if (faults.Count > 0)
        {
            throw new InputFaultException([.. faults]);
        }

        string path = parsed.GetRequiredValue(_case);
        CaseLoad load = _caseOptions.Load(parsed, path);
        ThrowIfAllAlike(load.Case!, path);
        CaseOptions.ThrowIfRescaled(load.Case!, path);
        string directory = parsed.GetValue(_out) is { Length: > 0 } given ? given : Path.Combine("runs", load.Case!.Name + "-ensemble");
        RunFolder folder = new(directory);
        EnsembleView view = new(parsed.GetValue(_quiet), parsed.GetValue(_json));
        using StopSignals signals = new();
        return FolderFailureException.Watch(folder.Directory, () =>
        {
            bool goesOn = parsed.GetValue(_resume);
            if (goesOn && new EnsembleStore(folder.CheckpointDirectory).Exists)
            {
                return Continue(folder, load, replicaCount, workerCount, view, signals.Token);
            }

            // An ensemble that was killed before its first checkpoint has left its case only.
            bool force = parsed.GetValue(_force)
                || (goesOn && !folder.HoldsResults && folder.Command?.StartsWith("ensemble ", StringComparison.Ordinal) == true);
            RunFolder.ThrowIfTaken(directory, force);
            RunSession.ThrowIfRunning(folder);
            Expected expected = CaseOptions.Estimate(load.Case!, path, signals.Token);
            CostEstimate cost = expected.Cost(load.Case!).Times(replicaCount, workerCount);
            CaseOptions.ThrowIfHopeless(path, cost);
            view.ShowHeader(load, expected, cost, folder, replicaCount);
            using EnsembleSession session = EnsembleSession.Start(load, replicaCount, workerCount, directory, force);
            return view.Run(session, folder, signals.Token);
        });
    }

    private static void ThrowIfAllAlike(Case @case, string path)
    {
        if (@case.Initial.VelocitiesFromFile)
        {
            throw new InputFaultException(new InputFault(
                path, null, "initial.velocities", "positions and velocities come from a file, so all replicas would be the same run",
                "let velocities be drawn, or use 'actormd run'"));
        }
    }

    private static int? Whole(string? text, string option, List<InputFault> faults)
    {
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1)
        {
            return number;
        }

        faults.Add(new InputFault(option, null, null, $"'{text}' is not possible", "give a whole number, at least 1"));
        return null;
    }
}
