using System.Diagnostics.CodeAnalysis;
using ActorMD.Engine.Events;
using ActorMD.Engine.Slices;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Physics.Numerics;

namespace ActorMD.Engine;

/// <summary>The event-driven simulation of one gas: the exact trajectory, event by event.</summary>
/// <remarks>
/// Not thread-safe. The trajectory depends on the gas and the state alone: the search structure (cells or lists, their
/// sizes) is a cache that is rebuilt from the states at the start, at the end of every epoch and on <see cref="Rebuild"/>.
/// </remarks>
public sealed class Simulator : IDisposable
{
    private const long StormCheckSteps = 1 << 20;
    private const long StormCheckStepsPerParticle = 64;

    // Beyond it double precision has no digits left for the distance that remains.
    private const double StormPathInDiameters = 1e-9;

    private readonly SearchSettings _settings;
    private readonly double _epochLength;
    private readonly EventBatch? _log;
    private IEventLoop _loop;
    private long _epoch;
    private StormWatch _storm;
    private uint[]? _stormCheckCounts;

    /// <summary>Takes over from a state; all caches are built from it.</summary>
    /// <param name="gas">What is simulated.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="tally">Counts so far, continued in place; null starts at zero.</param>
    /// <param name="settings">How neighbours are searched; null chooses by the case. The trajectory does not depend on it.</param>
    /// <param name="log">Gets every event; null if no log is wanted.</param>
    public Simulator(
        Gas gas, SystemState state, EventTally? tally = null, SearchSettings? settings = null, EventBatch? log = null)
    {
        _log = log;
        Gas = gas;
        Tally = tally ?? new EventTally(gas.Species.Length, gas.OrderMax);
        _settings = settings ?? SearchSettings.Automatic;
        Counters.Abort = _settings.Abort;
        _epochLength = state.EpochLength;
        _epoch = state.Epoch;
        _loop = EventLoopFactory.Create(gas, state, _settings, Tally, Counters);
        BeginLog();
        _storm = NewStormWatch();
    }

    /// <summary>Box, species, zones.</summary>
    public Gas Gas { get; }

    /// <summary>Events so far, and their impulses.</summary>
    public EventTally Tally { get; }

    /// <summary>Work that the trajectory does not depend on: for benchmarks and the summary.</summary>
    public EngineCounters Counters { get; } = new();

    /// <summary>Number of particles.</summary>
    public int Count => _loop.Store.Count;

    /// <summary>Threads that compute: those that were asked for, or fewer if there is no room for them.</summary>
    public int ThreadCount => _loop.ThreadCount;

    /// <summary>Whether some species are so large that they are searched apart, which one thread does.</summary>
    public bool HasLargeSpecies => _loop.HasLargeSpecies;

    /// <summary>Depth of the boundary strips of threads that share time slices, in layers of cells; 0 if there are none.</summary>
    internal int StripDepth => _loop is ISliceEventLoop slices ? slices.StripDepth : 0;

    /// <summary>Bytes of native memory that the engine holds.</summary>
    public long NativeBytes => _loop.Store.ByteCount + _loop.ByteCount;

    /// <summary>Simulation time since the beginning of the run.</summary>
    public double Time => Epoch.TimeOf(_epoch, _epochLength, _loop.Now);

    /// <summary>
    /// Runs until all events up to the given absolute time are done, or until about that many loop steps are spent
    /// (a step is an event or a bookkeeping renewal; the end of an epoch counts as one per particle), so that callers can show progress
    /// and stop.
    /// </summary>
    /// <param name="until">The time.</param>
    /// <param name="stepCountMax">The number of steps.</param>
    /// <param name="plan">
    /// Waypoints from this time on: where threads share time slices, these go past them, up to the limit of the plan, and
    /// <see cref="TryTakeWaypoint"/> tells of them. Null: it goes no further than to the time.
    /// </param>
    /// <returns>Whether the time was reached. When it was not, Time is that of the last event, or the start of an epoch.</returns>
    /// <exception cref="PhysicsViolationException">Event storm or overlap.</exception>
    public bool Advance(double until, long stepCountMax = long.MaxValue, WaypointPlan? plan = null) =>
        Run(epoch => Epoch.OffsetOf(epoch, _epochLength, until), stepCountMax, plan);

    /// <summary>Runs until all events up to a time are done that is told as precisely as events are.</summary>
    /// <param name="epoch">Number of finished epochs; not fewer than there are now.</param>
    /// <param name="offset">From its start.</param>
    /// <exception cref="PhysicsViolationException">Event storm or overlap.</exception>
    public void AdvanceTo(long epoch, double offset) =>
        Run(now => now < epoch ? double.PositiveInfinity : offset, long.MaxValue, null);

    /// <summary>A copy of the whole state in id order: a consistent cut at <see cref="Time"/>.</summary>
    /// <param name="spent">An array that a copy was made into before and nobody needs any more; null for a new one.</param>
    public SystemState Capture(ParticleState[]? spent = null)
    {
        ParticleState[] particles = spent ?? LargeArray.Of<ParticleState>(_loop.Store.Count);
        _loop.Store.CopyTo(particles);
        return new SystemState(particles, _epochLength, _epoch, _loop.Now);
    }

    /// <summary>
    /// Frees everything but the particles: no event can be computed any more, and a last <see cref="Capture"/> has the memory to itself.
    /// </summary>
    public void FreeSearch() => _loop.Dispose();

