using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Protocol.Geometry;

/// <summary>Chooses how to divide a box into as many domains as there is use for.</summary>
public static class AutomaticSplit
{
    // Domains that share time slices need eleven layers of cells along x, which are up to two particle distances wide.
    private const double SpacingsPerDomain = 22;

    /// <summary>
    /// Blocks along x where domains can share time slices (closed sides, enough layers); else the split with the least surface
    /// between domains among those with the largest number of domains that is not above the one asked for.
    /// </summary>
    /// <param name="gas">Box and reach.</param>
    /// <param name="particleCount">N.</param>
    /// <param name="domainCount">As many domains as there is use for.</param>
    public static Split For(Gas gas, int particleCount, int domainCount)
    {
        double spacing = PortableMath.Pow(gas.Box.Volume / Math.Max(1, particleCount), 1.0 / gas.Dimension);
        if (!gas.Box.Has(Boundary.Open) && gas.Box.Lengths.X >= SpacingsPerDomain * Math.Max(spacing, gas.ReachMax) * domainCount)
        {
            return new Split(domainCount, 1, 1);
        }

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
