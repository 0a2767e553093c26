using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Runs;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Sessions;
using ActorMD.Studies.Boltzmann;

namespace ActorMD.Cli.Terminal;

/// <summary>What a user sees of a kinetic solution: header, progress, result, refinement.</summary>
internal sealed record BoltzmannView(bool Quiet, bool Json) : View(Quiet, Json)
{
    public void ShowHeader(CaseLoad load, BoltzmannPlan plan, Expected expected, double seconds, RunFolder folder)
    {
        ErrorReport.Warn(load.Warnings);
        if (Quiet)
        {
            return;
        }

        Output.WriteLine($"ActorMD {ProductVersion.Text}: kinetic equation of {load.Case!.Name}");
        Output.Write(CaseListing.Of(load.Case, expected, folder, cost: null));
        Listing listing = new();
        foreach ((string name, double value) in BoltzmannObservables.Coefficients(load.Case).Take(2 * CaseListing.SpeciesShownMax))
        {
            listing.Add(
                name.StartsWith("order", StringComparison.Ordinal) ? $"coefficient c/l! of {name}" : $"coefficient A of {name}",
                Numbers.Short(value));
        }

        listing.Add(
            "DSMC", $"{plan.RunCount} runs of {Numbers.Count(plan.Size.Total)} particles, "
                + $"{Numbers.Short(plan.Size.Weight)} real ones for each");
        listing.Add(
            "cells", BoltzmannPlanner.IsHomogeneous(plan.Grid)
                ? "one: homogeneous, without error of the time step"
                : string.Join(" x ", plan.Cells));
        listing.Add("time step", Numbers.Short(plan.TimeStep));
        listing.Add("expected cost", $"{Numbers.Rate(plan.MemoryBytes / 1e6)} MB of memory, {Numbers.Span(seconds)} on one thread");
        Output.Write(listing);
    }

    /// <summary>Shows what goes on, and what all of it costs.</summary>
    public void ShowResumed(BoltzmannSession session, RunFolder folder, Expected expected)
    {
        if (!Quiet)
        {
            (double bytes, double seconds) = session.Cost(expected);
            Output.WriteLine($"Going on with {folder.Directory}.");
            Output.Write(new Listing().With(
                "expected cost of the whole", $"{Numbers.Rate(bytes / 1e6)} MB of memory, {Numbers.Span(seconds)} on one thread"));
        }
    }

    /// <summary>Computes and says how it ended.</summary>
    /// <returns>The exit code.</returns>
    public int Run(BoltzmannSession session, RunFolder folder, CancellationToken stop)
    {
        RunOutcome outcome = (Quiet, StandardError.IsTerminal) switch
        {
            (true, _) => session.Run(new SilentProgress(), stop),
            (false, true) => LiveProgress.Show("starting", task => session.Run(new LiveProgress(task), stop)),
            (false, false) => session.Run(new PlainProgress(), stop),
        };
        if (outcome.Summary is { } summary)
        {
            ShowEnd(summary);
            return ExitCode.Done;
        }

        Console.Error.WriteLine(FormattableString.Invariant(
            $"Interrupted after the sample of time {outcome.Time}; a checkpoint is written."));
        Console.Error.WriteLine($"  Go on with: actormd resume {folder.Directory}");
        return ExitCode.Interrupted;
    }

    public void ShowEnd(RunSummary summary)
    {
        KineticSummary kinetic = summary.Kinetic!;
        if (!Quiet)
        {
            Listing listing = new();
            listing.Add(
                "collisions",
                $"{Numbers.Count(summary.Events.Values.Sum())} of {Numbers.Count(kinetic.Attempts)} candidates, "
                    + $"{Numbers.Rate(summary.CollisionsPerCpuSecond)} per CPU second");
            listing.Add("temperature", WithError(summary.Temperature.Overall, "temperature", kinetic));
            foreach ((string name, double? value) in summary.Temperature.BySpecies.Take(CaseListing.SpeciesShownMax))
            {
                listing.Add($"  {name}", WithError(value, $"temperature_{name}", kinetic));
            }

            foreach ((string name, double? value) in summary.CollisionFrequency.Take(2 * CaseListing.SpeciesShownMax))
            {
                listing.Add($"collisions per particle and time, {name}", WithError(value, $"frequency_{name}", kinetic));
            }

            listing.Add("relative energy drift", Numbers.Short(summary.Energy.RelativeDrift));
            listing.Add("wall time, memory", $"{Numbers.Span(summary.WallSeconds)}, {summary.PeakRssBytes / 1_000_000} MB");
            listing.Add("digest", summary.Digest);
            Output.Write(listing);
            foreach (RefinementSummary refined in kinetic.Refinement ?? [])
            {
                ShowRefinement(refined);
            }
        }

        if (Json)
        {
            Console.Out.Write(summary.ToJson());
        }
    }

    private void ShowRefinement(RefinementSummary refined)
    {
        Output.WriteLine(
            FormattableString.Invariant($"With time step {Numbers.Short(refined.TimeStep)}, cells {string.Join(" x ", refined.Cells)}:"));
        Listing listing = new();
        foreach ((string name, RefinedValue value) in refined.Differences)
        {
            string error = value.Error is { } e ? $" +- {Numbers.Short(e)}" : "";
            listing.Add(name, $"{Numbers.Short(value.Value)}, difference {Numbers.Short(value.Difference)}{error}");
        }

        Output.Write(listing);
    }

    private static string WithError(double? value, string name, KineticSummary kinetic) =>
        kinetic.StandardErrors?.GetValueOrDefault(name) is { } error
            ? $"{Numbers.Short(value)} +- {Numbers.Short(error)}"
            : Numbers.Short(value);
}
