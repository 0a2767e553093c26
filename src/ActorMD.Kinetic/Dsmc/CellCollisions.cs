using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.Laws;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>Lets the particles of one cell collide for one step: the Markov process of Kac and Bird, without time-step error.</summary>
/// <remarks>
/// Problem: every set of k particles collides at a rate CrossSection G / V^(k-1) that changes with each collision, and no program
/// can look at all sets.
/// Idea: candidates come as a Poisson process of a constant rate that is not below the true one, with the largest G that is
/// possible; each is accepted with probability G / Gmax. Their number in a step is drawn from Poisson's law; the order in time
/// is the order of drawing, so that no times are needed.
/// The majorant is proved, not learned: with C_a the largest speed of an a-particle of this cell relative to a common velocity,
/// G &lt;= C_a + C_b for pairs, and G^2 &lt;= k sum C^2 for k particles. A collision may raise a speed above C_a. Then, and only
/// then, the moment of that collision is drawn (the m-th of n uniform times), C_a is raised, and the rest of the step is drawn
/// anew, which is exact because a Poisson process has no memory. So no candidate is ever met with a rate that is too low.
/// One bound per species and cell, hence one majorant per channel: light, fast species do not slow down the others, and
/// neither does a hot place elsewhere.
/// </remarks>
internal sealed class CellCollisions
{
    private readonly int _dimension;
    private readonly double[] _masses;
    private readonly ImmutableArray<CollisionChannel> _channels;
    private readonly double[] _rateFactors;
    private readonly double _weight;
    private double _densityOfOne;
    private readonly bool _hasResponses;
    private readonly OneGasCollisions? _oneGas;
    private readonly double[] _massShares;
    private readonly bool[] _isPair;
    private readonly (int First, int Second)[] _pairs;
    private readonly double[] _maxima;
    private readonly double[] _means;
    private readonly double[] _speedSquares;
    private readonly int[] _members;
    private readonly Vec3[] _velocities;
    private readonly Vec3[] _directions;
    private readonly Vec3[] _deviations;
    private readonly double[] _memberMasses;

    private Vec3 _reference;
    private bool _isRaised;

    /// <param name="gas">Box and species.</param>
    /// <param name="channels">All kinds of collisions.</param>
    /// <param name="weight">Real particles for one simulated particle.</param>
    /// <param name="cellVolume">Of every cell.</param>
    public CellCollisions(Gas gas, ImmutableArray<CollisionChannel> channels, double weight, double cellVolume)
    {
        _dimension = gas.Dimension;
        _masses = [.. gas.Species.Select(s => s.Mass)];
        _channels = channels;
        _rateFactors = [.. channels.Select(c => c.RateFactor(weight / cellVolume))];
        _weight = weight;
        _densityOfOne = weight / cellVolume;
        _hasResponses = channels.Any(c => !c.Response.IsEmpty);
        _oneGas = gas.Dimension == 3 && _masses.Length == 1 && channels is [{ Order: 2, Exponent: 1 }] && !_hasResponses ? new() : null;
        _massShares = [.. channels.Select(c => _masses[c.Members[0]] / (_masses[c.Members[0]] + _masses[c.Members[1]]))];
        _isPair = [.. channels.Select(c => c is { Order: 2, Exponent: 1 })];
        _pairs = [.. channels.Select(c => (c.Members[0], c.Members[1]))];
        _maxima = new double[channels.Length];
        _means = new double[channels.Length];
        _speedSquares = new double[_masses.Length];
        int orderMax = channels.Max(c => c.Order);
        _members = new int[orderMax];
        _velocities = new Vec3[orderMax];
        _directions = new Vec3[orderMax];
        _deviations = new Vec3[orderMax];
        _memberMasses = new double[orderMax];
        Attempts = new long[channels.Length];
        Collisions = new long[channels.Length];
    }

    public long[] Attempts { get; }

    public long[] Collisions { get; }

    public long Raises { get; private set; }

