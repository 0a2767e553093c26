using System.CommandLine;
using ActorMD.Cli.Clusters;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Starters;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Sessions;
using ActorMD.Runs.Simulations;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd run CASE.yaml</c>.</summary>
internal sealed class RunCommand : CommandWithExamples, ILaunchable
{
    private readonly Argument<string> _case = PathArgument.Create("CASE", "The case file (YAML); 'actormd schema' describes it.");

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Run folder; default runs/NAME of the case.",
        HelpName = "DIR",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Overwrite a run that is already in the folder." };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with the run that is in the folder, if there is one; --until may move its end.",
    };

    private readonly Option<bool> _report = new("--report") { Description = "Write report.html at the end, as 'actormd report' does." };

    private readonly CaseOptions _caseOptions = new();
    private readonly ExecutionOptions _execution = new();

    public RunCommand()
        : base("run", "Simulates a case and writes a run folder.")
    {
        Arguments.Add(_case);
        Options.Add(_out);
        Options.Add(_force);
        Options.Add(_resume);
        Options.Add(_report);
        _caseOptions.AddTo(this);
        _execution.AddTo(this);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd run examples/quickstart.yaml --report",
        "actormd run case.yaml --out runs/longer --until 10 --seed 7",
        "actormd run case.yaml --set species.A.count=5000 --set box.lengths=[2,2,2] --json --quiet",
    ];

    public override string? WhenAlone => BuiltInCases.Listing();

    /// <inheritdoc/>
    public RunFolder Check(ParseResult parsed)
    {
        _execution.Read(parsed);
        Case @case = _caseOptions.Load(parsed, parsed.GetRequiredValue(_case)).Case!;
        _execution.ReadPlan(parsed, @case);
        CaseOptions.Estimate(@case, parsed.GetRequiredValue(_case), CancellationToken.None);
        string directory = DirectoryOf(parsed, @case);
        if (!parsed.GetValue(_resume))
        {
            RunFolder.ThrowIfTaken(directory, parsed.GetValue(_force));
        }

        return new RunFolder(directory);
    }

    private string DirectoryOf(ParseResult parsed, Case @case) =>
        parsed.GetValue(_out) is { Length: > 0 } given ? given : Path.Combine("runs", @case.Name);

    private int Run(ParseResult parsed)
    {
        RunView view = _execution.Read(parsed);
        string path = parsed.GetRequiredValue(_case);
        CaseLoad load = _caseOptions.Load(parsed, path);
        Case @case = load.Case!;
        ExecutionPlan execution = _execution.ReadPlan(parsed, @case);
        string directory = DirectoryOf(parsed, @case);
        RunFolder folder = new(directory);
        bool goesOn = parsed.GetValue(_resume), force = parsed.GetValue(_force);
        if (!goesOn)
        {
            RunFolder.ThrowIfTaken(directory, force);
        }

        using StopSignals signals = new();
        using IDisposable? limit = _execution.LimitTime(parsed, signals.Requests);
        return FolderFailureException.Watch(folder.Directory, () =>
        {
            using ClusterMember? member = _execution.Join(parsed);
            if (member is not null)
            {
                if (!member.WaitToLead(signals.Requests) || !member.WaitForFolder(folder, signals.Token))
                {
                    return signals.Token.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
                }

                execution = _execution.ReadPlan(parsed, @case, member);

                // A node that takes over from one that has died goes on with its run.
                goesOn |= member.HasServed;
            }

            execution = execution with { Requests = signals.Requests };
            execution.Prepare();
            int code = goesOn && folder.HoldsRun
                ? Continue(load, path, folder, view, execution, signals.Token)
                : Begin(load, path, folder, force, view, execution, signals.Token);
            member?.Dismiss();
            if (code == ExitCode.Done && parsed.GetValue(_report))
            {
                view.ShowReport(ReportCommand.Write([folder.Directory], target: null));
            }

            return code;
        });
    }

    /// <summary>Simulates a case from its beginning.</summary>
    /// <param name="load">The case.</param>
    /// <param name="source">Its file.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="force">Overwrite what is there.</param>
    /// <param name="view">What the user sees.</param>
    /// <param name="execution">How to compute.</param>
    /// <param name="stop">Asks for an early end.</param>
    public static int Begin(
        CaseLoad load, string source, RunFolder folder, bool force, RunView view, ExecutionPlan execution, CancellationToken stop)
    {
        RunSession.ThrowIfTaken(folder.Directory, force);
        Expected expected = CaseOptions.Estimate(load.Case!, source, stop);
        view.ShowHeader(load, expected, folder);
        using RunSession session = RunSession.Begin(load, folder.Directory, force, Build, execution, stop);
        return view.Run(session, folder, stop, expected);

        SystemState Build()
        {
            SystemState initial = view.BuildInitial(load, execution.Workers, stop);
            view.ShowInitial(load.Case!, initial, expected);
            return initial;
        }
    }

    private static int Continue(
        CaseLoad load, string source, RunFolder folder, RunView view, ExecutionPlan execution, CancellationToken stop)
    {
        Case @case = load.Case!;
        Case running = ResumeCommand.LoadCase(folder);
        Case moved = running with { Run = running.Run with { Until = @case.Run.Until } };
        if (CaseFile.Write(moved) != CaseFile.Write(@case))
        {
            throw new InputFaultException(new InputFault(
                folder.CasePath, null, null, "the run in the folder is one of another case",
                "give the same case and options (only --until may differ), another folder with --out, or --force instead of --resume"));
        }

        if (@case.Run.Until < running.Run.Until)
        {
            throw new InputFaultException(new InputFault(
                folder.CasePath, null, "run.until", "the end of a run that has begun cannot be moved back",
                FormattableString.Invariant($"give at least {running.Run.Until}, or start anew with --force")));
        }

        // Killed before its first checkpoint.
        if (!folder.HoldsResults)
        {
            return Begin(load, source, folder, force: true, view, execution, stop);
        }

        return @case.Run.Until > running.Run.Until
            ? ResumeCommand.Resume(@case, folder, view, execution, stop)
            : ResumeCommand.Continue(@case, folder, view, execution, stop);
    }
}
