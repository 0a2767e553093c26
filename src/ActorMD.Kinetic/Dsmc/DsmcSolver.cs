using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>
/// Solves the Boltzmann equation of a mixture with collisions of any orders [Mix 1.1, High 1.5] by particles (DSMC).
/// </summary>
/// <remarks>
/// Splitting: half a step of free flight, collisions within cells for one step, half a step of flight. The splitting and the
/// finite cells make errors of second order; the collisions themselves none (<see cref="CellCollisions"/>). Random numbers
/// belong to cells and steps, and sorting is stable: the number of threads changes nothing.
/// </remarks>
public sealed class DsmcSolver
{
    private readonly Gas _gas;
    private readonly DsmcGrid _grid;
    private readonly ulong _seed;
    private readonly int _run;
    private readonly int _threadCount;
    private readonly bool _isOpen;
    private readonly FreeFlight[] _flights;
    private readonly int[] _keys;
    private readonly CellSort _sort;
    private readonly CellCollisions[] _collisions;

    private DsmcParticles _particles;
    private DsmcParticles _spare;
    private StepKey _stepKey;
    private double _flightTime;
    private double _collisionTime;
    private long _step;
    private long _moves;
    private double _flownTime;
    private bool _isBetweenSteps;

    /// <param name="gas">Box, species, zones.</param>
    /// <param name="grid">The cells.</param>
    /// <param name="weight">Real particles for one simulated particle.</param>
    /// <param name="start">Position, velocity and species of every simulated particle.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="run">Number of this among independent runs with the same seed.</param>
    /// <param name="threadCount">Threads; changes no result.</param>
    /// <param name="channels">Kinds of collisions; those of the gas when left out.</param>
    public DsmcSolver(
        Gas gas,
        DsmcGrid grid,
        double weight,
        ReadOnlySpan<ParticleState> start,
        ulong seed,
        int run = 0,
        int threadCount = 1,
        ImmutableArray<CollisionChannel> channels = default)
    {
        _gas = gas;
        _grid = grid;
        _seed = seed;
        _run = run;
        _threadCount = threadCount;
        _isOpen = gas.Box.Has(Boundary.Open);
        Channels = channels.IsDefault ? CollisionChannel.All(gas) : channels;
        _flights = [.. Enumerable.Range(0, 3).Select(axis => new FreeFlight(grid, axis))];
        _particles = new DsmcParticles(start.Length, grid, gas.Species.Length);
        _spare = new DsmcParticles(start.Length, grid, gas.Species.Length);
        _keys = new int[start.Length];
        _sort = new CellSort(start.Length, checked(grid.CellCount * gas.Species.Length), threadCount);
        _collisions = [.. Enumerable.Range(0, threadCount)
            .Select(_ => new CellCollisions(gas, Channels, weight, grid.CellVolumeAt(0)))];
        Weight = weight;
        Fill(start);
    }

    /// <summary>Simulation time.</summary>
    public double Time { get; private set; }

    /// <summary>Simulated particles.</summary>
    public int ParticleCount => _particles.Count;

    /// <summary>Real particles for one simulated particle.</summary>
    public double Weight { get; }

    /// <summary>Measures the collisions; null where it is of no interest.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Wall time of the collisions alone, by the clock.</summary>
    public TimeSpan CollisionTime { get; private set; }

    /// <summary>All kinds of collisions; indices of <see cref="Tally"/>.</summary>
    public ImmutableArray<CollisionChannel> Channels { get; }

    /// <summary>What was counted so far.</summary>
    public DsmcTally Tally => new(
        [.. Enumerable.Range(0, Channels.Length).Select(c => _collisions.Sum(t => t.Attempts[c]))],
        [.. Enumerable.Range(0, Channels.Length).Select(c => _collisions.Sum(t => t.Collisions[c]))],
        _collisions.Sum(t => t.Raises),
        _moves);

    private bool HasFlight => _grid.IsResolved(0) || _grid.IsResolved(1) || _grid.IsResolved(2);

