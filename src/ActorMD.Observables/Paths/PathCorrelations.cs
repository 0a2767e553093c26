using System.Runtime.InteropServices;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Statistics;
using ActorMD.Physics;

namespace ActorMD.Observables.Paths;

/// <summary>Displacements and velocities of all particles since several origins of time, from the events alone.</summary>
/// <remarks>
/// <para>
/// Between two events a particle flies freely, so the sums over all particles of v(0).v(t) and |r(t) - r(0)|^2 are a constant and a
/// polynomial of t: an event changes them by a few terms of its participants. So a sample costs the same few operations for any number of
/// particles, and the engine is not stopped for it. With R = sum |r - r(0)|^2, W = sum (r - r(0)).v, V = sum v^2: dR/dt = 2 W and dW/dt =
/// V; an event at time t changes W by (r - r(0)).(v' - v) and V by v'^2 - v^2.
/// </para>
/// <para>Positions are not wrapped. Where all sides are periodic, velocities are those relative to the centre of mass.</para>
/// </remarks>
internal sealed class PathCorrelations
{
    // A particle: x, y, z, time of its last event, vx, vy, vz, unused; then for every slot x, y, z, vx, vy, vz at the origin that has it.
    // All of a particle lies together, since an event needs all of it, and memory is slower than this arithmetic.
    private const int OwnSize = 8, OriginSize = 6;

    private readonly int _speciesCount;
    private readonly int[] _speciesOf;
    private readonly int[] _counts;
    private readonly double _every;
    private readonly int[] _lags;
    private readonly int _originSteps;
    private readonly bool _isMoving; // with the centre of mass
    private readonly Gas _gas;
    private readonly BlockMeans[] _means; // by lag: of every species v(0).v(t), then |r(t) - r(0)|^2
    private readonly double[] _values;
    private readonly double[] _squares; // by species: V at the sample before
    private readonly double[] _squareChange; // by species, since then: of V, of V times the time to the next sample, of V times its square
    private readonly List<Origin> _origins = [];
    private readonly Stack<int> _freeSlots;
    private readonly int _stride;
    private double[] _particles = [];
    private Vec3 _drift;
    private double _start;
    private double _nextTime = double.PositiveInfinity;
    private long _next; // index of the next sample

    /// <param name="gas">What is simulated.</param>
    /// <param name="speciesOf">By particle.</param>
    /// <param name="every">Time between two samples.</param>
    /// <param name="plan">The delays.</param>
    public PathCorrelations(Gas gas, int[] speciesOf, double every, LagPlan plan)
    {
        (_gas, _speciesOf, _every, _speciesCount) = (gas, speciesOf, every, gas.Species.Length);
        _lags = plan.Steps(every);
        _originSteps = plan.OriginSteps(every);
        _isMoving = !gas.Box.Has(Boundary.Reflecting) && !gas.Box.Has(Boundary.Open);
        _counts = new int[_speciesCount];
        foreach (int species in speciesOf)
        {
            _counts[species]++;
        }

        _values = new double[2 * _speciesCount];
        _means = [.. _lags.Select(_ => new BlockMeans(_values.Length))];
        _squares = new double[_speciesCount];
        _squareChange = new double[3 * _speciesCount];
        int slots = _lags[^1] / _originSteps + 1; // as many origins as there can be at a time
        _freeSlots = new(Enumerable.Range(0, slots).Reverse());
        _stride = OwnSize + OriginSize * slots;
    }

    /// <summary>The delays, simulation time.</summary>
    public double Lag(int index) => _lags[index] * _every;

    /// <summary>Number of delays.</summary>
    public int LagCount => _lags.Length;

    /// <summary>v(0).v(t), mean over the particles of a species and over the origins.</summary>
    public double Velocity(int lag, int species) => _means[lag].Mean(species);

    public double VelocityError(int lag, int species) => _means[lag].Error(species);

