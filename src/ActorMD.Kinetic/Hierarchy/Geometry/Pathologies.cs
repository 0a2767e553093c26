using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Hierarchy.Geometry;

/// <summary>
/// How many initial states have two collisions within a time delta: the sets of [Mix Lemma 3.3, High Thm 2.7], of order delta^2.
/// </summary>
/// <remarks>All particles of the phase space in a unit box, velocities of thermal speed 1.</remarks>
public static class Pathologies
{
    /// <summary>delta, falling by 2.</summary>
    public static IReadOnlyList<double> Deltas { get; } = [.. Enumerable.Range(3, 6).Select(n => Math.Pow(2, -n))];

    /// <summary>Counts states with two events or more within each delta.</summary>
    /// <param name="gas">Its species and zones; particles of the first species.</param>
    /// <param name="particles">How many.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="block">Number of these draws.</param>
    /// <param name="count">States.</param>
    public static double[] Count(Gas gas, int particles, ulong seed, int block, int count)
    {
        FlowOfFew flow = new(gas);
        PhaseSpaceOfFew space = new(gas);
        StreamRandom random = new(new StepKey(seed, RandomStream.HierarchyGeometry, 2, 0), block);
        int[] species = new int[particles];
        Vec3[] start = new Vec3[particles], velocity = new Vec3[particles], positions = new Vec3[particles],
            velocities = new Vec3[particles];
        double[] counts = new double[Deltas.Count];
        for (int n = 0; n < count; n++)
        {
            do
            {
                for (int i = 0; i < particles; i++)
                {
                    start[i] = TreeDraw.Uniform(gas.Box, ref random);
                }
            }
            while (!space.Holds(species, start, 0));
            for (int i = 0; i < particles; i++)
            {
                velocity[i] = random.NextNormalVector(gas.Dimension);
            }

            for (int e = 0; e < counts.Length; e++)
            {
                start.CopyTo(positions, 0);
                velocity.CopyTo(velocities, 0);
                if (flow.GoBack(species, positions, velocities, Deltas[e]) < 2)
                {
                    break;
                }

                counts[e]++;
            }
        }

        return counts;
    }
}