    /// <summary>Goes on by a number of equal steps; particles are then at the same time in every respect.</summary>
    /// <param name="timeStep">Length of a step, above 0.</param>
    /// <param name="stepCount">How many.</param>
    /// <param name="stop">
    /// Is looked at after every step. After a stop the particles are half a step of flight behind their velocities; go on with steps of the
    /// same length, and every bit is as if there had been no stop.
    /// </param>
    /// <returns>Steps that were done: fewer after a stop.</returns>
    public long Advance(double timeStep, long stepCount, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(timeStep);
        long done = 0;
        while (done < stepCount && !stop.IsCancellationRequested)
        {
            FlyAll(_isBetweenSteps ? timeStep : 0.5 * timeStep); // the end of a step and the beginning of the next are one flight
            _collisionTime = timeStep;
            if (_isOpen)
            {
                double volume = _grid.CellVolumeAt(_flownTime);
                foreach (CellCollisions collisions in _collisions)
                {
                    collisions.Resize(volume);
                }
            }

            _stepKey = new StepKey(_seed, RandomStream.KineticCollisions, _run, _step);
            long started = Clock?.GetTimestamp() ?? 0;
            ForAllChunks(Collide);
            CollisionTime += Clock?.GetElapsedTime(started) ?? TimeSpan.Zero;
            _step++;
            _moves += ParticleCount;
            _isBetweenSteps = true;
            done++;
        }

        if (done == stepCount && _isBetweenSteps)
        {
            FlyAll(0.5 * timeStep);
            _isBetweenSteps = false;
        }

        Time += done * timeStep;
        return done;
    }

    /// <summary>Writes everything that changes, between two calls of <see cref="Advance"/>.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(_step);
        writer.Write(_moves);
        writer.Write(_flownTime);
        writer.Write(_isBetweenSteps);
        writer.Write(Time);
        DsmcTally tally = Tally;
        for (int c = 0; c < Channels.Length; c++)
        {
            writer.Write(tally.Attempts[c]);
            writer.Write(tally.Collisions[c]);
        }

        writer.Write(tally.Raises);
        for (int axis = 0; axis < 3; axis++)
        {
            writer.Write(MemoryMarshal.AsBytes(_particles.Positions[axis].AsSpan()));
            writer.Write(MemoryMarshal.AsBytes(_particles.Velocities[axis].AsSpan(0, ParticleCount)));
        }

