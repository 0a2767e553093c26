using ActorMD.Actors.Mpi;
using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Estimates;
using ActorMD.Physics;
using ActorMD.Runs;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Sessions;

namespace ActorMD.Cli.Terminal;

/// <summary>What a user sees of a run: header, progress, closing table.</summary>
internal sealed record RunView(bool Quiet, bool Json) : View(Quiet, Json)
{
    /// <summary>Shows what a case is about to simulate, and what is allowed in it but probably not meant.</summary>
    public void ShowHeader(CaseLoad load, Expected expected, RunFolder folder)
    {
        ErrorReport.Warn(load.Warnings);
        if (Quiet)
        {
            return;
        }

        Output.WriteLine($"ActorMD {ProductVersion.Text}: {load.Case!.Name}");
        Output.Write(CaseListing.Of(load.Case, expected, folder, expected.Cost(load.Case)));
    }

    /// <summary>Shows where a resumed run goes on, and what is left to do.</summary>
    public void ShowResumed(RunSession session, RunFolder folder, CostEstimate left)
    {
        foreach (string complaint in session.Complaints)
        {
            ErrorReport.Warn(complaint);
        }

        if (!Quiet)
        {
            Output.WriteLine(FormattableString.Invariant($"Resumed {folder.Directory} at time {session.Time}."));
            Output.Write(new Listing().WithCost(left, " of what is left"));
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
    /// <param name="load">The case.</param>
    /// <param name="workerCount">Largest number of threads.</param>
    /// <param name="stop">Asks for an early end.</param>
    public SystemState BuildInitial(CaseLoad load, int workerCount, CancellationToken stop) => !Quiet && StandardError.IsTerminal
        ? LiveProgress.Show(
            "initial state", task => RunStart.Build(load, new DirectProgress(share => task.Value = share), stop, workerCount))
        : RunStart.Build(load, progress: null, stop, workerCount);

    /// <summary>Shows the drawn temperature beside the asked one.</summary>
    public void ShowInitial(Case @case, SystemState initial, Expected expected)
    {
        if (Quiet || expected.Temperature is null)
        {
            return;
        }

        VelocityMoments moments = VelocityMoments.Of(@case.Gas, initial);
        string[] species =
        [
            .. @case.Gas.Species.Select((s, a) => (s.Name, Drawn: moments.TemperatureBySpecies[a], Asked: expected.TemperatureBySpecies[a]))
                .Where(s => s.Drawn is not null).Select(s => $"{s.Name} {Numbers.Short(s.Drawn)} for {Numbers.Short(s.Asked)}"),
        ];
        double spread = Math.Sqrt(2.0 / (@case.Gas.Dimension * (double)moments.Count));
        string why = @case.Initial.Velocities.Rescale ? "scaled, as the case asks"
            : @case.Initial.Velocities.TotalEnergy is not null ? "scaled to the total energy"
            : string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"independent draws differ by some {100 * spread:g2} %; initial.rescale: true scales them");
        Output.Write(new Listing().With("drawn temperature", $"{CaseListing.Few(species, "thermo.csv")} ({why})"));
    }

    /// <summary>Runs a session to its end and says how it ended.</summary>
    /// <returns>The exit code.</returns>
    public int Run(RunSession session, RunFolder folder, CancellationToken stop, Expected? expected = null)
    {
        if (!Quiet && session.Sharing() is { Reason: { } reason } sharing)
        {
            Output.Write(new Listing().With("workers", $"{sharing.Workers}: {reason}"));
        }

        RunOutcome outcome = (Quiet, StandardError.IsTerminal) switch
        {
            (true, _) => session.Run(new SilentProgress(), stop),
            (false, true) => LiveProgress.Show("starting", task => session.Run(new LiveProgress(task), stop)),
            (false, false) => session.Run(new PlainProgress(), stop),
        };
        if (outcome.Summary is { } summary)
        {
            ShowEnd(summary, expected);
            return ExitCode.Done;
        }

        // The last words of a rank may be lost when mpirun ends the job: the launcher says them.
        if (!MpiEnvironment.IsLaunched)
        {
            TellInterrupted(outcome.Time, folder);
        }

        return ExitCode.Interrupted;
    }

    /// <summary>Says that a run has stopped early, and how it goes on.</summary>
    /// <param name="time">Of the checkpoint from which it goes on.</param>
    /// <param name="folder">Of the run.</param>
    public static void TellInterrupted(double time, RunFolder folder)
    {
        Console.Error.WriteLine(FormattableString.Invariant($"Interrupted at time {time}; a checkpoint is written."));
        Console.Error.WriteLine($"  Continue with 'actormd resume {folder.Directory}'.");
    }

    /// <summary>Shows the result of a finished run.</summary>
    public void ShowEnd(RunSummary summary, Expected? expected)
    {
        if (!Quiet)
        {
            Output.Write(SummaryListing.Of(summary, expected));
        }

        if (Json)
        {
            Console.Out.Write(summary.ToJson());
        }
    }

    /// <summary>Says where the report is.</summary>
    public void ShowReport(string path)
    {
        if (!Quiet)
        {
            Output.Write(new Listing().With("report", path));
        }
    }

    private sealed class DirectProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
