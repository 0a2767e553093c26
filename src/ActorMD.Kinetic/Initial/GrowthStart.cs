using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>A dense, disordered start: random positions, then growth while everything that overlaps is pushed apart.</summary>
/// <remarks>
/// Idea: sweep over all overlapping pairs and tuples in a fixed order, and move each one to exactly its distance (a pair
/// along its line, a tuple by scaling about its centroid), while the distances grow from a fraction to a little more than
/// their full size. The little more, <c>excess</c>, matters: sweeps remove overlaps only in the limit, but soon make them
/// smaller than the excess, and then the configuration is valid at full size. Where that never happens the excess is
/// reduced, down to a thousandth; then the packing is beyond what pushing can do, and <see cref="GrowingSpheres"/> go on
/// from the largest size that was valid (random close packing is near 0.64 for equal spheres and 0.84 for equal disks).
/// The result is no sample of an equilibrium law: let the gas run before averages are taken.
/// </remarks>
internal sealed class GrowthStart
{
    private const double Margin = 2e-9;
    private const double PackingAtStart = 0.05;
    private const int StepsPerPoll = 0xFFFF;
    private const int GrowthSweepCount = 60;
    private const int SweepCountPerCheck = 250;
    private const int SweepCountMaxPerExcess = 20_000;
    private static readonly ImmutableArray<double> Excesses = [1e-2, 3e-3, 1e-3];

    private readonly Box _box;
    private readonly int[] _kinds;
    private readonly double[] _radii;
    private readonly ImmutableArray<Zone> _zones;
    private readonly Vec3[] _positions;
    private readonly NeighborList _list;
    private readonly int[] _members;
    private readonly Vec3[] _lifted;
    private readonly CancellationToken _cancellation;
    private int _sweepCount;
    private int _stepCount;

    private GrowthStart(Gas gas, int[] kinds, ulong seed, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _box = gas.Box;
        _kinds = kinds;
        _zones = gas.Zones;
        _radii = [.. gas.Kinds.Select(kind => 0.5 * kind.Diameter)];
        _positions = new Vec3[kinds.Length];
        PlaceAll(gas, seed, cancellation);
        _list = new NeighborList(gas, kinds, _positions, 1 + Excesses.Max());
        _members = new int[gas.OrderMax];
        _lifted = new Vec3[gas.OrderMax];
    }

    public static (Vec3[] Positions, InitialReport Report) Draw(
        Gas gas,
        ImmutableArray<int> counts,
        int[] kinds,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        GrowthStart growth = new(gas, kinds, seed, cancellation);
        double packing = gas.Packing(counts);
        if (!growth.Grow(packing, progress, cancellation))
        {
            double scale = growth.Shrink(cancellation);
            scale = GrowingSpheres.Can(gas) ? growth.Compress(gas, scale, seed, progress) : scale;
            if (scale >= 1 + Margin)
            {
                return (growth._positions, new InitialReport(PositionMethod.Growth, growth._sweepCount, 1, 0));
            }

            double reached = packing * (gas.Dimension == 3 ? scale * scale * scale : scale * scale);
            throw InitialStateException.GrowthStuck(reached, packing, scale);
        }

        return (growth._positions, new InitialReport(PositionMethod.Growth, growth._sweepCount, 1, 0));
    }

    // Of a push that separates a pair, what the first gets: half, but where sizes differ much the small one gives way.
    private double ShareOf(int i, int j)
    {
        double ratio = _radii[_kinds[i]] / _radii[_kinds[j]];
        return ratio is > SizeClasses.RatioMax or < 1 / SizeClasses.RatioMax
            ? 1 / (1 + (_box.Dimension == 3 ? ratio * ratio * ratio : ratio * ratio))
            : 0.5;
    }

