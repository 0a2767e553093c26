using System.Collections.Immutable;
using ActorMD.Files.Checkpoints;
using ActorMD.Physics;

namespace ActorMD.Runs.Observables;

/// <summary>The counts and impulses at one moment of a run. Averages over a span are differences of two marks.</summary>
/// <param name="Time">Simulation time.</param>
/// <param name="PairCounts">As <see cref="EventTally.PairCounts"/>.</param>
/// <param name="OrderCounts">As <see cref="EventTally.OrderCounts"/>.</param>
/// <param name="Virial">sum over events of order 2 and up of sum_i x_i.dp_i, rounded once.</param>
/// <param name="WallImpulse">sum over wall bounces of |dp|, rounded once.</param>
public sealed record TallyMark(
    double Time, ImmutableArray<long> PairCounts, ImmutableArray<long> OrderCounts, double Virial, double WallImpulse)
{
    public static TallyMark Of(AveragesBaseline baseline) => Of(baseline.Time, baseline.Tally);

    public static TallyMark Of(double time, EventTally tally) =>
        new(time, [.. tally.PairCounts], [.. tally.OrderCounts], tally.Virial.Value, tally.WallImpulse.Value);
}