        writer.Write(MemoryMarshal.AsBytes(_particles.Species.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_sort.Starts.AsSpan()));
    }

    /// <summary>
    /// Takes over what <see cref="Save"/> wrote for a solver of the same gas, cells, particles and seed; threads may be others.
    /// </summary>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    /// <exception cref="InvalidDataException">It is no state of such a solver.</exception>
    public void Restore(BinaryReader reader)
    {
        _step = reader.ReadInt64();
        _moves = reader.ReadInt64();
        _flownTime = reader.ReadDouble();
        _isBetweenSteps = reader.ReadBoolean();
        Time = reader.ReadDouble();
        long[] attempts = new long[Channels.Length], collisions = new long[Channels.Length];
        for (int c = 0; c < Channels.Length; c++)
        {
            attempts[c] = reader.ReadInt64();
            collisions[c] = reader.ReadInt64();
        }

        _collisions[0].Restore(attempts, collisions, reader.ReadInt64());
        for (int axis = 0; axis < 3; axis++)
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_particles.Positions[axis].AsSpan()));
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_particles.Velocities[axis].AsSpan(0, ParticleCount)));
        }

        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_particles.Species.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_sort.Starts.AsSpan()));
        if (!IsSound)
        {
            throw new InvalidDataException("the state holds what no particles can have");
        }
    }

    // The kernels read without checks: what comes from a file must be right.
    private bool IsSound
    {
        get
        {
            bool areCounts = _step >= 0 && _moves >= 0 && double.IsFinite(Time) && Time >= 0
                && double.IsFinite(_flownTime) && Tally.Attempts.All(count => count >= 0) && Tally.Collisions.All(count => count >= 0)
                && Tally.Raises >= 0;
            bool areFinite = true;
            for (int axis = 0; axis < 3; axis++)
            {
                foreach (double x in _particles.Positions[axis])
                {
                    areFinite &= _gas.Box.IsOpen(axis) ? double.IsFinite(x) : x >= 0 && x <= _gas.Box.Lengths[axis];
                }

                foreach (double v in _particles.Velocities[axis].AsSpan(0, ParticleCount))
                {
                    areFinite &= double.IsFinite(v);
                }
            }

            int before = 0;
            bool isSorted = _sort.Starts[0] == 0 && _sort.Starts[^1] == ParticleCount;
            foreach (int start in _sort.Starts)
            {
                isSorted &= start >= before;
                before = start;
            }

            return areCounts && areFinite && isSorted
                && Array.TrueForAll(_particles.Species, species => (uint)species < (uint)_gas.Species.Length);
        }
    }

    /// <summary>Steps done so far. May be read while another thread advances the solver.</summary>
    public long StepCount => Volatile.Read(ref _step);

    /// <summary>Sums over the particles of every cell and species.</summary>
    public DsmcMoments Measure()
    {
        DsmcMoments moments = new(_gas, _grid.CellCount, Weight);
        double[][] v = _particles.Velocities;
        for (int key = 0; key < _sort.Starts.Length - 1; key++)
        {
            int start = _sort.Starts[key], end = _sort.Starts[key + 1];
            double x = 0, y = 0, z = 0, squares = 0;
            for (int i = start; i < end; i++)
            {
                double vx = v[0][i], vy = v[1][i], vz = v[2][i];
                x += vx;
                y += vy;
                z += vz;
                squares += vx * vx + vy * vy + vz * vz;
            }

            moments.Set(key, end - start, new Vec3(x, y, z), squares);
        }

        return moments;
    }

    /// <summary>Every particle as it is now, in the order of the cells. Along unresolved axes the position is 0.</summary>
    public void CopyTo(Span<ParticleState> particles)
    {
        for (int i = 0; i < ParticleCount; i++)
        {
            particles[i] = new ParticleState
            {
                Position = new Vec3(PositionOf(0, i), PositionOf(1, i), PositionOf(2, i)),
                Velocity = new Vec3(_particles.Velocities[0][i], _particles.Velocities[1][i], _particles.Velocities[2][i]),
                Species = _gas.Species.Length > 1 ? _particles.Species[i] : 0,
            };
        }
    }

    private double PositionOf(int axis, int i) => _particles.Positions[axis].Length > 0 ? _particles.Positions[axis][i] : 0;

    private void Fill(ReadOnlySpan<ParticleState> start)
    {
        for (int i = 0; i < start.Length; i++)
        {
            for (int axis = 0; axis < 3; axis++)
            {
                _particles.Velocities[axis][i] = start[i].Velocity[axis];
                if (_grid.IsResolved(axis))
                {
                    _particles.Positions[axis][i] = start[i].Position[axis];
                }
            }

            if (_gas.Species.Length > 1)
            {
                _particles.Species[i] = start[i].Species;
            }
        }

        SortAll(0);
    }

    private void FlyAll(double duration)
    {
        if (HasFlight)
        {
            SortAll(duration);
        }
    }

    private void SortAll(double duration)
    {
        _flightTime = duration;
        _flownTime += duration;
        for (int axis = 0; axis < 3 && _isOpen; axis++)
        {
            _flights[axis] = new FreeFlight(_grid, axis, _flownTime);
        }

        ForAllChunks(Fly);
        _sort.SetOffsets();
        ForAllChunks(Sort);
        (_particles, _spare) = (_spare, _particles);
    }

    private void Fly(int chunk)
    {
        (int start, int end) = Chunk(chunk);
        Span<int> keys = _keys.AsSpan(start, end - start);
        keys.Clear();
        for (int axis = 2; axis >= 0; axis--)
        {
            if (_grid.IsResolved(axis))
            {
                _flights[axis].Move(
                    _particles.Positions[axis].AsSpan(start, end - start),
                    _particles.Velocities[axis].AsSpan(start, end - start),
                    keys,
                    _flightTime);
            }
        }

        if (_gas.Species.Length > 1)
        {
            ReadOnlySpan<int> species = _particles.Species.AsSpan(start, end - start);
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i] = keys[i] * _gas.Species.Length + species[i];
            }
        }

        _sort.Count(chunk, keys);
    }

    private void Sort(int chunk)
    {
        (int start, int end) = Chunk(chunk);
        _sort.Move(chunk, start, end, _keys, _particles, _spare);
    }

    private void Collide(int chunk)
    {
        int speciesCount = _gas.Species.Length;
        int cells = _grid.CellCount;
        int first = CellAt(chunk), end = CellAt(chunk + 1);
        CellCollisions collisions = _collisions[chunk];
        if (collisions.TryRunMany(_particles, _sort.Starts, first..end, _collisionTime, _stepKey))
        {
            return;
        }

        for (int cell = first; cell < end; cell++)
        {
            ReadOnlySpan<int> starts = _sort.Starts.AsSpan(cell * speciesCount, speciesCount + 1);
            if (starts[^1] - starts[0] > 1)
            {
                StreamRandom random = new(_stepKey, cell);
                collisions.Run(_particles, starts, _collisionTime, ref random);
            }
        }

        // Cells of equal numbers of particles for each thread.
        int CellAt(int border)
        {
            long target = (long)ParticleCount * border / _threadCount;
            int low = 0, high = cells;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (_sort.Starts[middle * speciesCount] < target)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return border == _threadCount ? cells : low;
        }
    }

    private (int Start, int End) Chunk(int chunk) =>
        ((int)((long)ParticleCount * chunk / _threadCount), (int)((long)ParticleCount * (chunk + 1) / _threadCount));

    private void ForAllChunks(Action<int> work)
    {
        if (_threadCount == 1)
        {
            work(0);
        }
        else
        {
            Parallel.For(0, _threadCount, new ParallelOptions { MaxDegreeOfParallelism = _threadCount }, work);
        }
    }
}
