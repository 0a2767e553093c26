using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;
using ActorMD.Physics.Overlaps;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>Regular positions for any count in any box.</summary>
internal static class LatticeStart
{
    public static (Vec3[] Positions, InitialReport Report) Draw(
        Gas gas, ImmutableArray<int> counts, ReadOnlySpan<int> kinds, ulong seed, CancellationToken cancellation)
    {
        // Walls: no centre is closer than half of the largest diameter that is present, so that species can be placed freely.
        double contact = LargestContact(gas, counts);
        Lattice? lattice = Lattice.Best(gas.Box, 0.5 * contact, kinds.Length, cancellation);
        if (lattice is null || (kinds.Length > 1 && lattice.Spacing < contact))
        {
            throw InitialStateException.LatticeTooDense(
                kinds.Length, lattice?.Spacing ?? 0, contact, gas.Packing(counts));
        }

        Vec3[] positions = Occupy(lattice, kinds.Length, seed);
        if (ZonesMayReach(gas, lattice.Spacing) && OverlapCheck.Find(gas, positions, kinds, cancellation).Worst is { } overlap)
        {
            throw InitialStateException.LatticeOverlap(overlap);
        }

        return (positions, new InitialReport(PositionMethod.Lattice, 0, 1, 0));
    }

    private static double LargestContact(Gas gas, ImmutableArray<int> counts)
    {
        double largest = 0;
        foreach ((int a, _, double diameter) in gas.Kinds)
        {
            if (counts[a] > 0)
            {
                largest = Math.Max(largest, diameter);
            }
        }

        return largest;
    }

    // All k(k-1)/2 pairs of a tuple are at least one spacing apart.
    private static bool ZonesMayReach(Gas gas, double spacing)
    {
        foreach (Zone zone in gas.Zones)
        {
            if (0.5 * zone.Order * (zone.Order - 1) * spacing * spacing < zone.Distance * zone.Distance)
            {
                return true;
            }
        }

        return false;
    }

    // Holes lie at random, one in each of equal stretches of the list of sites; the particles are shuffled over the rest.
    private static Vec3[] Occupy(Lattice lattice, int count, ulong seed)
    {
        CounterRandom holes = new(seed, RandomStream.InitialPositions);
        long siteCount = lattice.SiteCount;
        long holeCount = siteCount - count;
        Vec3[] occupied = LargeArray.Of<Vec3>(count);
        long hole = 0, holeSite = NextHole(ref holes);
        int used = 0;
        long site = 0;
        foreach (Vec3 position in lattice.Sites())
        {
            if (site++ == holeSite)
            {
                hole++;
                holeSite = NextHole(ref holes);
                continue;
            }

            occupied[used++] = position;
        }

        CounterRandom shuffle = new(seed, RandomStream.SpeciesPlacement);
        for (int i = count - 1; i > 0; i--)
        {
            int j = shuffle.NextInteger(i + 1);
            (occupied[i], occupied[j]) = (occupied[j], occupied[i]);
        }

        return occupied;

        long NextHole(ref CounterRandom random)
        {
            if (hole == holeCount)
            {
                return -1;
            }

            long first = (long)((Int128)hole * siteCount / holeCount);
            long end = (long)((Int128)(hole + 1) * siteCount / holeCount);
            return first + random.NextInteger((int)(end - first));
        }
    }
}
