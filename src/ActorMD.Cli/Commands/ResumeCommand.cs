using System.CommandLine;
using ActorMD.Files;
using ActorMD.Runtime;

namespace ActorMD.Cli;

/// <summary><c>actormd resume DIR</c>.</summary>
internal sealed class ResumeCommand : CommandWithExamples, ILaunchable
{
    private readonly Argument<string> _directory = PathArgument.Create("DIR", "The run folder.");
    private readonly ExecutionOptions _execution = new();

    public ResumeCommand()
        : base("resume", "Goes on with a stopped or killed run, or kinetic solution, from its newest sound checkpoint, to the same result.")
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
            view.ShowEnd(summary, folder);
            return ExitCode.Done;
        }

        return Resume(@case, folder, view, execution, stop);
    }

    /// <summary>Runs to the end of the case, which may lie after the one that the run was begun with.</summary>
    public static int Resume(Case @case, RunFolder folder, RunView view, ExecutionPlan execution, CancellationToken stop)
    {
        using RunSession session = RunSession.Resume(folder, @case, execution);
        view.ShowResumed(session, folder);
        return view.Run(session, folder, stop);
    }

    /// <inheritdoc/>
    public RunFolder Check(ParseResult parsed)
    {
        _execution.Read(parsed);
        RunFolder folder = RunFolder.Open(parsed.GetRequiredValue(_directory));
        _execution.ReadPlan(parsed, LoadCase(folder));
        return folder;
    }

    private int Run(ParseResult parsed)
    {
        RunView view = _execution.Read(parsed);
        RunFolder folder = RunFolder.Open(parsed.GetRequiredValue(_directory));
        Case @case = LoadCase(folder);
        ExecutionPlan execution = _execution.ReadPlan(parsed, @case);
        using StopSignals signals = new();
        if (BoltzmannSession.IsIn(folder) && !File.Exists(folder.SummaryPath))
        {
            using BoltzmannSession session = BoltzmannSession.Resume(@case, folder, execution.Workers);
            return new BoltzmannView(view.Quiet, view.Json).Run(session, folder, signals.Token);
        }

        if (new EnsembleStore(folder.CheckpointDirectory).Exists)
        {
            return EnsembleCommand.Continue(
                folder, load: null, replicaCount: null, execution.Workers, new EnsembleView(view.Quiet, view.Json), signals.Token);
        }

        using ClusterMember? member = _execution.Join(parsed);
        if (member is not null)
        {
            if (!member.WaitToLead(signals.Requests))
            {
                return signals.Token.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
            }

            execution = _execution.ReadPlan(parsed, @case.Gas, member);
        }

        execution = execution with { Requests = signals.Requests };
        execution.Prepare();
        int code = Continue(@case, folder, view, execution, signals.Token);
        member?.Dismiss();
        return code;
    }
}
