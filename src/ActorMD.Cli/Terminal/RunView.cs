using ActorMD.Files;
using ActorMD.Physics;
using ActorMD.Runtime;

namespace ActorMD.Cli;

/// <summary>What a user sees of a run: header, progress, closing table.</summary>
/// <param name="Quiet">Nothing but warnings and errors.</param>
/// <param name="Json">summary.json on standard output; all else on standard error.</param>
internal sealed record RunView(bool Quiet, bool Json)
{
    private TextWriter Output => Json ? Console.Error : Console.Out;

    /// <summary>Shows what a case is about to simulate, and what is allowed in it but probably not meant.</summary>
    public void ShowHeader(CaseLoad load, RunFolder folder)
    {
        ErrorReport.Warn(load.Warnings);
        if (Quiet)
        {
            return;
        }

        Output.WriteLine($"ActorMD {ProductVersion.Text}: {load.Case!.Name}");
        Output.Write(CaseListing.Of(load.Case, folder));
    }

    /// <summary>Shows where a resumed run goes on.</summary>
    public void ShowResumed(RunSession session, RunFolder folder)
    {
        foreach (string complaint in session.Complaints)
        {
            ErrorReport.Warn(complaint);
        }

        if (!Quiet)
        {
            Output.WriteLine(FormattableString.Invariant($"Resumed {folder.Directory} at time {session.Time}."));
        }
    }

    /// <summary>Says that there is nothing to go on from but the case.</summary>
    public void ShowBegunAnew(RunFolder folder)
    {
        if (!Quiet)
        {
            Output.WriteLine($"No checkpoint is in {folder.Directory}: it begins anew from its case.yaml.");
        }
    }

    /// <summary>Builds the initial state, with its progress.</summary>
    public SystemState BuildInitial(CaseLoad load, CancellationToken stop) => !Quiet && StandardError.IsTerminal
        ? LiveProgress.Show("initial state", task => RunStart.Build(load, new DirectProgress(share => task.Value = share), stop))
        : RunStart.Build(load, progress: null, stop);

    /// <summary>Runs a session to its end and says how it ended.</summary>
    /// <returns>The exit code.</returns>
    public int Run(RunSession session, RunFolder folder, CancellationToken stop)
    {
        RunOutcome outcome = (Quiet, StandardError.IsTerminal) switch
        {
            (true, _) => session.Run(new SilentProgress(), stop),
            (false, true) => LiveProgress.Show("starting", task => session.Run(new LiveProgress(task), stop)),
            (false, false) => session.Run(new PlainProgress(), stop),
        };
        if (outcome.Summary is { } summary)
        {
            ShowEnd(summary, folder);
            return ExitCode.Done;
        }

        Console.Error.WriteLine(FormattableString.Invariant(
            $"Interrupted at time {outcome.Time}; a checkpoint is written."));
        Console.Error.WriteLine($"  Continue with 'actormd resume {folder.Directory}'.");
        return ExitCode.Interrupted;
    }

    /// <summary>Shows the result of a finished run.</summary>
    public void ShowEnd(RunSummary summary, RunFolder folder)
    {
        if (!Quiet)
        {
            Output.Write(SummaryListing.Of(summary, folder));
        }

        if (Json)
        {
            Console.Out.Write(summary.ToJson());
        }
    }

    private sealed class DirectProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
