using ActorMD.Physics;

namespace ActorMD.Protocol.Geometry;

/// <summary>Chooses how to divide a box into as many domains as there is use for.</summary>
public static class AutomaticSplit
{
    /// <summary>
    /// The split with the least surface between domains among those with the largest number of domains that is not above the one asked for.
    /// </summary>
    public static Split For(Gas gas, int domainCount)
    {
        Split best = Split.One;
        double bestSurface = Surface(gas, best);
        for (int x = 1; x <= Math.Min(domainCount, BlockGrid.BlocksMax(gas, 0)); x++)
        {
            for (int y = 1; y <= Math.Min(domainCount / x, BlockGrid.BlocksMax(gas, 1)); y++)
            {
                int z = Math.Min(domainCount / (x * y), BlockGrid.BlocksMax(gas, 2));
                Split split = new(x, y, z);
                double surface = Surface(gas, split);
                if (split.Count > best.Count || (split.Count == best.Count && surface < bestSurface))
                {
                    best = split;
                    bestSurface = surface;
                }
            }
        }

        return best;
    }

    // Faces between domains, per volume.
    private static double Surface(Gas gas, Split split)
    {
        double surface = 0;
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            surface += (split[axis] - 1) / gas.Box.Lengths[axis];
        }

        return surface;
    }
}
