using System.Collections.Immutable;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Hierarchy.Geometry;

/// <summary>
/// How much of the unsigned weight of the trees with k additions has a recollision: one tracked particle in free space, at equilibrium.
/// </summary>
/// <remarks>
/// At equilibrium the weight of a tree is the product of its G, whatever its signs, so that signs are drawn, one half each. Recollisions
/// live at additions close in time: t_1 - t_2, t_2 - t_3, ... are drawn with the density 1/x of a logarithm. Space is free (R^d), as in the
/// papers.
/// </remarks>
public sealed class RecollisionSampler
{
    /// <summary>Kinds of orders 2 to 9 and overlaps; see <see cref="Index"/>.</summary>
    public const int KindCount = 32;

    private const double ShortestGap = 1e-7;

    private readonly Gas _gas;
    private readonly ImmutableArray<Addition> _additions;
    private readonly double[] _deviations;
    private readonly double[] _rates;
    private readonly int _depth;
    private readonly double _time;
    private readonly double _separation;
    private readonly FlowOfFew _flow;
    private readonly PhaseSpaceOfFew _space;
    private readonly Adjunction _adjunction;
    private readonly Vec3[] _positions;
    private readonly Vec3[] _velocities;
    private readonly int[] _species;
    private readonly double[] _masses;
    private readonly Vec3[] _members;
    private readonly Vec3[] _normals;

    /// <param name="gas">Species and zones; its box is not used.</param>
    /// <param name="densities">n_a.</param>
    /// <param name="temperature">T of all species.</param>
    /// <param name="depth">k.</param>
    /// <param name="time">t.</param>
    /// <param name="separation">delta: times are at least this far apart.</param>
    public RecollisionSampler(Gas gas, IReadOnlyList<double> densities, double temperature, int depth, double time, double separation)
    {
        _gas = gas with { Box = Box.Of(gas.Dimension, new Vec3(1, 1, 1), Boundary.Open) };
        _additions = Addition.All(gas, CollisionChannel.All(gas), severalTracked: false);
        _deviations = [.. gas.Species.Select(s => Math.Sqrt(temperature / s.Mass))];
        _rates = [.. _additions.Select(a => a.Geometry * a.Added.GroupBy(b => b).Aggregate(
            1.0, (product, group) =>
                product * Math.Pow(densities[group.Key], group.Count()) / Enumerable.Range(1, group.Count())
                    .Aggregate(1.0, (p, m) => p * m)))];
        _depth = depth;
        _time = time;
        _separation = separation;
        _flow = new FlowOfFew(_gas);
        _space = new PhaseSpaceOfFew(_gas);
        int order = gas.OrderMax, most = 1 + depth * (order - 1);
        _adjunction = new Adjunction(order);
        _positions = new Vec3[most];
        _velocities = new Vec3[most];
        _species = new int[most];
        _masses = new double[order];
        _members = new Vec3[order];
        _normals = new Vec3[order];
    }

    /// <summary>Position of a kind among the sums: 0 none, 1 overlap, then added and existing for each order of the recollision.</summary>
    public static int Index(RecollisionKind kind, int order) => kind switch
    {
        RecollisionKind.None => 0,
        RecollisionKind.Overlap => 1,
        RecollisionKind.Added => 2 * order - 2,
        _ => 2 * order - 1,
    };

    /// <summary>Draws trees of a tracked particle of the first species.</summary>
    /// <param name="seed">Of all draws.</param>
    /// <param name="block">Number of these draws: another one, other numbers.</param>
    /// <param name="count">Trees.</param>
    /// <returns>Weights by kind: see <see cref="Index"/>.</returns>
    public double[] Draw(ulong seed, int block, int count)
    {
        StreamRandom random = new(new StepKey(seed, RandomStream.HierarchyGeometry, 1, 0), block);
        double[] sums = new double[KindCount];
        for (int n = 0; n < count; n++)
        {
            (double weight, int index) = Tree(ref random);
            sums[index] += weight;
        }

        return sums;
    }