    /// <summary>Sums over all particles at <see cref="Time"/>.</summary>
    public VelocitySums SumVelocities() => _loop.Store.SumVelocities(Gas, 0, _loop.Store.Count);

    /// <summary>The next waypoint that the last <see cref="Advance"/> has gone past.</summary>
    public bool TryTakeWaypoint([NotNullWhen(true)] out Waypoint? waypoint)
    {
        waypoint = (_loop as ISliceEventLoop)?.Track.Take();
        return waypoint is not null;
    }

    /// <summary>Throws all caches away and builds them again. Changes nothing that anyone can see.</summary>
    public void Rebuild() => Replace(Capture());

    /// <summary>Does what is left of the events at the instant of the last one.</summary>
    public void FinishInstant()
    {
        long steps = long.MaxValue;
        _loop.Run(_loop.Now, ref steps);
    }

    /// <summary>Frees the memory outside the managed heap; the simulator is of no use afterwards.</summary>
    public void Dispose()
    {
        _loop.Dispose();
        _loop.Store.Dispose();
    }

    // The offset is that of the end in a given epoch: beyond the epoch's length if the end lies in a later one.
    private bool Run(Func<long, double> offsetIn, long stepCountMax, WaypointPlan? plan)
    {
        long steps = stepCountMax;
        while (true)
        {
            double offset = offsetIn(_epoch);
            double stop = Math.Min(offset, _epochLength);
            Foresee(plan ?? WaypointPlan.None);
            long slice = Math.Min(steps, _storm.EventsLeft);
            long left = slice;
            bool reached = _loop.Run(stop, ref left);
            steps -= slice - left;
            _storm.Spend(slice - left);
            if (!reached)
            {
                if (_storm.EventsLeft == 0)
                {
                    CheckForStorm();
                }

                if (steps == 0)
                {
                    return false;
                }
            }
            else if (offset > _epochLength)
            {
                EndEpoch();
                steps = Math.Max(0, steps - _loop.Store.Count); // so that a call returns in time where events have ended
                if (steps == 0)
                {
                    return false;
                }
            }
            else
            {
                return true;
            }
        }
    }

    private void Foresee(WaypointPlan plan)
    {
        if (_loop is ISliceEventLoop { ThreadCount: > 1 } slices)
        {
            slices.Track.Plan(
                [.. plan.Times.Select(time => (Epoch.OffsetOf(_epoch, _epochLength, time), time))],
                Math.Min(Epoch.OffsetOf(_epoch, _epochLength, plan.Limit), _epochLength));
        }
    }

    private void BeginLog()
    {
        if (_log is not null)
        {
            EventLogWriter writer = new(Gas, _log, _loop.Store, _epoch);
            _loop.Journal = writer.Journal;
            if (_loop is ISliceEventLoop slices)
            {
                slices.EventLog = writer;
            }
        }
    }

    private void Replace(SystemState state)
    {
        Dispose();
        _stormCheckCounts = null;
        _loop = EventLoopFactory.Create(Gas, state, _settings, Tally, Counters);
        BeginLog();
        _storm = NewStormWatch();
    }

    // All particles are moved to the end of the epoch, wrapped, and time starts again at zero.
    private void EndEpoch()
    {
        SystemState state = Capture();
        for (int id = 0; id < state.Particles.Length; id++)
        {
            Epoch.Rebase(Gas.Box, ref state.Particles[id], _epochLength);
        }

        _epoch++;
        Replace(new SystemState(state.Particles, _epochLength, _epoch, 0));
    }

    private StormWatch NewStormWatch() =>
        new(_epochLength, StormCheckSteps + StormCheckStepsPerParticle * _loop.Store.Count, _loop.Now);

    private void CheckForStorm()
    {
        double span = _loop.Now - _storm.LookedAt;
        if (_storm.IsStorm(_loop.Now))
        {
            int busiest = _loop.Store.BusiestParticle();
            throw new PhysicsViolationException(
                $"event storm: time {Time:R} hardly advances any more; the busiest particle is {busiest} "
                + "(two walls or particles that hold it without room to move?)",
                busiest);
        }

        CheckForCrawl(span);
    }

    // Time advances, but one particle has so many events that the run would never end: the path between two of them is below what
    // positions can resolve.
    private void CheckForCrawl(double span)
    {
        uint[] counts = new uint[_loop.Store.Count];
        _loop.Store.CopyEventCounts(counts);
        uint[] before = _stormCheckCounts ?? new uint[counts.Length];
        _stormCheckCounts = counts;
        int busiest = 0;
        for (int id = 1; id < counts.Length; id++)
        {
            busiest = counts[id] - before[id] > counts[busiest] - before[busiest] ? id : busiest;
        }

        uint events = counts[busiest] - before[busiest];
        ParticleState particle = Capture().Particles[busiest];
        double path = Math.Sqrt(particle.Velocity.LengthSquared) * span / Math.Max(events, 1);
        double diameter = Gas.Kinds[particle.Kind].Diameter;
        if (path < StormPathInDiameters * diameter)
        {
            throw new PhysicsViolationException(
                $"event storm: particle {busiest} of species {Gas.Species[Gas.Kinds[particle.Kind].Species].Name} had {events} events "
                + $"in a time of {span:R}, {path:G3} apart, and its diameter is {diameter:R}: two walls or particles hold it without room to move",
                busiest);
        }
    }
}