    /// <summary>|r(t) - r(0)|^2, mean over the particles of a species and over the origins.</summary>
    public double Displacement(int lag, int species) => _means[lag].Mean(_speciesCount + species);

    public double DisplacementError(int lag, int species) => _means[lag].Error(_speciesCount + species);

    /// <summary>Number of origins from which a delay was reached.</summary>
    public long OriginCount(int lag) => _means[lag].Count;

    public void Begin(SystemState state)
    {
        _particles = new double[_stride * state.Particles.Length];
        _start = state.AbsoluteTime;
        _drift = _isMoving ? MeanVelocity.Of(_gas, state) : Vec3.Zero;
        for (int id = 0; id < state.Particles.Length; id++)
        {
            ref readonly ParticleState particle = ref state.Particles[id];
            Span<double> p = _particles.AsSpan(_stride * id, OwnSize);
            Vec3 position = particle.PositionAt(state.Time), velocity = particle.Velocity - _drift;
            (p[0], p[1], p[2], p[3]) = (position.X, position.Y, position.Z, _start);
            (p[4], p[5], p[6]) = (velocity.X, velocity.Y, velocity.Z);
            _squares[particle.Species] += velocity.LengthSquared;
        }

        _nextTime = _start;
        AdvanceTo(_start);
    }

    public void OnEvent(in EventView happened)
    {
        double time = happened.Time;
        while (_nextTime < time)
        {
            Step();
        }

        double left = _nextTime - time;
        Span<Origin> origins = CollectionsMarshal.AsSpan(_origins);
        for (int k = 0; k < happened.Ids.Length; k++)
        {
            int species = happened.Species[k];
            Span<double> p = _particles.AsSpan(_stride * happened.Ids[k], _stride);
            double flight = time - p[3];
            double x = p[0] + p[4] * flight, y = p[1] + p[5] * flight, z = p[2] + p[6] * flight;
            Vec3 after = happened.After[k] - _drift;
            double dx = after.X - p[4], dy = after.Y - p[5], dz = after.Z - p[6];
            double square = after.LengthSquared - (p[4] * p[4] + p[5] * p[5] + p[6] * p[6]);
            (p[0], p[1], p[2], p[3], p[4], p[5], p[6]) = (x, y, z, time, after.X, after.Y, after.Z);
            _squareChange[3 * species] += square;
            _squareChange[3 * species + 1] += square * left;
            _squareChange[3 * species + 2] += square * left * left;
            foreach (Origin origin in origins)
            {
                ReadOnlySpan<double> o = p.Slice(OwnSize + OriginSize * origin.Slot, OriginSize);
                double push = (x - o[0]) * dx + (y - o[1]) * dy + (z - o[2]) * dz;
                Span<double> sums = origin.Sums.AsSpan(3 * species, 3);
                sums[0] += o[3] * dx + o[4] * dy + o[5] * dz;
                sums[1] += push;
                sums[2] += 2 * push * left;
            }
        }
    }