    private (double Weight, int Index) Tree(ref StreamRandom random)
    {
        double weight = 1, now = _time;
        int count = 1, index = 0;
        _species[0] = 0;
        _positions[0] = Vec3.Zero;
        _velocities[0] = _deviations[0] * random.NextNormalVector(_gas.Dimension);
        for (int step = 0; step < _depth; step++)
        {
            double gap = Gap(step, now, ref random, ref weight);
            if (weight == 0)
            {
                return (0, 0);
            }

            int added = step == 0 ? 0 : _lastAdded;
            index = Fly(count, added, gap, index);
            now -= gap;
            count = Add(count, ref random, ref weight, ref index);
        }

        return (weight, Fly(count, _lastAdded, now, index));
    }

    private int _lastAdded;

    // t - t_1 is uniform; the later gaps have the density of a logarithm.
    private double Gap(int step, double now, ref StreamRandom random, ref double weight)
    {
        double shortest = Math.Max(_separation, step == 0 ? 0 : ShortestGap * _time);
        if (now <= shortest)
        {
            weight = 0;
            return 0;
        }

        if (step == 0)
        {
            weight *= now - shortest;
            return shortest + (now - shortest) * random.NextUniform();
        }

        double range = PortableMath.Log(now / shortest);
        double gap = shortest * PortableMath.Exp(range * random.NextUniform());
        weight *= range * gap;
        return gap;
    }

    // The true flow; only the first event of a tree is classified, and the tree goes on only for its weight.
    private int Fly(int count, int firstAdded, double duration, int index)
    {
        int events = _flow.GoBack(_species.AsSpan(0, count), _positions.AsSpan(0, count), _velocities.AsSpan(0, count), duration);
        if (events == 0 || index != 0)
        {
            return index;
        }

        bool hasAdded = false;
        foreach (int slot in _flow.FirstSlots)
        {
            hasAdded |= slot >= firstAdded;
        }

        return Index(hasAdded ? RecollisionKind.Added : RecollisionKind.Existing, _flow.FirstSlots.Length);
    }

    private int Add(int count, ref StreamRandom random, ref double weight, ref int index)
    {
        int active = random.NextInteger(count);
        weight *= count;
        // Kinds of steps of this particle, all alike.
        int choices = _additions.Count(a => a.Tracked[0] == _species[active]), chosen = random.NextInteger(choices);
        int number = 0;
        for (; ; number++)
        {
            if (_additions[number].Tracked[0] == _species[active] && chosen-- == 0)
            {
                break;
            }
        }

        Addition addition = _additions[number];
        weight *= choices * _rates[number];
        int order = addition.Order;
        for (int m = 0; m < order; m++)
        {
            int species = m == 0 ? _species[active] : addition.Added[m - 1];
            _members[m] = m == 0 ? _velocities[active] : _deviations[species] * random.NextNormalVector(_gas.Dimension);
            _masses[m] = _gas.Species[species].Mass;
            _normals[m] = random.NextNormalVector(_gas.Dimension);
        }

        _adjunction.Draw(_members.AsSpan(0, order), _masses.AsSpan(0, order), _normals, random.NextRayleigh());
        weight *= _adjunction.Spread;
        bool isGain = random.NextBits() >> 63 == 1;
        double scale = (isGain ? 1 : -1) * addition.Distance / Math.Sqrt(order);
        for (int m = 0; m < order; m++)
        {
            Vec3 velocity = isGain ? _adjunction.Collided[m] : _members[m];
            if (m == 0)
            {
                _velocities[active] = velocity;
                continue;
            }

            int slot = count + m - 1;
            _species[slot] = addition.Added[m - 1];
            _positions[slot] = _positions[active] + scale * (_adjunction.Directions[m] - _adjunction.Directions[0]);
            _velocities[slot] = velocity;
        }

        _lastAdded = count;
        count += order - 1;
        if (index == 0 && !_space.Holds(_species.AsSpan(0, count), _positions.AsSpan(0, count), _lastAdded))
        {
            index = Index(RecollisionKind.Overlap, 0);
        }

        return count;
    }
}
