using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Estimates;
using ActorMD.Runs;
using ActorMD.Runs.Ensembles;
using ActorMD.Runs.Observables;

namespace ActorMD.Cli.Terminal;

/// <summary>What a user sees of an ensemble: header, progress, means with errors.</summary>
internal sealed record EnsembleView(bool Quiet, bool Json) : View(Quiet, Json)
{
    public void ShowHeader(CaseLoad load, Expected expected, CostEstimate cost, RunFolder folder, int replicaCount)
    {
        ErrorReport.Warn(load.Warnings);
        if (load.Case!.Output is not { Trajectory: null, Events: null })
        {
            ErrorReport.Warn("an ensemble writes no trajectories and no event logs; 'actormd run' with the seed of a replica does");
        }

        if (Quiet)
        {
            return;
        }

        Output.WriteLine($"ActorMD {ProductVersion.Text}: {Numbers.Count(replicaCount)} replicas of {load.Case.Name}");
        Output.Write(CaseListing.Of(load.Case, expected, folder, cost));
    }

    public void ShowResumed(EnsembleSession session, RunFolder folder, CostEstimate left)
    {
        if (session.Complaint is { } complaint)
        {
            ErrorReport.Warn(complaint);
        }

        if (Quiet)
        {
            return;
        }

        Output.WriteLine(FormattableString.Invariant(
            $"Resumed {folder.Directory} after {session.Done} of {session.ReplicaCount} replicas."));
        Output.Write(new Listing().WithCost(left, " of what is left"));
    }

    /// <summary>Computes and says how it ended.</summary>
    /// <returns>The exit code.</returns>
    public int Run(EnsembleSession session, RunFolder folder, CancellationToken stop)
    {
        RunSummary? summary = (Quiet, StandardError.IsTerminal) switch
        {
            (true, _) => session.Run(new EnsembleProgress.Silent(), stop),
            (false, true) => LiveProgress.Show("starting", task => session.Run(new EnsembleProgress(task), stop)),
            (false, false) => session.Run(new EnsembleProgress(null), stop),
        };
        if (summary is not null)
        {
            ShowEnd(summary);
            return ExitCode.Done;
        }

        Console.Error.WriteLine(FormattableString.Invariant(
            $"Interrupted after {session.Done} of {session.ReplicaCount} replicas; a checkpoint is written."));
        Console.Error.WriteLine($"  Continue with 'actormd resume {folder.Directory}'.");
        return ExitCode.Interrupted;
    }

    /// <summary>Shows the result of a finished ensemble.</summary>
    public void ShowEnd(RunSummary summary)
    {
        if (!Quiet)
        {
            Output.Write(Listing(summary));
        }

        if (Json)
        {
            Console.Out.Write(summary.ToJson());
        }
    }

    /// <summary>As in 3.9741 +- 0.0023.</summary>
    public static string WithError(double? value, double? error) =>
        error is null
            ? Numbers.Short(value)
            : $"{Numbers.Short(value)} +- {error.Value.ToString("g2", System.Globalization.CultureInfo.InvariantCulture)}";

    private static Listing Listing(RunSummary summary)
    {
        EnsembleSummary ensemble = summary.Ensemble!;
        Listing listing = new();
        long collisions = summary.Events.Where(e => e.Key.StartsWith("order", StringComparison.Ordinal)).Sum(e => e.Value);
        listing.Add("replicas", Numbers.Count(ensemble.Replicas));
        listing.Add("collisions", $"{Numbers.Count(collisions)}, {Numbers.Rate(summary.CollisionsPerCpuSecond)} per CPU second");
        Add("temperature", summary.Temperature.Overall, "temperature");
        foreach ((string name, double? value) in summary.Temperature.BySpecies.Where(_ => summary.Temperature.BySpecies.Count > 1)
            .Take(CaseListing.SpeciesShownMax))
        {
            Add($"  {name}", value, $"temperature_{name}");
        }

        Add("pressure", summary.Pressure.Value, "pressure");
        Add("Z", summary.Pressure.Z, "Z");
        foreach ((string name, double? value) in summary.CollisionFrequency.Take(2 * CaseListing.SpeciesShownMax))
        {
            Add($"events per particle and time, {name}", value, $"frequency_{name}");
        }

        listing.Add("largest relative energy drift", Numbers.Short(summary.Energy.RelativeDrift));
        listing.Add("wall time, memory", $"{Numbers.Span(summary.WallSeconds)}, {summary.PeakRssBytes / 1_000_000} MB");
        listing.Add("digest", summary.Digest);
        return listing;

        void Add(string title, double? value, string key)
        {
            if (value is not null)
            {
                listing.Add(title, WithError(value, ensemble.StandardErrors.GetValueOrDefault(key)));
            }
        }
    }
}