    /// <summary>Takes the samples up to a time, whose events have been given.</summary>
    public void AdvanceTo(double time)
    {
        while (_nextTime <= time)
        {
            Step();
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_particles.Length);
        writer.Write(_start);
        writer.Write(_nextTime);
        writer.Write(_next);
        Bytes.Write(writer, [_drift.X, _drift.Y, _drift.Z]);
        Bytes.Write(writer, _particles);
        Bytes.Write(writer, _squares);
        Bytes.Write(writer, _squareChange);
        writer.Write(_origins.Count);
        foreach (Origin origin in _origins)
        {
            writer.Write(origin.Index);
            writer.Write(origin.Slot);
            Bytes.Write(writer, origin.Sums);
        }

        foreach (BlockMeans means in _means)
        {
            means.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        if (length != 0 && length != _stride * _speciesOf.Length)
        {
            throw new InvalidDataException("paths of another number of particles");
        }

        _particles = new double[length];
        _start = reader.ReadDouble();
        _nextTime = reader.ReadDouble();
        _next = reader.ReadInt64();
        double[] drift = new double[3];
        Bytes.Read(reader, drift);
        _drift = new Vec3(drift[0], drift[1], drift[2]);
        Bytes.Read(reader, _particles);
        Bytes.Read(reader, _squares);
        Bytes.Read(reader, _squareChange);
        int count = reader.ReadInt32();
        _origins.Clear();
        List<int> free = [.. Enumerable.Range(0, (_stride - OwnSize) / OriginSize).Reverse()];
        for (int n = 0; n < count; n++)
        {
            Origin origin = new(reader.ReadInt64(), reader.ReadInt32(), new double[3 * _speciesCount]);
            free.Remove(origin.Slot);
            Bytes.Read(reader, origin.Sums);
            _origins.Add(origin);
        }

        _freeSlots.Clear();
        free.ForEach(_freeSlots.Push);

        foreach (BlockMeans means in _means)
        {
            means.Load(reader);
        }
    }

    // A sample at its time, after all events up to it, and the way to the next one.
    private void Step()
    {
        Sample();
        _next++;
        double next = _start + _next * _every, step = next - _nextTime;
        _nextTime = next;
        foreach (Origin origin in _origins)
        {
            for (int species = 0; species < _speciesCount; species++)
            {
                Span<double> sums = origin.Sums.AsSpan(3 * species, 3);
                sums[2] += (2 * sums[1] + _squares[species] * step) * step;
                sums[1] += _squares[species] * step;
            }
        }
    }

    private void Sample()
    {
        for (int species = 0; species < _speciesCount; species++)
        {
            _squares[species] += _squareChange[3 * species];
            foreach (Origin origin in _origins)
            {
                origin.Sums[3 * species + 1] += _squareChange[3 * species + 1];
                origin.Sums[3 * species + 2] += _squareChange[3 * species + 2];
            }
        }

        Array.Clear(_squareChange);
        if (_next % _originSteps == 0)
        {
            _origins.Add(NewOrigin());
        }

        foreach (Origin origin in _origins)
        {
            int lag = Array.BinarySearch(_lags, (int)(_next - origin.Index));
            if (lag < 0)
            {
                continue;
            }

            for (int species = 0; species < _speciesCount; species++)
            {
                _values[species] = origin.Sums[3 * species] / _counts[species];
                _values[_speciesCount + species] = origin.Sums[3 * species + 2] / _counts[species];
            }

            _means[lag].Add(_values);
        }

        while (_origins.Count > 0 && _next - _origins[0].Index >= _lags[^1])
        {
            _freeSlots.Push(_origins[0].Slot);
            _origins.RemoveAt(0);
        }
    }

    private Origin NewOrigin()
    {
        int slot = _freeSlots.Pop();
        double[] sums = new double[3 * _speciesCount];
        for (int id = 0; id < _speciesOf.Length; id++)
        {
            Span<double> p = _particles.AsSpan(_stride * id, _stride), o = p.Slice(OwnSize + OriginSize * slot, OriginSize);
            double flight = _nextTime - p[3];
            (o[0], o[1], o[2]) = (p[0] + p[4] * flight, p[1] + p[5] * flight, p[2] + p[6] * flight);
            (o[3], o[4], o[5]) = (p[4], p[5], p[6]);
            sums[3 * _speciesOf[id]] += p[4] * p[4] + p[5] * p[5] + p[6] * p[6];
        }

        return new Origin(_next, slot, sums);
    }

    /// <summary>An origin of time.</summary>
    /// <param name="Index">Of its sample.</param>
    /// <param name="Slot">Where every particle has its position and velocity at it.</param>
    /// <param name="Sums">
    /// By species: of v(0).v as of now; W and R as they will be at the next sample if nothing happens until then.
    /// </param>
    private sealed record Origin(long Index, int Slot, double[] Sums);
}
