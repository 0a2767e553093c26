using System.CommandLine;
using ActorMD.Cli.Clusters;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Cases;
using ActorMD.Files.Ensembles;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Initial;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Sessions;
using ActorMD.Runs.Simulations;
using ActorMD.Studies.Boltzmann;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd resume DIR</c>.</summary>
internal sealed class ResumeCommand : CommandWithExamples, ILaunchable
{
    private readonly Argument<string> _directory = PathArgument.Create("DIR", "The run folder.");
    private readonly ExecutionOptions _execution = new();

    public ResumeCommand()
        : base("resume", "Goes on with what was stopped or killed, a run, an ensemble, a kinetic solution or a study, from its newest sound checkpoint, to the same result.")
    {
        Arguments.Add(_directory);
        _execution.AddTo(this);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples => ["actormd resume runs/mixture"];

    /// <summary>The case of a run folder.</summary>
    /// <exception cref="InputFaultException">The folder's case.yaml is no valid case.</exception>
    public static Case LoadCase(RunFolder folder)
    {
        CaseLoad load = CaseFile.Load(folder.CasePath, [], readParticles: false);
        return load.Case ?? throw new InputFaultException(load.Faults);
    }

    /// <summary>Runs to the end; a run that is already there is only reported.</summary>
    public static int Continue(Case @case, RunFolder folder, RunView view, ExecutionPlan execution, CancellationToken stop)
    {
        if (File.Exists(folder.SummaryPath))
        {
            RunSummary summary = RunSummary.Read(folder.SummaryPath);
            Console.Error.WriteLine("The run is already finished; nothing was changed.");
            view.ShowEnd(summary, expected: null);
            return ExitCode.Done;
        }

        return Resume(@case, folder, view, execution, stop);
    }

    /// <summary>Runs to the end of the case, which may lie after the one that the run was begun with.</summary>
    public static int Resume(Case @case, RunFolder folder, RunView view, ExecutionPlan execution, CancellationToken stop)
    {
        Expected expected = CaseOptions.Estimate(@case, folder.CasePath, stop);
        using RunSession session = RunSession.Resume(folder, @case, execution, stop);
        view.ShowResumed(session, folder, expected.Cost(@case, session.Time));
        return view.Run(session, folder, stop);
    }

    /// <inheritdoc/>
    public RunFolder Check(ParseResult parsed)
    {
        _execution.Read(parsed);
        RunFolder folder = RunFolder.Open(parsed.GetRequiredValue(_directory));
        if (new EnsembleStore(folder.CheckpointDirectory).Exists)
        {
            throw new InputFaultException(new InputFault(
                folder.Directory, null, null, "an ensemble is resumed on several processes by the command that has begun it",
                "give launch ... -- ensemble CASE --replicas R --resume"));
        }

        _execution.ReadPlan(parsed, LoadCase(folder));
        return folder;
    }

    private int Run(ParseResult parsed)
    {
        RunView view = _execution.Read(parsed);
        string directory = parsed.GetRequiredValue(_directory);
        if (StudyFolder.IsOne(directory))
        {
            return ConvergeCommand.Continue(new StudyFolder(directory), _execution.WorkersOf(parsed), view.Json);
        }

        RunFolder folder = RunFolder.Open(directory);
        Case @case = LoadCase(folder);
        ExecutionPlan execution = _execution.ReadPlan(parsed, @case);
        using StopSignals signals = new();
        using IDisposable? limit = _execution.LimitTime(parsed, signals.Requests);
        return FolderFailureException.Watch(folder.Directory, () => Run(parsed, folder, @case, view, execution, signals.Requests));
    }

    private int Run(ParseResult parsed, RunFolder folder, Case @case, RunView view, ExecutionPlan execution, RunRequests requests)
    {
        CancellationToken stop = requests.Stop;
        if (HierarchyCommand.IsOf(folder))
        {
            return HierarchyCommand.Continue(@case, folder, execution.Workers, new HierarchyView(view.Quiet, view.Json), stop);
        }

        if (!folder.HoldsResults && folder.Command is { } command)
        {
            return BeginAnew(parsed.RootCommandResult.Command, command, folder, view, execution.Workers);
        }

        if (File.Exists(folder.SummaryPath) && RunSummary.Read(folder.SummaryPath) is { Kinetic: not null } solution)
        {
            File.Delete(folder.KineticCheckpointPath); // of a solution that was killed in its last moment
            Console.Error.WriteLine("The solution is already finished; nothing was changed.");
            new BoltzmannView(view.Quiet, view.Json).ShowEnd(solution);
            return ExitCode.Done;
        }

        if (BoltzmannSession.IsIn(folder) && !File.Exists(folder.SummaryPath))
        {
            // A solution from a file needs its particles again for a refinement, or when nothing was computed yet.
            Case whole = @case.Initial.Positions.Method == PositionMethod.File ? FileStart.Of(WithParticles(folder), folder.CasePath)
                : @case;
            using BoltzmannSession session = BoltzmannSession.Resume(whole, folder, execution.Workers);
            BoltzmannView shown = new(view.Quiet, view.Json);
            shown.ShowResumed(session, folder, Expected.Of(@case, stop));
            return shown.Run(session, folder, stop);
        }

        if (new EnsembleStore(folder.CheckpointDirectory).Exists)
        {
            return EnsembleCommand.Continue(
                folder, load: null, replicaCount: null, execution.Workers, new EnsembleView(view.Quiet, view.Json), stop);
        }

        using ClusterMember? member = _execution.Join(parsed);
        if (member is not null)
        {
            if (!member.WaitToLead(requests) || !member.WaitForFolder(folder, stop))
            {
                return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
            }

            execution = _execution.ReadPlan(parsed, @case, member);
        }

        execution = execution with { Requests = requests };
        execution.Prepare();
        int code = folder.HoldsResults
            ? Continue(@case, folder, view, execution, stop)
            : BeginAnew(folder, view, execution, stop);
        member?.Dismiss();
        return code;
    }

    // Killed before anything was computed: the case, and the command that stands in it, are all there is and all that is needed.
    private static int BeginAnew(RunFolder folder, RunView view, ExecutionPlan execution, CancellationToken stop)
    {
        view.ShowBegunAnew(folder);
        return RunCommand.Begin(WithParticles(folder), folder.CasePath, folder, force: true, view, execution, stop);
    }

    private static CaseLoad WithParticles(RunFolder folder)
    {
        CaseLoad load = CaseFile.Load(folder.CasePath, []);
        return load.Case is null ? throw new InputFaultException(load.Faults) : load;
    }

    private static int BeginAnew(Command root, string command, RunFolder folder, RunView view, int workers)
    {
        view.ShowBegunAnew(folder);
        string[] again =
        [
            .. command.Split(' '), folder.CasePath, "--out", folder.Directory, "--force", "--workers", FormattableString.Invariant($"{workers}"),
            .. view.Quiet ? ["--quiet"] : Array.Empty<string>(), .. view.Json ? ["--json"] : Array.Empty<string>(),
        ];
        ParseResult parsed = root.Parse(again);
        return parsed.Errors.Count > 0
            ? ErrorReport.UsageErrors(parsed, again)
            : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }
}
