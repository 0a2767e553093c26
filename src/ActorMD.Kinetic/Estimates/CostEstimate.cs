using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Kinetic.Scalings;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;
using static System.FormattableString;

namespace ActorMD.Kinetic.Estimates;

/// <summary>What a run will cost, before it starts: of the right order of magnitude on a machine of today.</summary>
/// <param name="CandidatesPerParticle">Others within the largest distance at which anything happens.</param>
/// <param name="Tuples">Per particle, of every order that has a zone.</param>
/// <param name="MemoryBytes">Of engine, initial state and one checkpoint.</param>
/// <param name="Collisions">Events of all orders up to the end; null where nothing tells their rate (open space, nothing moves).</param>
/// <param name="Seconds">Wall time of one thread; null where the collisions are.</param>
public sealed record CostEstimate(
    double CandidatesPerParticle, ImmutableArray<TupleCount> Tuples, double MemoryBytes, double? Collisions, double? Seconds)
{
    /// <summary>Above so many tuples per particle a single search takes a second: a run would not end in any useful time.</summary>
    public const double TuplesMax = 3e7;

    /// <summary>A run of more than thirty years does not end.</summary>
    public const double SecondsMax = 1e9;

    // Measured, rounded: docs/results.md.
    private const double SecondsPerCollision = 1.6e-6;
    private const double SecondsPerFarCollision = 1.4e-6; // more, where the particles are beyond the caches
    private const double SecondsPerCandidate = 1.2e-8;
    private const double SecondsPerTuple = 2.5e-8;
    private const double SecondsPerSample = 6e-8;
    private const double SecondsPerSpacing = 1.3e-7; // of a particle's flight over the mean distance of particles: it crosses cells
    private const double CachedParticleCount = 200_000;
    private const double BytesPerParticle = 400;

    /// <summary>The estimate of a case.</summary>
    /// <param name="gas">Box, species, zones.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="span">Simulation time that is computed.</param>
    /// <param name="sampleCount">Rows of thermo.csv and frames.</param>
    /// <param name="scales">Rates; null where nothing moves.</param>
    /// <param name="speed">Mean speed of a particle, that of a flow included.</param>
    public static CostEstimate Of(
        Gas gas, ImmutableArray<int> counts, double span, double sampleCount, GasScales? scales, double speed = 0) =>
        OfCollisions(
            gas, counts, sampleCount, flight: speed * span, collisions:
            scales is null || gas.Box.Has(Boundary.Open)
                ? null
                : span * (scales.Pairs.Sum(p => 0.5 * counts[p.First] * p.Rate)
                    + scales.Zones.Sum(z => counts.Sum(n => (double)n) * z.Rate / z.Order)));

    /// <summary>The estimate of so many collisions.</summary>
    /// <param name="gas">Box, species, zones.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="sampleCount">Rows of thermo.csv and frames.</param>
    /// <param name="collisions">Of all orders; null: nothing tells.</param>
    /// <param name="flight">Length of a particle's path.</param>
    public static CostEstimate OfCollisions(Gas gas, ImmutableArray<int> counts, double sampleCount, double? collisions, double flight = 0)
    {
        double total = counts.Sum(n => (double)n), density = total / gas.Box.Volume;
        double candidates = Math.Min(density * TupleCount.BallVolume(gas.Dimension, gas.ReachMax), total - 1);
        ImmutableArray<TupleCount> tuples = [.. gas.Zones.OrderBy(z => z.Order).Select(z => TupleCount.In(gas.Dimension, density, z))];
        double each = SecondsPerCollision + SecondsPerCandidate * candidates
            + SecondsPerFarCollision * total / (total + CachedParticleCount)
            + SecondsPerTuple * gas.OrderMax * tuples.Sum(t => t.Count);
        double spacing = PortableMath.Pow(1 / Math.Max(density, double.Epsilon), 1.0 / gas.Dimension),
            flights = SecondsPerSpacing * total * flight / spacing;
        double begin = total * (SecondsPerTuple * tuples.Sum(t => t.Count) + SecondsPerCollision);
        return new CostEstimate(
            candidates, tuples, BytesPerParticle * total, collisions,
            collisions is { } count ? begin + Math.Max(count * each, flights) + SecondsPerSample * total * sampleCount : null);
    }

    /// <summary>Of several runs of the same case.</summary>
    /// <param name="runs">How many.</param>
    /// <param name="atOnce">How many of them are in memory together.</param>
    public CostEstimate Times(double runs, double atOnce) => this with
    {
        MemoryBytes = MemoryBytes * Math.Min(runs, atOnce),
        Collisions = runs * Collisions,
        Seconds = runs * Seconds,
    };

    /// <summary>Why the run cannot end, and what would help; null: it can.</summary>
    /// <param name="memoryBytes">That this machine has.</param>
    public (string Key, string Problem, string Remedy)? Obstacle(double memoryBytes)
    {
        if (MemoryBytes > memoryBytes)
        {
            return (
                "species", Invariant(
                    $"the particles need about {MemoryBytes / 1e9:G3} GB of memory, and there are {memoryBytes / 1e9:G3} GB"),
                "use fewer particles, or a machine with more memory");
        }

        if (Tuples.FirstOrDefault(t => t.Count > TuplesMax) is { Order: > 0 } worst)
        {
            return (
                "zones",
                string.Create(
                    CultureInfo.InvariantCulture, $"every particle has about {worst.Count:G2} tuples of order {worst.Order} around it: a "
                        + $"single search for the next event would take {SecondsPerTuple * worst.Count:G2} seconds"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"give zone {worst.Order} a smaller distance, a smaller order, or fewer particles: up to {TuplesMax:G1} "
                        + $"tuples are possible"));
        }

        return Seconds > SecondsMax
            ? (
                "run.until",
                (Collisions is { } count ? Invariant($"it would have about {count:G2} collisions and take") : "it would take")
                    + Invariant($" {Seconds / 31_557_600:G2} years on one thread"),
                "give an earlier end, fewer particles or fewer runs")
            : null;
    }
}
