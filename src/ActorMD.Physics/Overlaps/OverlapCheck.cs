namespace ActorMD.Physics.Overlaps;

/// <summary>Finds overlaps of all orders at one moment: pairs, k-tuples inside their zone, surfaces beyond walls.</summary>
/// <remarks>
/// Shares nothing with the engine's search, so that each can find the other's mistakes. The box is cut into columns along
/// the first axis, as wide as the largest reach; in each column the particles are sorted along the axis and swept against
/// the columns around it. Pairs within the reach of a zone form a graph, and its cliques are the candidates of the tuples:
/// a partial clique of j particles with the sum D_j of squared distances is dropped when D_j k/j >= eps_k^2, because the
/// remaining particles cannot bring d_k^2 below that (physics: d_k^2 = k sum |x_i - xbar|^2).
/// Members of a tuple are seen as the images nearest to the one with the smallest id.
/// </remarks>
public static class OverlapCheck
{
    /// <summary>
    /// Above this number of overlapping tuples of one order (for pairs: this many and one per particle) the state is
    /// hopeless, and the search for worse ones ends.
    /// </summary>
    private const int HopelessCount = 100_000;

    /// <summary>The worst overlaps at the moment of the state.</summary>
    public static OverlapReport Find(Gas gas, SystemState state)
    {
        (Vec3[] positions, int[] kinds) = Arrange(state);
        return Find(gas, positions, kinds);
    }

    /// <summary>The worst overlaps of particles at the given positions, inside or outside the box.</summary>
    public static OverlapReport Find(
        Gas gas, ReadOnlySpan<Vec3> positions, ReadOnlySpan<int> kinds, CancellationToken cancellation = default)
    {
        Worst worst = new(gas.OrderMax);
        CheckWalls(gas, positions, kinds, worst);
        double zoneReach = gas.Zones.IsEmpty ? 0 : gas.Zones.Max(z => z.Reach);
        List<(int First, int Second)> close = [];
        ClassSweep sweep = new(gas, positions, kinds);
        while (worst.CountOf(2) < HopelessCount + positions.Length && sweep.NextPair(out int i, out int j))
        {
            double squared = gas.Box.NearestImage(positions[j] - positions[i]).LengthSquared;
            CheckPair(gas, kinds, i, j, squared, worst);
            if (squared < zoneReach * zoneReach)
            {
                close.Add(i < j ? (i, j) : (j, i));
            }
        }

        if (close.Count > 0)
        {
            CheckTuples(gas, positions, close, worst, cancellation);
        }

        return worst.Report();
    }

    /// <summary>The same by trying all pairs and all subsets of k particles: for some hundred particles at most.</summary>
    public static OverlapReport FindByBruteForce(Gas gas, SystemState state)
    {
        (Vec3[] positions, int[] kinds) = Arrange(state);
        return FindByBruteForce(gas, positions, kinds);
    }

    /// <inheritdoc cref="FindByBruteForce(Gas, SystemState)"/>
    public static OverlapReport FindByBruteForce(Gas gas, ReadOnlySpan<Vec3> positions, ReadOnlySpan<int> kinds)
    {
        Worst worst = new(gas.OrderMax);
        CheckWalls(gas, positions, kinds, worst);
        for (int i = 0; i < positions.Length; i++)
        {
            for (int j = i + 1; j < positions.Length; j++)
            {
                CheckPair(gas, kinds, i, j, gas.Box.NearestImage(positions[j] - positions[i]).LengthSquared, worst);
            }
        }

        foreach (Zone zone in gas.Zones)
        {
            int[] ids = new int[zone.Order];
            Vec3[] lifted = new Vec3[zone.Order];
            TryAllSubsets(gas, positions, zone, ids, lifted, 0, 0, worst);
        }

        return worst.Report();
    }

    private static (Vec3[] Positions, int[] Kinds) Arrange(SystemState state) =>
        (Array.ConvertAll(state.Particles, p => p.PositionAt(state.Time)), Array.ConvertAll(state.Particles, p => p.Kind));

