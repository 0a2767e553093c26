using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>The initial law of N particles: independent draws of f_0, conditioned on the phase space [Mix 5.2, High Def. 5.2].</summary>
public static class ConditionedLaw
{
    private const int TrialCountMax = 1_000_000;

    /// <summary>Below this Z_N next to no draw of the other particles fits, and the marginals of the law are out of reach.</summary>
    public const double NormalisationMin = 0.02;

    /// <summary>How many of independent draws of all N particles from f_0 do not overlap: Z_N is the share.</summary>
    /// <param name="model">The gas and its initial data.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="block">Number of these draws.</param>
    /// <param name="count">Draws.</param>
    public static long CountFree(SeriesModel model, ulong seed, int block, int count)
    {
        StreamRandom random = new(new StepKey(seed, RandomStream.HierarchyTrees, 2, 0), block);
        PhaseSpaceOfFew space = new(model.Gas);
        int[] species = [.. model.Counts.SelectMany((number, a) => Enumerable.Repeat(a, number))];
        Vec3[] positions = new Vec3[species.Length];
        long free = 0;
        for (int n = 0; n < count; n++)
        {
            for (int i = 0; i < positions.Length; i++)
            {
                positions[i] = DrawPosition(model, species[i], ref random);
            }

            free += space.Holds(species, positions, 0) ? 1 : 0;
        }

        return free;
    }

    /// <summary>One position of a particle that is alone.</summary>
    internal static Vec3 DrawPosition(SeriesModel model, int species, ref StreamRandom random)
    {
        InitialDensity density = model.Initial[species];
        for (int trial = 0; trial < TrialCountMax; trial++)
        {
            Vec3 position = TreeDraw.Uniform(model.Gas.Box, ref random);
            if (density.RelativeMax == 1 || random.NextUniform() * density.RelativeMax < density.Relative(position))
            {
                return position;
            }
        }

        throw InitialStateException.NowhereDense(TrialCountMax);
    }
}
