using System.Collections.Concurrent;
using ActorMD.Observables;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Runs.Simulations;

/// <summary>
/// Hands events and states to observables: in the caller's thread, or to one of its own, so that a simulation need not wait.
/// </summary>
/// <remarks>
/// Everything comes in the same order either way, so the results are the same bits. What waits for the thread has bounded size: a
/// simulation that is faster than its observables waits for them.
/// </remarks>
/// <param name="observables">What measures.</param>
internal sealed class ObservableFeed(ObservableSet observables) : IDisposable
{
    private const int BlockSize = 1 << 15; // bytes of events that are handed over at once: those in use stay in the cache of a core
    private const int StatesMax = 2; // that wait for the thread, or are looked at by it
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(0.1); // for errors of the thread

    private readonly ConcurrentBag<byte[]> _blocks = [];
    private readonly ConcurrentBag<ParticleState[]> _states = [];
    private readonly SemaphoreSlim _room = new(StatesMax);
    private Task _preparation = Task.CompletedTask;
    private MeasuringThread? _thread; // null: the caller's
    private EventUnpacker? _unpacker;
    private byte[] _block = [];
    private int _length; // of what is in the block

    /// <summary>The next time at which the state is wanted; +infinity if never.</summary>
    public double NextDue => observables.NextDue;

    /// <summary>Whether events are wanted.</summary>
    public bool NeedsEvents => observables.NeedsEvents;

    /// <summary>Prepares the observables in another thread, while the caller prepares something else.</summary>
    public void BeginPreparing() => _preparation = Task.Run(observables.Prepare);

    /// <summary>From now on a thread measures.</summary>
    public void BeginThread() => _thread ??= new MeasuringThread();

    /// <summary>Events since the last call, in the order of the log.</summary>
    /// <param name="events">All of them.</param>
    /// <param name="unpacker">If they are packed: always the same, and nobody else uses it meanwhile.</param>
    public void AddEvents(ReadOnlySpan<byte> events, EventUnpacker? unpacker)
    {
        _unpacker = unpacker;
        if (_thread is null)
        {
            Measure(events);
            return;
        }

        if (_length + events.Length > _block.Length)
        {
            HandOver();
            _block = events.Length <= BlockSize && _blocks.TryTake(out byte[]? used) ? used : new byte[Math.Max(BlockSize, events.Length)];
        }

        events.CopyTo(_block.AsSpan(_length));
        _length += events.Length;
    }

    /// <summary>A time was reached, all events up to it given; looks at the state only if it is wanted.</summary>
    /// <param name="time">The time.</param>
    /// <param name="simulation">At that time.</param>
    /// <param name="state">Its state, if somebody else has captured it and will not change it.</param>
    public void Reach(double time, ISimulation simulation, SystemState? state)
    {
        _preparation.GetAwaiter().GetResult();
        HandOver();
        if (NextDue > time)
        {
            Do(() => observables.AdvanceTo(time));
            return;
        }

        DueSamples due = observables.TakeDue(time);
        if (_thread is null)
        {
            observables.Sample(due, time, state ?? simulation.Look(), simulation.Tally);
            return;
        }

        EventTally tally = simulation.Tally.Clone();
        while (!_room.Wait(LookInterval))
        {
            _thread.ThrowIfFailed();
        }

        SystemState own = state ?? simulation.CaptureInto(_states.TryTake(out ParticleState[]? spent) ? spent : null);
        Do(() =>
        {
            observables.Sample(due, time, own, tally);
            _room.Release();
            if (state is null)
            {
                _states.Add(own.Particles);
            }
        });
    }

    /// <summary>The observables, when everything that was given is measured.</summary>
    public ObservableSet Finished()
    {
        _preparation.GetAwaiter().GetResult();
        HandOver();
        _thread?.Finish();
        return observables;
    }

    public void Dispose()
    {
        _thread?.Dispose();
        _thread = null;
        _room.Dispose();
    }

    private void HandOver()
    {
        if (_length > 0)
        {
            (byte[] block, int length) = (_block, _length);
            (_block, _length) = ([], 0);
            Do(() =>
            {
                Measure(block.AsSpan(0, length));
                if (block.Length == BlockSize)
                {
                    _blocks.Add(block);
                }
            }, length);
        }
    }

    private void Measure(ReadOnlySpan<byte> events)
    {
        if (_unpacker is null)
        {
            observables.AddEvents(events);
            return;
        }

        while (_unpacker.Next(ref events) is { Length: > 0 } unpacked)
        {
            observables.AddEvents(unpacked);
        }
    }

    private void Do(Action work, int size = 0)
    {
        if (_thread is null)
        {
            work();
            return;
        }

        _thread.Add(work, size);
    }
}
