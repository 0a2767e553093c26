using ActorMD.Files.RunFolders;
using ActorMD.Physics.Overlaps;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Verification;

namespace ActorMD.Examples.Tests;

/// <summary>What every example must hold; the classes of the examples add what their headers promise.</summary>
public abstract class ExampleTests(ExampleRun run)
{
    private protected ExampleRun Run { get; } = run;

    private protected ExampleHeader Header { get; } = ExampleHeader.Read(run.Name);

    [Fact]
    public void The_digest_is_the_pinned_one() => KnownDigests.AssertIsPinned(Run.Name, Run.Summary.Digest);

    [Fact]
    public void The_run_verifies()
    {
        RunVerdict verdict = RunVerifier.Verify(Run.Folder);
        Assert.True(verdict.IsSound, string.Join('\n', verdict.Problems));
    }

    [Fact]
    public void Nothing_overlaps_at_the_beginning_and_at_the_end()
    {
        Assert.Equal(0, OverlapLimit.Largest(OverlapCheck.Find(Run.Case.Gas, Run.Initial)));
        Assert.InRange(OverlapLimit.Largest(OverlapCheck.Find(Run.Case.Gas, Run.Final)), 0, OverlapLimit.Relative);
    }

    [Fact]
    public void Every_species_has_its_count_at_the_beginning_and_at_the_end()
    {
        Assert.Equal(Run.Case.Counts, Run.Initial.CountSpecies(Run.Case.Gas));
        Assert.Equal(Run.Case.Counts, Run.Final.CountSpecies(Run.Case.Gas));
    }

    [Fact]
    public void Energy_and_momentum_drift_by_rounding_only()
    {
        Assert.InRange(Math.Abs(Run.Summary.Energy.RelativeDrift!.Value), 0, 1e-13);
        Assert.InRange(Run.Summary.MomentumDrift!.Value, 0, 1e-13);
    }

    [Fact]
    public void No_event_was_pathological() => Assert.Equal(new PathologySummary(0, 0), Run.Summary.Pathologies);

    [Fact]
    public void It_takes_no_longer_than_half_a_minute()
    {
        Assert.Contains("Takes about ", Header.Text, StringComparison.Ordinal);
        // Processor time, so that a busy machine does not count.
        Assert.InRange(Run.Summary.CpuSeconds, 0, 30);
    }

    /// <summary>Z over the rows of thermo.csv in the time of the averages, with its standard error.</summary>
    private protected BlockAverage MeasureZ()
    {
        double[] values = [.. Run.Rows.Where(row => row.Time > Run.Case.Run.Equilibrate).Select(row => row.Z!.Value)];
        BlockAverage z = BlockAverage.Of(values);
        // Rows and summary divide the same impulses by temperatures that differ by rounding.
        Assert.Equal(Run.Summary.Pressure.Z!.Value, z.Mean, 1e-9);
        return z;
    }

    /// <summary>
    /// A frequency of the summary and its standard error where events are rare and independent: 1/sqrt of their number.
    /// </summary>
    /// <param name="key">AA, AB, ..., order3, ...</param>
    /// <param name="particles">The particles that the frequency is per.</param>
    /// <param name="participants">How many of these take part in one event.</param>
    private protected BlockAverage MeasureRate(string key, int particles, int participants)
    {
        double rate = Run.Summary.CollisionFrequency[key]!.Value;
        double eventCount = rate * particles * Run.AveragedTime / participants;
        return new BlockAverage(rate, rate / Math.Sqrt(eventCount));
    }

    /// <summary>Fails unless the value is within 4 standard errors and a stated systematic error of the closed form.</summary>
    /// <param name="expected">The closed form.</param>
    /// <param name="measured">What the run gave.</param>
    /// <param name="relativeErrorMax">Largest standard error allowed, relative: noise is no pass.</param>
    /// <param name="systematic">Relative error of the closed form for this gas.</param>
    private protected static void AssertAgrees(
        double expected, BlockAverage measured, double relativeErrorMax, double systematic = 0)
    {
        Assert.InRange(measured.StandardError / expected, 0, relativeErrorMax);
        double tolerance = 4 * measured.StandardError + systematic * expected;
        Assert.True(
            Math.Abs(measured.Mean - expected) <= tolerance,
            FormattableString.Invariant(
                $"measured {measured.Mean:G7} +- {measured.StandardError:G2}, expected {expected:G7} within {tolerance:G2}"));
    }
}