    /// <summary>Changes the volume of all cells.</summary>
    public void Resize(double cellVolume)
    {
        _densityOfOne = _weight / cellVolume;
        for (int c = 0; c < _rateFactors.Length; c++)
        {
            _rateFactors[c] = _channels[c].RateFactor(_densityOfOne);
        }
    }

    /// <summary>Goes on from earlier counts.</summary>
    public void Restore(ReadOnlySpan<long> attempts, ReadOnlySpan<long> collisions, long raises)
    {
        attempts.CopyTo(Attempts);
        collisions.CopyTo(Collisions);
        Raises = raises;
    }

    /// <summary>Collides the particles of neighbouring cells where the gas is one for which that is quicker.</summary>
    /// <param name="particles">All, sorted.</param>
    /// <param name="starts">Where the particles of each of the solver's cells begin, and where those of the last one end.</param>
    /// <param name="cells">Which of them.</param>
    /// <param name="duration">The step.</param>
    /// <param name="key">Of the step.</param>
    /// <returns>Whether it was done.</returns>
    public bool TryRunMany(DsmcParticles particles, ReadOnlySpan<int> starts, Range cells, double duration, in StepKey key)
    {
        if (_oneGas is null)
        {
            return false;
        }

        (long attempts, long collisions, long raises) = _oneGas.Run(particles, starts, cells, _rateFactors[0], duration, key);
        Attempts[0] += attempts;
        Collisions[0] += collisions;
        Raises += raises;
        return true;
    }

    /// <summary>Collides the particles of one cell.</summary>
    /// <param name="particles">All, sorted.</param>
    /// <param name="starts">Where the species of the cell begin, and where the last one ends.</param>
    /// <param name="duration">The step.</param>
    /// <param name="random">Of this cell and step.</param>
    public void Run(DsmcParticles particles, ReadOnlySpan<int> starts, double duration, ref StreamRandom random)
    {
        ref double vx = ref MemoryMarshal.GetArrayDataReference(particles.Velocities[0]);
        ref double vy = ref MemoryMarshal.GetArrayDataReference(particles.Velocities[1]);
        ref double vz = ref MemoryMarshal.GetArrayDataReference(particles.Velocities[2]);
        FindSpeeds(ref vx, ref vy, ref vz, starts);
        double left = duration;
        while (true)
        {
            double candidates = FindRates(starts, left);
            long drawn = PoissonCount.Draw(ref random, candidates);
            long done = 0;
            _isRaised = false;
            while (done < drawn && !_isRaised)
            {
                done++;
                int channel = _channels.Length == 1 ? 0 : Choose(random.NextUniform() * candidates);
                Attempts[channel]++;
                bool collided = _isPair[channel]
                    ? TryPair(channel, ref vx, ref vy, ref vz, starts, ref random)
                    : TryTuple(channel, ref vx, ref vy, ref vz, starts, ref random);
                if (collided)
                {
                    Collisions[channel]++;
                }
            }

            if (!_isRaised)
            {
                return;
            }

            Raises++;
            left *= 1 - random.NextOrderStatistic(done, drawn);
        }
    }

    // A common velocity, the mean, and the largest speed of each species relative to it.
    private void FindSpeeds(ref double vx, ref double vy, ref double vz, ReadOnlySpan<int> starts)
    {
        int first = starts[0], end = starts[^1];
        double share = 1.0 / Math.Max(end - first, 1);
        double x = CellSpeeds.Sum(ref vx, first, end) * share, y = CellSpeeds.Sum(ref vy, first, end) * share,
            z = CellSpeeds.Sum(ref vz, first, end) * share;
        _reference = new Vec3(x, y, z);
        for (int a = 0; a < _speedSquares.Length; a++)
        {
            _speedSquares[a] = CellSpeeds.LargestSquare(ref vx, ref vy, ref vz, starts[a], starts[a + 1], x, y, z);
        }
    }