    // At random; a particle of a smaller class, if there is room, beside all of larger ones, which come first.
    private void PlaceAll(Gas gas, ulong seed, CancellationToken cancellation)
    {
        const int TrialCount = 200;
        SizeClasses classes = SizeClasses.Of(gas);
        ClassGrids grids = new(gas, _kinds);
        int[] candidates = new int[64];
        for (int c = classes.Count - 1; c >= 0; c--)
        {
            for (int id = 0; id < _kinds.Length; id++)
            {
                if (id % 1024 == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }

                if (classes.ClassOf[_kinds[id]] == c)
                {
                    CounterRandom random = new(seed, RandomStream.Growth, (uint)id);
                    int trial = 0;
                    do
                    {
                        _positions[id] = UniformPosition.Draw(ref random, gas.Box, 2 * _radii[_kinds[id]]);
                    }
                    while (c < classes.Count - 1 && ++trial < TrialCount && LiesInLarger(id));
                    if (c > 0)
                    {
                        grids.Insert(id, grids.CellOf(id, _positions[id]));
                    }
                }
            }
        }

        bool LiesInLarger(int id)
        {
            int found = grids.Collect(_kinds[id], _positions[id], 1, 0, ref candidates);
            foreach (int other in candidates.AsSpan(0, found))
            {
                double contact = _radii[_kinds[id]] + _radii[_kinds[other]];
                if (grids.ClassOf(other) > grids.ClassOf(id)
                    && _box.NearestImage(_positions[other] - _positions[id]).LengthSquared < contact * contact)
                {
                    return true;
                }
            }

            return false;
        }
    }

    private bool Grow(double packing, IProgress<double>? progress, CancellationToken cancellation)
    {
        double start = Math.Min(PortableMath.Pow(PackingAtStart / packing, 1.0 / _box.Dimension), 1);
        for (int n = 0; n < GrowthSweepCount; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            Sweep((start + (1 - start) * n / GrowthSweepCount) * (1 + Excesses[0]));
            progress?.Report(0.5 * (n + 1) / GrowthSweepCount);
        }

        foreach (double excess in Excesses)
        {
            double before = double.PositiveInfinity;
            for (int n = 1; n <= SweepCountMaxPerExcess; n++)
            {
                cancellation.ThrowIfCancellationRequested();
                double overlap = Sweep(1 + excess);
                // What the sweep met on its way is a fair guess of what it leaves.
                if (overlap < 4 * excess && LargestValidScale() >= 1 + Margin)
                {
                    WrapAll();
                    return true;
                }

                if (n % SweepCountPerCheck == 0)
                {
                    double now = TotalOverlap(1 + excess);
                    if (now > 0.9 * before)
                    {
                        break;
                    }

                    before = now;
                }
            }
        }

        return false;
    }

    // From a valid configuration by a gas of growing spheres; returns the scale that was reached.
    private double Compress(Gas gas, double scale, ulong seed, IProgress<double>? progress)
    {
        double reached = new GrowingSpheres(gas, _kinds, _positions, _list, seed, _cancellation).Run(scale, 1 + 2 * Margin, progress);
        if (reached < 1)
        {
            return reached;
        }

        double valid = LargestValidScale();
        WrapAll();
        return valid;
    }