    private static void CheckWalls(Gas gas, ReadOnlySpan<Vec3> positions, ReadOnlySpan<int> kinds, Worst worst)
    {
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            if (!gas.Box.IsReflecting(axis))
            {
                continue;
            }

            for (int i = 0; i < positions.Length; i++)
            {
                double diameter = gas.Kinds[kinds[i]].Diameter;
                double x = positions[i][axis];
                double depth = 0.5 * diameter - Math.Min(x, gas.Box.Lengths[axis] - x);
                if (depth > 0)
                {
                    worst.Offer(1, depth / diameter, [i]);
                }
            }
        }
    }

    private static void CheckPair(Gas gas, ReadOnlySpan<int> kinds, int i, int j, double squared, Worst worst)
    {
        double contact = gas.KindContact(kinds[i], kinds[j]);
        if (squared < contact * contact)
        {
            worst.Offer(2, 1 - Math.Sqrt(squared) / contact, i < j ? [i, j] : [j, i]);
        }
    }

    private static void TryAllSubsets(
        Gas gas, ReadOnlySpan<Vec3> positions, Zone zone, int[] ids, Vec3[] lifted, int size, double sum, Worst worst)
    {
        for (int id = size == 0 ? 0 : ids[size - 1] + 1; id < positions.Length; id++)
        {
            ids[size] = id;
            lifted[size] = size == 0 ? Vec3.Zero : gas.Box.NearestImage(positions[id] - positions[ids[0]]);
            double extended = sum;
            for (int member = 0; member < size; member++)
            {
                extended += (lifted[size] - lifted[member]).LengthSquared;
            }

            if (size + 1 < zone.Order)
            {
                TryAllSubsets(gas, positions, zone, ids, lifted, size + 1, extended, worst);
            }
            else if (extended < zone.Distance * zone.Distance)
            {
                worst.Offer(zone.Order, 1 - Math.Sqrt(extended) / zone.Distance, ids);
            }
        }
    }

    private static void CheckTuples(
        Gas gas, ReadOnlySpan<Vec3> positions, List<(int First, int Second)> close, Worst worst, CancellationToken cancellation)
    {
        // A sweep around a narrow box can meet a pair twice.
        close.Sort();
        int[] ids = new int[gas.OrderMax];
        Vec3[] lifted = new Vec3[gas.OrderMax];
        List<int> neighbors = [];
        for (int start = 0; start < close.Count;)
        {
            int first = close[start].First;
            neighbors.Clear();
            cancellation.ThrowIfCancellationRequested();
            for (; start < close.Count && close[start].First == first; start++)
            {
                if (neighbors.Count == 0 || neighbors[^1] != close[start].Second)
                {
                    neighbors.Add(close[start].Second);
                }
            }

            ids[0] = first;
            lifted[0] = Vec3.Zero;
            foreach (Zone zone in gas.Zones)
            {
                if (neighbors.Count >= zone.Order - 1)
                {
                    Extend(gas.Box, positions, zone, neighbors, 0, ids, lifted, 1, 0, worst);
                }
            }
        }
    }

    private static void Extend(
        Box box,
        ReadOnlySpan<Vec3> positions,
        Zone zone,
        List<int> neighbors,
        int from,
        int[] ids,
        Vec3[] lifted,
        int size,
        double sum,
        Worst worst)
    {
        double limit = zone.Distance * zone.Distance;
        for (int n = from; n < neighbors.Count && worst.CountOf(zone.Order) < HopelessCount; n++)
        {
            ids[size] = neighbors[n];
            lifted[size] = box.NearestImage(positions[neighbors[n]] - positions[ids[0]]);
            double extended = sum;
            for (int member = 0; member < size; member++)
            {
                extended += (lifted[size] - lifted[member]).LengthSquared;
            }

            if (size + 1 == zone.Order)
            {
                if (extended < limit)
                {
                    worst.Offer(zone.Order, 1 - Math.Sqrt(extended) / zone.Distance, ids.AsSpan(0, zone.Order));
                }
            }
            else if (extended * zone.Order / (size + 1) < limit)
            {
                Extend(box, positions, zone, neighbors, n + 1, ids, lifted, size + 1, extended, worst);
            }
        }
    }

    /// <summary>Keeps the worst overlap of each order; of equal ones the first.</summary>
    private sealed class Worst(int orderMax)
    {
        private readonly Overlap?[] _overlaps = new Overlap?[orderMax + 1];
        private readonly int[] _counts = new int[orderMax + 1];

        public int CountOf(int order) => _counts[order];

        public void Offer(int order, double relative, ReadOnlySpan<int> ids)
        {
            _counts[order]++;
            if (_overlaps[order] is not { } present || relative > present.Relative)
            {
                _overlaps[order] = new Overlap(order, relative, [.. ids]);
            }
        }

        public OverlapReport Report() => new([.. _overlaps.OfType<Overlap>()]);
    }
}