    // The mean number of candidates of each channel in the time that is left. All are raised alike until their sum has a Poisson
    // law of the table.
    private double FindRates(ReadOnlySpan<int> starts, double left)
    {
        const double Rounding = 1 + 1e-9; // the bound is proved for real numbers
        double sum = 0;
        for (int c = 0; c < _isPair.Length; c++)
        {
            double maximum, tuples;
            if (_isPair[c])
            {
                (int a, int b) = _pairs[c];
                double speed = Math.Sqrt(_speedSquares[a]);
                double count = starts[a + 1] - starts[a];
                maximum = a == b ? 2 * speed : speed + Math.Sqrt(_speedSquares[b]);
                tuples = count * (a == b ? count - 1 : starts[b + 1] - starts[b]);
            }
            else
            {
                (maximum, tuples) = BoundOfTuples(_channels[c], starts);
                maximum = _channels[c].Exponent == 1 ? maximum : Power(maximum * maximum, _channels[c].Exponent);
            }

            if (_hasResponses)
            {
                tuples *= Response(_channels[c], starts);
            }

            _maxima[c] = maximum * Rounding;
            _means[c] = tuples * _rateFactors[c] * _maxima[c] * left;
            sum += _means[c];
        }

        double rounded = PoissonCount.RoundUp(sum);
        double raise = sum > 0 ? rounded / sum : 1;
        for (int c = 0; c < _maxima.Length; c++)
        {
            _maxima[c] *= raise;
            _means[c] *= raise;
        }

        return rounded;
    }

    // The density around a tuple is that of the other particles: without bias in the mean, however few the cell has.
    private double Response(CollisionChannel channel, ReadOnlySpan<int> starts)
    {
        double exponent = 0;
        for (int a = 0; a < channel.Response.Length; a++)
        {
            exponent += channel.Response[a] * _densityOfOne * Math.Max(starts[a + 1] - starts[a] - channel.Multiplicities[a], 0);
        }

        return PortableMath.Exp(exponent);
    }

    // The largest possible G, and the number of ordered tuples: none where a species has too few particles.
    private (double Maximum, double Tuples) BoundOfTuples(CollisionChannel channel, ReadOnlySpan<int> starts)
    {
        double squares = 0, tuples = 1;
        for (int a = 0; a < _speedSquares.Length; a++)
        {
            int count = starts[a + 1] - starts[a];
            for (int m = 0; m < channel.Multiplicities[a]; m++)
            {
                tuples *= Math.Max(count - m, 0);
                squares += _speedSquares[a];
            }
        }

        return (Math.Sqrt(channel.Order * squares), tuples);
    }

    private int Choose(double point)
    {
        int last = 0;
        for (int c = 0; c < _means.Length; c++)
        {
            if (_means[c] > 0)
            {
                last = c;
                point -= _means[c];
                if (point < 0)
                {
                    break;
                }
            }
        }

        return last;
    }

