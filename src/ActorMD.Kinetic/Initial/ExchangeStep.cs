using System.Collections.Immutable;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>
/// The step of the conditioned chain for particles so large that no free position for them is ever drawn: a large one moves to a new
/// position, and what was there comes to where it was.
/// </summary>
/// <remarks>
/// The position x' is drawn as in an ordinary step. The particle is reflected about the midpoint of x and x', which brings it to x'; what
/// it overlaps with there is reflected about the same point, and so is what these overlap with, until nothing overlaps. That is the
/// cluster move of Dress and Krauth, J. Phys. A 28 (1995) L597: it preserves volume, and it is symmetric, since the same reflection from
/// the new configuration finds the same particles and brings all back. So the conditioned law of independent uniform positions stays what
/// it is. A result that is not valid (walls, zones) is not kept, and neither are clusters beyond a size. With density profiles a
/// step is kept with probability min(1, product of the reflected particles' densities at their new positions over those at their old
/// ones); that of the large one is in the draw.
/// </remarks>
internal sealed class ExchangeStep
{
    /// <summary>
    /// A species needs this step where more smaller particles than this lie, on average, in the volume that one excludes.
    /// </summary>
    private const double ExcludedCountMin = 6;

    /// <summary>Where the surface of a large particle cuts fewer pairs than this, on average, it often cuts none.</summary>
    private const double CutPairsMax = 9;

    /// <summary>
    /// Else the particles that are cut must not overlap with more than this number of others each, on average, where they are reflected
    /// to: clusters would have no end.
    /// </summary>
    private const double BranchingMax = 0.9;

    private const int ClusterMin = 100;
    private const int ClusterPerExcluded = 8;

    private readonly Box _box;
    private readonly int[] _kinds;
    private readonly Vec3[] _positions;
    private readonly SlotGrids _grids;
    private readonly PhaseSpace _phaseSpace;
    private readonly PositionLaw[] _laws;
    private readonly double[] _radii;
    private readonly bool[] _isLarge;
    private readonly bool[] _isReflected;
    private readonly int _clusterMax;
    private readonly List<int> _reflected = [];
    private readonly List<Vec3> _reflectedTo = [];
    private int[] _candidates = new int[64];

    public ExchangeStep(
        Gas gas, ImmutableArray<int> counts, int[] kinds, Vec3[] positions, SlotGrids grids, PhaseSpace phaseSpace, PositionLaw[] laws)
    {
        (_box, _kinds, _positions, _grids, _phaseSpace, _laws) = (gas.Box, kinds, positions, grids, phaseSpace, laws);
        _radii = [.. gas.Kinds.Select(kind => 0.5 * kind.Diameter)];
        SizeGroups groups = SizeGroups.Of(gas, counts);
        (Gas mixture, counts) = (groups.Gas, groups.Counts);
        int[] present = [.. Enumerable.Range(0, counts.Length).Where(a => counts[a] > 0)];
        bool[] isLarge = [.. Enumerable.Range(0, counts.Length)
            .Select(a => counts[a] > 0 && ExcludedCount(mixture, counts, a, b => IsSmaller(mixture, b, a)) > ExcludedCountMin)];
        _isLarge = [.. groups.GroupOf.Select(group => isLarge[group])];
        LargeCount = present.Sum(a => isLarge[a] ? counts[a] : 0);
        IsRestful = LargeCount == 1 && laws.All(law => law.IsUniform) && Enumerable.Range(0, gas.Dimension).All(gas.Box.IsPeriodic);
        _isReflected = new bool[LargeCount > 0 ? kinds.Length : 0];
        if (LargeCount > 0)
        {
            double excluded = present.Max(a => ExcludedCount(mixture, counts, a, b => IsSmaller(mixture, b, a)));
            _clusterMax = (int)Math.Min(ClusterMin + ClusterPerExcluded * excluded, 0.5 * kinds.Length + 1);
            CutPairs = present.Where(a => isLarge[a]).Max(a => CutPairsOf(mixture, counts, a));
            int[] small = [.. present.Where(a => !isLarge[a])];
            Branching = small.Sum(a => counts[a] * ExcludedCount(mixture, counts, a, b => !isLarge[b]))
                / Math.Max(1, small.Sum(a => (double)counts[a]));
        }
    }

    /// <summary>How many particles need this step.</summary>
    public int LargeCount { get; }

    /// <summary>
    /// Whether they may stay where they are: a single one in a uniform gas without walls. Its position is uniform and independent of how
    /// the others lie around it.
    /// </summary>
    public bool IsRestful { get; }

    /// <summary>Pairs of smaller particles that the surface of a large one cuts, on average, if it is put anywhere.</summary>
    public double CutPairs { get; }

    /// <summary>With how many others a small particle would overlap, on average, if it is put anywhere.</summary>
    public double Branching { get; }

