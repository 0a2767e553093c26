using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Statistics;
using ActorMD.Physics;
using ActorMD.Physics.Events;

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
    // A particle: x, y, z, time of its last event, vx, vy, vz; then for every slot x, y, z, vx, vy, vz at the origin that has it, in
    // single precision: what is rounded there is the origin, whose error is random and far below that of a mean over particles. All of a
    // particle lies together in lines of memory of its own, since an event needs all of it, and memory is slower than this arithmetic.
    private const int OwnSize = 7, OriginSize = 3;
    private const int LineSize = 8; // numbers in a line of memory
    private const int Ahead = 4; // collisions whose lines are fetched before they are needed

    private static readonly Vector256<double> _threeOfFour = Vector256.Create(-1L, -1, -1, 0).AsDouble();

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
    // Sums are vectors of x, y, z, which are added up for a sample.
    private readonly Vector256<double>[] _squares; // by species: V at the sample before
    private readonly SquareChange[] _squareChange; // by species, since then
    private readonly OriginSums[] _sums; // by slot and species
    private readonly List<Origin> _origins = [];
    private readonly Stack<int> _freeSlots;
    private readonly int _stride;
    private readonly int _slotCount;
    private double[] _particles = [];
    private int _first; // where the first particle is
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
        _means = BlockMeans.Several(_lags.Length, _values.Length);
        _squares = new Vector256<double>[_speciesCount];
        _squareChange = new SquareChange[_speciesCount];
        _slotCount = _lags[^1] / _originSteps + 1; // as many origins as there can be at a time
        _sums = new OriginSums[_slotCount * _speciesCount];
        _freeSlots = new(_slotCount);
        for (int slot = _slotCount - 1; slot >= 0; slot--)
        {
            _freeSlots.Push(slot);
        }

        _stride = (OwnSize + OriginSize * _slotCount + LineSize - 1) / LineSize * LineSize;
    }

    private bool HasBegun => _nextTime < double.PositiveInfinity;

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

    /// <summary>Makes the memory of the particles, and writes it: until then the system has not given it, which takes its time.</summary>
    public void Prepare()
    {
        Allocate(_speciesOf.Length);
        _particles.AsSpan().Clear();
    }

    public void Begin(SystemState state)
    {
        Allocate(state.Particles.Length);
        _start = state.AbsoluteTime;
        _drift = _isMoving ? MeanVelocity.Of(_gas, state) : Vec3.Zero;
        for (int id = 0; id < state.Particles.Length; id++)
        {
            ref readonly ParticleState particle = ref state.Particles[id];
            Span<double> p = OfParticle(id);
            Vec3 position = particle.PositionAt(state.Time), velocity = particle.Velocity - _drift;
            (p[0], p[1], p[2], p[3]) = (position.X, position.Y, position.Z, _start);
            (p[4], p[5], p[6]) = (velocity.X, velocity.Y, velocity.Z);
            Vector256<double> v = AsVector(velocity);
            _squares[_speciesOf[id]] += v * v;
        }

        _nextTime = _start;
        AdvanceTo(_start);
    }

    public void OnEvent(in EventView happened)
    {
        StepBefore(happened.Time);
        ReadOnlySpan<Origin> origins = CollectionsMarshal.AsSpan(_origins);
        Vector256<double> drift = AsVector(_drift);
        for (int k = 0; k < happened.Ids.Length; k++)
        {
            Turn(happened.Ids[k], happened.Species[k], AsVector(happened.After[k]) - drift, happened.Time, origins);
        }
    }

    public void OnPairs(in PairList pairs)
    {
        Vector256<double> drift = AsVector(_drift);
        ReadOnlySpan<PairRecord> records = pairs.Records;
        for (int k = 0; k < records.Length; k++)
        {
            ref readonly PairRecord record = ref records[k];
            if (k + Ahead < records.Length)
            {
                Prefetch(records[k + Ahead].First);
                Prefetch(records[k + Ahead].Second);
            }

            double time = pairs.TimeOf(record);
            StepBefore(time);
            ReadOnlySpan<Origin> origins = CollectionsMarshal.AsSpan(_origins);
            Turn(record.First, pairs.SpeciesOf(record.First), AsVector(record.FirstAfter) - drift, time, origins);
            Turn(record.Second, pairs.SpeciesOf(record.Second), AsVector(record.SecondAfter) - drift, time, origins);
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
        writer.Write(HasBegun ? _speciesOf.Length : 0);
        writer.Write(_start);
        writer.Write(_nextTime);
        writer.Write(_next);
        Bytes.Write(writer, [_drift.X, _drift.Y, _drift.Z]);
        Bytes.Write(writer, AllParticles());
        foreach (Vector256<double> square in _squares)
        {
            Write(writer, square);
        }

        foreach (ref SquareChange change in _squareChange.AsSpan())
        {
            Write(writer, change.Sum);
            Write(writer, change.WithTime);
            Write(writer, change.WithTimeSquared);
        }

        writer.Write(_origins.Count);
        foreach (Origin origin in _origins)
        {
            writer.Write(origin.Index);
            writer.Write(origin.Slot);
            foreach (ref OriginSums sums in SumsOf(origin))
            {
                Write(writer, sums.Velocity);
                Write(writer, sums.Push);
                Write(writer, sums.Displacement);
            }
        }

        foreach (BlockMeans means in _means)
        {
            means.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        if (length != 0 && length != _speciesOf.Length)
        {
            throw new InvalidDataException("paths of another number of particles");
        }

        if (length > 0)
        {
            Allocate(length);
        }

        _start = reader.ReadDouble();
        _nextTime = reader.ReadDouble();
        _next = reader.ReadInt64();
        double[] drift = new double[3];
        Bytes.Read(reader, drift);
        _drift = new Vec3(drift[0], drift[1], drift[2]);
        Bytes.Read(reader, AllParticles());
        for (int species = 0; species < _speciesCount; species++)
        {
            _squares[species] = Read(reader);
        }

        foreach (ref SquareChange change in _squareChange.AsSpan())
        {
            change = new SquareChange { Sum = Read(reader), WithTime = Read(reader), WithTimeSquared = Read(reader) };
        }

        int count = reader.ReadInt32();
        _origins.Clear();
        List<int> free = [.. Enumerable.Range(0, _slotCount).Reverse()];
        for (int n = 0; n < count; n++)
        {
            Origin origin = new(reader.ReadInt64(), reader.ReadInt32());
            if (!free.Remove(origin.Slot))
            {
                throw new InvalidDataException("origins that cannot be");
            }

            foreach (ref OriginSums sums in SumsOf(origin))
            {
                sums = new OriginSums { Velocity = Read(reader), Push = Read(reader), Displacement = Read(reader) };
            }

            _origins.Add(origin);
        }

        _freeSlots.Clear();
        free.ForEach(_freeSlots.Push);

        foreach (BlockMeans means in _means)
        {
            means.Load(reader);
        }
    }

    // A participant of an event: where it is, and its new velocity.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Turn(int id, int species, Vector256<double> after, double time, ReadOnlySpan<Origin> origins)
    {
        ref double p = ref _particles[_first + _stride * id];
        Vector256<double> position = Vector256.LoadUnsafe(ref p), own = Vector256.LoadUnsafe(ref p, 4), before = own & _threeOfFour;
        Vector256<double> change = after - before, square = after * after - before * before;
        position += before * Vector256.Create(time - position.GetElement(3));
        position.WithElement(3, time).StoreUnsafe(ref p);
        Vector256.ConditionalSelect(_threeOfFour, after, own).StoreUnsafe(ref p, 4);
        Vector256<double> left = Vector256.Create(_nextTime - time), squareLeft = square * left;
        ref SquareChange squares = ref _squareChange[species];
        squares.Sum += square;
        squares.WithTime += squareLeft;
        squares.WithTimeSquared += squareLeft * left;
        foreach (Origin origin in origins)
        {
            ref float at = ref Unsafe.As<double, float>(ref Unsafe.Add(ref p, OwnSize + OriginSize * origin.Slot));
            Vector256<double> from = Widen(Vector128.LoadUnsafe(ref at)), velocity = Widen(Vector128.LoadUnsafe(ref at, 3));
            Vector256<double> push = (position - from) * change;
            ref OriginSums sums = ref _sums[origin.Slot * _speciesCount + species];
            sums.Velocity += velocity * change;
            sums.Push += push;
            sums.Displacement += Vector256.Create(2.0) * push * left;
        }
    }

    private void StepBefore(double time)
    {
        while (_nextTime < time)
        {
            Step();
        }
    }

    // A sample at its time, after all events up to it, and the way to the next one.
    private void Step()
    {
        Sample();
        _next++;
        double next = _start + _next * _every;
        Vector256<double> step = Vector256.Create(next - _nextTime);
        _nextTime = next;
        foreach (Origin origin in _origins)
        {
            Span<OriginSums> all = SumsOf(origin);
            for (int species = 0; species < _speciesCount; species++)
            {
                ref OriginSums sums = ref all[species];
                sums.Displacement += (Vector256.Create(2.0) * sums.Push + _squares[species] * step) * step;
                sums.Push += _squares[species] * step;
            }
        }
    }

    private void Sample()
    {
        for (int species = 0; species < _speciesCount; species++)
        {
            ref SquareChange change = ref _squareChange[species];
            _squares[species] += change.Sum;
            foreach (Origin origin in _origins)
            {
                ref OriginSums sums = ref SumsOf(origin)[species];
                sums.Push += change.WithTime;
                sums.Displacement += change.WithTimeSquared;
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

            Span<OriginSums> sums = SumsOf(origin);
            for (int species = 0; species < _speciesCount; species++)
            {
                _values[species] = Sum(sums[species].Velocity) / _counts[species];
                _values[_speciesCount + species] = Sum(sums[species].Displacement) / _counts[species];
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
        Origin origin = new(_next, _freeSlots.Pop());
        Span<OriginSums> sums = SumsOf(origin);
        sums.Clear();
        for (int id = 0; id < _speciesOf.Length; id++)
        {
            Span<double> p = OfParticle(id);
            Span<float> o = MemoryMarshal.Cast<double, float>(p.Slice(OwnSize + OriginSize * origin.Slot, OriginSize));
            double flight = _nextTime - p[3];
            (o[0], o[1], o[2]) = ((float)(p[0] + p[4] * flight), (float)(p[1] + p[5] * flight), (float)(p[2] + p[6] * flight));
            (o[3], o[4], o[5]) = ((float)p[4], (float)p[5], (float)p[6]);
            sums[_speciesOf[id]].Velocity += Vector256.Create(o[3] * p[4], o[4] * p[5], o[5] * p[6], 0);
        }

        return origin;
    }

    // Each begins at the start of a line of memory.
    private void Allocate(int count)
    {
        if (_particles.Length > 0)
        {
            return;
        }

        _particles = GC.AllocateArray<double>(_stride * count + 2 * LineSize, pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(_particles, 0);
        _first = (int)(-address / sizeof(double) & LineSize - 1);
    }

    // All lines of memory of a particle, for an event soon.
    private unsafe void Prefetch(int id)
    {
        if (Sse.IsSupported)
        {
            double* p = (double*)Marshal.UnsafeAddrOfPinnedArrayElement(_particles, _first + _stride * id);
            for (int line = 0; line < _stride; line += LineSize)
            {
                Sse.Prefetch0(p + line);
            }
        }
    }

    private Span<double> OfParticle(int id) => _particles.AsSpan(_first + _stride * id, _stride);

    private Span<double> AllParticles() => !HasBegun ? [] : _particles.AsSpan(_first, _stride * _speciesOf.Length);

    private Span<OriginSums> SumsOf(Origin origin) => _sums.AsSpan(origin.Slot * _speciesCount, _speciesCount);

    private static Vector256<double> AsVector(Vec3 v) => Vector256.Create(v.X, v.Y, v.Z, 0);

    // Three of four numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widen(Vector128<float> numbers) => Vector256.WidenLower(numbers.ToVector256Unsafe()) & _threeOfFour;

    private static double Sum(Vector256<double> terms) => terms.GetElement(0) + terms.GetElement(1) + terms.GetElement(2);

    private static void Write(BinaryWriter writer, Vector256<double> sum) =>
        Bytes.Write(writer, [sum.GetElement(0), sum.GetElement(1), sum.GetElement(2)]);

    private static Vector256<double> Read(BinaryReader reader) =>
        Vector256.Create(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), 0);

    /// <summary>An origin of time.</summary>
    /// <param name="Index">Of its sample.</param>
    /// <param name="Slot">Where every particle has its position and velocity at it.</param>
    private readonly record struct Origin(long Index, int Slot);

    /// <summary>Changes of V since the last sample: as they are, and times the time to the next sample, and times its square.</summary>
    private struct SquareChange
    {
        public Vector256<double> Sum, WithTime, WithTimeSquared;
    }

    /// <summary>Sums over a species since an origin.</summary>
    private struct OriginSums
    {
        /// <summary>Of v(0).v, as of now.</summary>
        public Vector256<double> Velocity;

        /// <summary>W as it will be at the next sample if nothing happens until then.</summary>
        public Vector256<double> Push;

        /// <summary>R, likewise.</summary>
        public Vector256<double> Displacement;
    }
}
