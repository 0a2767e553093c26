using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Estimates;

/// <summary>How long to wait between two states whose pairs are counted.</summary>
/// <remarks>
/// Neighbours change with collisions: a state that is looked at again before many of them have happened tells little that is new. And
/// to count pairs of particles costs more than to simulate them for a while.
/// </remarks>
public static class StructureInterval
{
    // Measured, rounded: docs/results.md.
    private const double SecondsPerPair = 1e-8;
    private const double SecondsPerCollision = 8e-7;
    private const double CostMax = 0.02; // of the time of the collisions
    private const double FreeTimesMin = 10;

    /// <summary>Ten mean free times, or as long as counting costs a fiftieth of the run; 0 where nothing moves.</summary>
    /// <param name="gas">What is simulated.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="temperature">Of all species.</param>
    /// <param name="range">Largest distance of a pair.</param>
    public static double Of(Gas gas, IReadOnlyList<int> counts, double temperature, double range)
    {
        if (gas.HasOwnSizes)
        {
            SizeGroups groups = SizeGroups.Of(gas, counts);
            return Of(groups.Gas, groups.Counts, temperature, range);
        }

        Func<int, int, double> contactValue = EquationOfState.ContactValues(gas, counts);
        double total = counts.Sum(n => (double)n), collisions = 0;
        for (int a = 0; a < counts.Count; a++)
        {
            for (int b = 0; b < counts.Count; b++)
            {
                collisions += 0.5 * counts[a] * CollisionFrequency.Pair(
                    gas.Dimension, counts[b] / gas.Box.Volume, gas.ContactDistance(a, b), temperature / gas.Species[a].Mass,
                    temperature / gas.Species[b].Mass, contactValue(a, b));
            }
        }

        double pairs = 0.5 * total * Math.Min(total - 1, total / gas.Box.Volume * TupleCount.BallVolume(gas.Dimension, range));
        return collisions > 0
            ? Math.Max(FreeTimesMin * total / 2, pairs * SecondsPerPair / (CostMax * SecondsPerCollision)) / collisions
            : 0;
    }
}