    /// <summary>Whether steps can be kept often enough.</summary>
    public bool IsPossible => IsRestful || CutPairs < CutPairsMax || Branching < BranchingMax;

    public bool IsLarge(int id) => _isLarge[_kinds[id]];

    /// <summary>One step of a large particle. Returns whether it was kept.</summary>
    public bool Try(int id, ref CounterRandom random)
    {
        bool isKept = Reflect(id, _laws[_kinds[id]].Draw(ref random), out double share) && (share >= 1 || random.NextUniform() < share);
        if (isKept)
        {
            Exchange();
            if (!_reflected.TrueForAll(k => _phaseSpace.HasRoomFor(k, _positions[k])))
            {
                Exchange();
                isKept = false;
            }
        }

        foreach (int reflected in _reflected)
        {
            _isReflected[reflected] = false;
        }

        return isKept;
    }

    // The cluster, and where all of it comes to. Returns false if a position is outside, or the cluster too large.
    private bool Reflect(int id, Vec3 position, out double share)
    {
        Vec3 old = _positions[id];
        share = 1;
        _reflected.Clear();
        _reflectedTo.Clear();
        Add(id);
        for (int n = 0; n < _reflected.Count; n++)
        {
            int next = _reflected[n];
            Vec3 before = _positions[next], after = n == 0 ? position : NeighborList.Wrap(_box, old - _box.NearestImage(before - position));
            if (!IsInside(after, _radii[_kinds[next]]))
            {
                return false;
            }

            share *= n == 0 ? 1 : _laws[_kinds[next]].DensityAt(after) / _laws[_kinds[next]].DensityAt(before);
            _reflectedTo.Add(after);
            AddOverlapping(next, after);
            if (_reflected.Count > _clusterMax)
            {
                return false;
            }
        }

        return true;
    }

    private void AddOverlapping(int id, Vec3 position)
    {
        int found = _grids.Collect(_kinds[id], position, 1, ref _candidates);
        for (int n = 0; n < found; n++)
        {
            int other = _candidates[n];
            double contact = _radii[_kinds[id]] + _radii[_kinds[other]];
            if (!_isReflected[other] && _box.NearestImage(_positions[other] - position).LengthSquared < contact * contact)
            {
                Add(other);
            }
        }
    }

    private void Add(int id)
    {
        _isReflected[id] = true;
        _reflected.Add(id);
    }

    // All to their other positions.
    private void Exchange()
    {
        for (int n = 0; n < _reflected.Count; n++)
        {
            Vec3 before = _positions[_reflected[n]];
            Move(_reflected[n], _reflectedTo[n]);
            _reflectedTo[n] = before;
        }
    }

    private void Move(int id, Vec3 position)
    {
        _grids.Remove(id, _grids.CellOf(id, _positions[id]));
        _positions[id] = position;
        _grids.Insert(id, _grids.CellOf(id, position), position);
    }

    // Between walls, and inside open sides as all that are drawn there.
    private bool IsInside(Vec3 position, double radius)
    {
        for (int axis = 0; axis < _box.Dimension; axis++)
        {
            double margin = _box.IsReflecting(axis) ? radius : 0;
            if (!_box.IsPeriodic(axis) && (position[axis] < margin || position[axis] > _box.Lengths[axis] - margin))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSmaller(Gas gas, int a, int b) => gas.Species[a].Diameter < gas.Species[b].Diameter;

    // Particles of some species in the volume that one excludes.
    private static double ExcludedCount(Gas gas, ImmutableArray<int> counts, int species, Func<int, bool> counted)
    {
        double sum = 0;
        for (int b = 0; b < counts.Length; b++)
        {
            if (counted(b))
            {
                double contact = gas.ContactDistance(species, b);
                sum += counts[b] / gas.Box.Volume
                    * (gas.Dimension == 3 ? 4.0 / 3 * Math.PI * contact * contact * contact : Math.PI * contact * contact);
            }
        }

        return sum;
    }

    // Of pairs within their contact distance d across a flat surface there are n_a n_b pi d^4/4 per area, in two dimensions 2 d^3/3 per
    // length: the first is at a depth below d, the second in the cap beyond.
    private static double CutPairsOf(Gas gas, ImmutableArray<int> counts, int large)
    {
        double sum = 0;
        for (int a = 0; a < counts.Length; a++)
        {
            for (int b = 0; b < counts.Length; b++)
            {
                if (a == large || b == large)
                {
                    continue;
                }

                double d = gas.ContactDistance(a, b), r = gas.ContactDistance(large, a),
                    pairs = counts[a] / gas.Box.Volume * (counts[b] / gas.Box.Volume);
                sum += pairs
                    * (gas.Dimension == 3 ? 4 * Math.PI * r * r * Math.PI * d * d * d * d / 4 : 2 * Math.PI * r * 2 * d * d * d / 3);
            }
        }

        return sum;
    }
}