    private bool TryPair(
        int channel, ref double vx, ref double vy, ref double vz, ReadOnlySpan<int> starts, ref StreamRandom random)
    {
        (int a, int b) = _pairs[channel];
        int i = starts[a] + random.NextInteger(starts[a + 1] - starts[a]);
        int j;
        if (a == b)
        {
            j = starts[b] + random.NextInteger(starts[b + 1] - starts[b] - 1);
            j += j >= i ? 1 : 0;
        }
        else
        {
            j = starts[b] + random.NextInteger(starts[b + 1] - starts[b]);
        }

        ref double xi = ref Unsafe.Add(ref vx, i), yi = ref Unsafe.Add(ref vy, i), zi = ref Unsafe.Add(ref vz, i);
        ref double xj = ref Unsafe.Add(ref vx, j), yj = ref Unsafe.Add(ref vy, j), zj = ref Unsafe.Add(ref vz, j);
        double gx = xi - xj, gy = yi - yj, gz = zi - zj;
        double squared = gx * gx + gy * gy + gz * gz;
        double threshold = random.NextUniform() * _maxima[channel];
        if (threshold * threshold >= squared)
        {
            return false;
        }

        // The change of the relative velocity. In space hard spheres scatter into all directions alike; in the plane the impact
        // parameter s is uniform, and the reflection w.g = |g| sqrt(1 - s^2) turns g accordingly.
        double dx, dy, dz = 0;
        if (_dimension == 3)
        {
            double speed = Math.Sqrt(squared);
            double p, q, radius;
            do
            {
                p = 2 * random.NextUniform() - 1;
                q = 2 * random.NextUniform() - 1;
                radius = p * p + q * q;
            }
            while (radius >= 1);
            double scale = 2 * speed * Math.Sqrt(1 - radius); // Marsaglia (1972)
            dx = scale * p - gx;
            dy = scale * q - gy;
            dz = speed * (1 - 2 * radius) - gz;
        }
        else
        {
            double s = 2 * random.NextUniform() - 1;
            double along = -2 * (1 - s * s), across = 2 * s * Math.Sqrt(1 - s * s);
            dx = along * gx - across * gy;
            dy = along * gy + across * gx;
        }

        double shareA = _massShares[channel], shareB = 1 - shareA;
        xi += shareB * dx;
        yi += shareB * dy;
        zi += shareB * dz;
        xj -= shareA * dx;
        yj -= shareA * dy;
        zj -= shareA * dz;
        Note(a, xi - _reference.X, yi - _reference.Y, zi - _reference.Z);
        Note(b, xj - _reference.X, yj - _reference.Y, zj - _reference.Z);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Note(int species, double x, double y, double z)
    {
        double squared = x * x + y * y + z * z;
        if (squared > _speedSquares[species])
        {
            _speedSquares[species] = squared;
            _isRaised = true;
        }
    }

    private bool TryTuple(
        int channel, ref double vx, ref double vy, ref double vz, ReadOnlySpan<int> starts, ref StreamRandom random)
    {
        CollisionChannel kind = _channels[channel];
        int order = kind.Order;
        Draw(kind, starts, ref random);
        Vec3 mean = Vec3.Zero;
        for (int m = 0; m < order; m++)
        {
            int i = _members[m];
            _velocities[m] = new Vec3(Unsafe.Add(ref vx, i), Unsafe.Add(ref vy, i), Unsafe.Add(ref vz, i));
            mean += _velocities[m];
        }

        mean *= 1.0 / order;
        double spread = 0;
        for (int m = 0; m < order; m++)
        {
            _deviations[m] = _velocities[m] - mean;
            spread += _deviations[m].LengthSquared;
        }

        double threshold = random.NextUniform() * _maxima[channel];
        if (kind.Exponent == 1 ? threshold * threshold >= order * spread : threshold >= Power(order * spread, kind.Exponent))
        {
            return false;
        }

        TupleDirection.Draw(_deviations.AsSpan(0, order), _dimension, ref random, _directions.AsSpan(0, order), kind.Exponent);
        for (int m = 0; m < order; m++)
        {
            _memberMasses[m] = _masses[kind.Members[m]];
        }

        TupleEvent.Collide(_directions.AsSpan(0, order), _memberMasses.AsSpan(0, order), _velocities.AsSpan(0, order));
        for (int m = 0; m < order; m++)
        {
            int i = _members[m];
            Vec3 velocity = _velocities[m];
            Unsafe.Add(ref vx, i) = velocity.X;
            Unsafe.Add(ref vy, i) = velocity.Y;
            Unsafe.Add(ref vz, i) = velocity.Z;
            Vec3 relative = velocity - _reference;
            Note(kind.Members[m], relative.X, relative.Y, relative.Z);
        }

        return true;
    }

    // G^gamma of G^2; a set at rest relative to itself never collides.
    private static double Power(double squared, double exponent) =>
        squared > 0 ? PortableMath.Exp(0.5 * exponent * PortableMath.Log(squared)) : 0;

    // Distinct particles of the channel's species, every set alike.
    private void Draw(CollisionChannel kind, ReadOnlySpan<int> starts, ref StreamRandom random)
    {
        for (int m = 0; m < kind.Order; m++)
        {
            int a = kind.Members[m];
            bool isNew;
            do
            {
                _members[m] = starts[a] + random.NextInteger(starts[a + 1] - starts[a]);
                isNew = !_members.AsSpan(0, m).Contains(_members[m]);
            }
            while (!isNew);
        }
    }
}