    // Takes the distances back until a valid configuration is found; returns its scale.
    private double Shrink(CancellationToken cancellation)
    {
        double scale = 1;
        while (true)
        {
            scale *= 0.99;
            for (int n = 0; n < SweepCountPerCheck; n++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Sweep(scale * (1 + Excesses[^1])) < 4 * Excesses[^1] && LargestValidScale() >= scale)
                {
                    return scale;
                }
            }
        }
    }

    // One pass over all pairs and tuples at the given scale; returns the largest relative overlap that was met.
    private double Sweep(double scale)
    {
        _sweepCount++;
        _list.Refresh();
        double worst = 0;
        for (int i = 0; i < _positions.Length; i++)
        {
            ReadOnlySpan<int> neighbors = _list.NeighborsOf(i);
            foreach (int j in neighbors)
            {
                worst = Math.Max(worst, SeparatePair(i, j, scale));
            }

            foreach (Zone zone in _zones)
            {
                if (neighbors.Length >= zone.Order - 1)
                {
                    _members[0] = i;
                    worst = Math.Max(worst, SeparateTuples(zone, neighbors, 0, 1, scale * zone.Distance));
                }
            }
        }

        for (int i = 0; i < _positions.Length; i++)
        {
            _positions[i] = Inside(_positions[i], _radii[_kinds[i]]);
        }

        return worst;
    }

    private double SeparatePair(int i, int j, double scale)
    {
        Vec3 r = _box.NearestImage(_positions[j] - _positions[i]);
        double contact = scale * (_radii[_kinds[i]] + _radii[_kinds[j]]);
        double squared = r.LengthSquared;
        if (squared >= contact * contact)
        {
            return 0;
        }

        double distance = Math.Sqrt(squared), share = ShareOf(i, j);
        Vec3 push = distance > 0 ? r * (share * (contact - distance) / distance) : new Vec3(share * contact, 0, 0);
        _positions[i] -= push;
        _positions[j] += share == 0.5 ? push : push * ((1 - share) / share);
        return 1 - distance / contact;
    }

    private double SeparateTuples(Zone zone, ReadOnlySpan<int> neighbors, int from, int size, double distance)
    {
        double worst = 0;
        for (int n = from; n < neighbors.Length; n++)
        {
            Poll();
            _members[size] = neighbors[n];
            double sum = SumOfSquares(size + 1);
            if (size + 1 < zone.Order)
            {
                // The rest of the tuple raises a sum over j members by the factor k/j at least (OverlapCheck says why).
                if (sum * zone.Order < distance * distance * (size + 1))
                {
                    worst = Math.Max(worst, SeparateTuples(zone, neighbors, n + 1, size + 1, distance));
                }
            }
            else if (sum < distance * distance && sum > 0)
            {
                double present = Math.Sqrt(sum);
                ScaleAboutCentroid(zone.Order, distance / present);
                worst = Math.Max(worst, 1 - present / distance);
            }
        }

        return worst;
    }

    // d_j^2 of the first members, at their present positions, as seen from the first one.
    private double SumOfSquares(int size)
    {
        double sum = 0;
        for (int m = 0; m < size; m++)
        {
            _lifted[m] = _box.NearestImage(_positions[_members[m]] - _positions[_members[0]]);
            for (int l = 0; l < m; l++)
            {
                sum += (_lifted[m] - _lifted[l]).LengthSquared;
            }
        }

        return sum;
    }

    private void ScaleAboutCentroid(int order, double factor)
    {
        Vec3 centroid = Vec3.Zero;
        for (int m = 0; m < order; m++)
        {
            centroid += _lifted[m];
        }

        centroid *= 1.0 / order;
        for (int m = 0; m < order; m++)
        {
            _positions[_members[m]] += (factor - 1) * (_lifted[m] - centroid);
        }
    }

    // The largest factor of all distances, at most 2, at which the present configuration is valid.
    private double LargestValidScale()
    {
        _list.Refresh();
        double smallest = 2;
        for (int i = 0; i < _positions.Length; i++)
        {
            ReadOnlySpan<int> neighbors = _list.NeighborsOf(i);
            foreach (int j in neighbors)
            {
                double squared = _box.NearestImage(_positions[j] - _positions[i]).LengthSquared;
                smallest = Math.Min(smallest, Math.Sqrt(squared) / (_radii[_kinds[i]] + _radii[_kinds[j]]));
            }

            _members[0] = i;
            foreach (Zone zone in _zones)
            {
                smallest = SmallestScale(zone, neighbors, 0, 1, smallest);
            }
        }

        return smallest;
    }

    private double SmallestScale(Zone zone, ReadOnlySpan<int> neighbors, int from, int size, double smallest)
    {
        for (int n = from; n < neighbors.Length; n++)
        {
            Poll();
            _members[size] = neighbors[n];
            double scale = Math.Sqrt(SumOfSquares(size + 1) * zone.Order / (size + 1)) / zone.Distance;
            if (scale < smallest)
            {
                smallest = size + 1 == zone.Order ? scale : SmallestScale(zone, neighbors, n + 1, size + 1, smallest);
            }
        }

        return smallest;
    }

    private void Poll()
    {
        if ((++_stepCount & StepsPerPoll) == 0)
        {
            _cancellation.ThrowIfCancellationRequested();
        }
    }

    private double TotalOverlap(double scale)
    {
        _list.Refresh();
        double sum = 0;
        for (int i = 0; i < _positions.Length; i++)
        {
            foreach (int j in _list.NeighborsOf(i))
            {
                double contact = scale * (_radii[_kinds[i]] + _radii[_kinds[j]]);
                double squared = _box.NearestImage(_positions[j] - _positions[i]).LengthSquared / (contact * contact);
                sum += squared < 1 ? (1 - squared) * (1 - squared) : 0;
            }
        }

        return sum;
    }

    private Vec3 Inside(Vec3 position, double radius)
    {
        for (int axis = 0; axis < _box.Dimension; axis++)
        {
            if (!_box.IsPeriodic(axis))
            {
                double margin = _box.IsReflecting(axis) ? radius : 0;
                double x = position[axis];
                position = position.With(axis, Math.Max(margin, Math.Min(x, _box.Lengths[axis] - margin)));
            }
        }

        return position;
    }

    private void WrapAll()
    {
        for (int i = 0; i < _positions.Length; i++)
        {
            _positions[i] = NeighborList.Wrap(_box, _positions[i]);
        }
    }
}
