using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Loops;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Engine.Sharing.Nodes;

/// <summary>What one node computes of a slice that nodes share: its block, and the strip around the face above it.</summary>
internal abstract class NodeSlices : IDisposable
{
    /// <summary>Half of the length that the next slice should have.</summary>
    public abstract double WantedHalf { get; }

    /// <summary>Whether the next slice should place all particles anew.</summary>
    public abstract bool WantsRenewal { get; }

    /// <summary>|v|^2 of the fastest particle after any event of the slice.</summary>
    public abstract double FastestSquared { get; }

    /// <summary>Events of the slice that were run here, those that were rolled back included.</summary>
    public abstract long EventCount { get; }

    /// <summary>Gives neighbours in space slots side by side; only between slices, before particles come and go.</summary>
    public abstract void Renumber();

    /// <summary>Particles have come or gone: nothing that is known of slots is true any more.</summary>
    public abstract void Forget();

    /// <summary>Places all particles and runs the block.</summary>
    /// <param name="clock">The slice.</param>
    /// <param name="stop">Events after this time are not wanted.</param>
    /// <param name="waypoints">Moments between which changes are told apart: offsets in the epoch, in their order.</param>
    /// <param name="logsEvents">Whether events are kept for <see cref="AddEventsTo"/>.</param>
    /// <exception cref="SharingConflictException">The slice cannot be shared.</exception>
    public abstract void RunBlock(in SliceClock clock, double stop, double[] waypoints, bool logsEvents);

    /// <summary>What has changed here up to a waypoint of the slice, or from the last one to its end.</summary>
    public abstract (VelocitySums Gains, EventTally Tally) Stretch(int number);

    /// <summary>What the block tells the node below.</summary>
    public abstract BlockReport Report(SharedMembers members);

    /// <summary>The block above has run: follows it where it is close to the face between.</summary>
    public abstract void Follow(BlockReport above, SharedMembers members);

    /// <summary>Runs the strip.</summary>
    public abstract void RunStrip();

    /// <summary>What the node above has to know of the slice: the new states of particles that it holds.</summary>
    public abstract ImmutableArray<SharedParticle> Changes(SharedMembers members);

    /// <summary>
    /// Events of the block above that the strip has rolled back, by their indices in its report; nothing without an event log.
    /// </summary>
    public abstract ImmutableArray<int> RolledBack();

    /// <summary>Events that the block has reported and the strip below has rolled back are not in the event log.</summary>
    public abstract void Unlog(ReadOnlySpan<int> rolledBack);

    /// <summary>Adds the events of the slice that were run here to a batch.</summary>
    public abstract void AddEventsTo(EventBatch batch, long epoch);

    /// <summary>The particles that the strip below has given new states.</summary>
    public abstract void Take(ReadOnlySpan<SharedParticle> changes, SharedMembers members);

    /// <summary>The slice is done.</summary>
    public abstract void End();

    /// <summary>The slice is void: all particles are as they were at its beginning.</summary>
    /// <param name="needsRoom">Whether it has failed for want of room: the next one gets more.</param>
    public abstract void Undo(bool needsRoom);

    public abstract void Dispose();
}

/// <summary>The same, for contact distances of a kind.</summary>
internal sealed unsafe class NodeSlices<TSizes> : NodeSlices
    where TSizes : struct, IContactDistances<TSizes>
{
    private const int None = -1;

    private readonly Gas _gas;
    private readonly NodePlan _plan;
    private readonly int _node;
    private readonly int _above; // number of the block above
    private readonly ParticleStore _store;
    private readonly EventTally _tally;
    private readonly EngineCounters _counters;
    private readonly OwnBlockParts<TSizes> _block;
    private readonly SharedSlices<TSizes> _sharing;
    private readonly StateLog _taken = new();
    private readonly NativeArray<int> _later; // by slot: a flight that ended later; scratch
    private readonly List<SharedParticle> _changes = []; // of the strip's slice
    private BlockReporting? _reporting;

    /// <param name="gas">What is simulated.</param>
    /// <param name="plan">How nodes share it.</param>
    /// <param name="node">Number of the node and of its block.</param>
    /// <param name="store">The particles that are here.</param>
    /// <param name="tally">Is continued.</param>
    /// <param name="counters">Are continued.</param>
    public NodeSlices(Gas gas, NodePlan plan, int node, ParticleStore store, EventTally tally, EngineCounters counters)
    {
        (_gas, _plan, _node, _store, _tally, _counters) = (gas, plan, node, store, tally, counters);
        _above = (node + 1) % plan.NodeCount;
        SearchSettings settings = new(StripDepth: plan.StripDepth);
        _block = new SliceLoopBuilder<TSizes>(gas, store, plan.SlicesOf(gas), tally, counters, settings).BuildBlock(plan.NodeCount, node);
        _sharing = _block.Sharing;
        _later = new NativeArray<int>(store.Capacity);
        new Span<int>(_later.Pointer, store.Capacity).Fill(None);
    }

    public override double WantedHalf => _sharing.LengthShare * _block.Length.WantedHalf;

    public override bool WantsRenewal => _sharing.PlacesAnew;

    public override double FastestSquared => Math.Max(Own.BlockJournal.FastestSquared, Strip.StripJournal.FastestSquared);

    public override long EventCount => Own.Tally.EventCount + Strip.Tally.EventCount + Strip.RolledBackEventCount;

    private BlockWorker<TSizes> Own => _sharing.Blocks[_node];

    private BlockWorker<TSizes> Above => _sharing.Blocks[_above];

    private StripWorker<TSizes> Strip => _sharing.Strips[_node];

    public override void Renumber() => _block.Search.Renumber();

    public override void Forget() => _sharing.PlaceAnew();

    public override void RunBlock(in SliceClock clock, double stop, double[] waypoints, bool logsEvents)
    {
        (Own.EventLog.IsWanted, Strip.EventLog.IsWanted) = (logsEvents, logsEvents);
        _ = _sharing.IsWorthwhile(clock.Start, double.PositiveInfinity, 1); // decides about room
        SharedSlice slice = new(
            clock, stop, _block.Partition, waypoints, [.. _sharing.Blocks.Select(b => b.BlockJournal)],
            [.. _sharing.Blocks.Select(b => b.Deferrals)]);
        _counters.SharedSliceCount++;
        _counters.CrossingCount += _sharing.PlacesAnew ? _store.Count : 0;
        _block.Length.Learn(_sharing.Place(slice), clock, _store.Count);
        _sharing.FindOnlyFor(_node);
        foreach (BlockWorker<TSizes> worker in _sharing.Blocks)
        {
            worker.FindFirstEvents();
        }

        foreach (BlockWorker<TSizes> worker in _sharing.Blocks)
        {
            worker.DeliverTo(Own);
        }

        _sharing.EndPlacement();
        Above.Stretches.Begin([]); // that is its own node's
        Own.Run();
    }

    public override (VelocitySums Gains, EventTally Tally) Stretch(int number)
    {
        VelocitySums gains = new(_gas);
        EventTally tally = new(_gas.Species.Length, _gas.OrderMax);
        Own.Stretches.AddTo(number, gains, tally);
        Strip.Stretches.AddTo(number, gains, tally);
        return (gains, tally);
    }

    public override BlockReport Report(SharedMembers members)
    {
        int below = (_node + _plan.NodeCount - 1) % _plan.NodeCount;
        _reporting ??= new BlockReporting(_store, members, _sharing.Members, Own.BlockJournal, _node, below, _later.Pointer);
        return _reporting.Report(_sharing.Blocks.Select(worker => worker.Deferrals));
    }

    public override void Follow(BlockReport above, SharedMembers members)
    {
        const int Ahead = 8; // flights
        BlockWorker<TSizes> worker = Above;
        ReadOnlySpan<CutFlight> flights = above.Flights.AsSpan();
        ReadOnlySpan<CutEvent> events = above.Events.AsSpan();
        ReadOnlySpan<CutPlace> places = above.Places.AsSpan();
        int left = 0; // participants of the present event that are still to come
        for (int k = 0; k < flights.Length; k++)
        {
            if (Sse.IsSupported && k + 2 * Ahead < flights.Length)
            {
                members.PrefetchSlotOf(flights[k + 2 * Ahead].Id);
                worker.PrefetchFollow(members.LikelySlotOf(flights[k + Ahead].Id));
            }

            ref readonly CutFlight flight = ref flights[k];
            (Vec3, Int3)? place = null;
            if (!places.IsEmpty && places[0].Flight == k)
            {
                place = (places[0].Position, places[0].Boxes);
                places = places[1..];
            }

            worker.Follow(members.SlotOf(flight.Id), flight.End, flight.Velocity, place, flight.Event == CutFlight.Far, flight.IsDeferred);
            if (flight.Event < 0)
            {
                continue;
            }

            ref readonly CutEvent happened = ref events[flight.Event];
            left = left == 0 ? happened.Order : left;
            if (--left == 0)
            {
                worker.BlockJournal.Complete(
                    new(happened.Time, happened.Order, 0, happened.Impulse, happened.IsMultiple != 0, happened.IsGrazing != 0), 0);
            }
        }

        foreach (ref readonly CutDeferral deferral in above.Deferrals.AsSpan())
        {
            worker.Deferrals.Defer(members.SlotOf(deferral.Id), deferral.From);
        }
    }

    public override void RunStrip() => Strip.Run();

    public override ImmutableArray<SharedParticle> Changes(SharedMembers members)
    {
        List<SharedParticle> changes = _changes;
        changes.Clear();
        foreach (int slot in Own.BlockJournal.States.Slots)
        {
            Add(slot, members.IsShownAbove(slot), changes);
        }

        foreach (int slot in Strip.StripJournal.States.Slots)
        {
            Add(slot, IsShown(slot, members), changes);
        }

        AddRolledBack(Own.BlockJournal, members, changes);
        AddRolledBack(Above.BlockJournal, members, changes);
        foreach (int slot in Strip.MovedSpheres)
        {
            Add(slot, IsShown(slot, members), changes);
            if (_later.Pointer[slot] >= 0)
            {
                int number = _later.Pointer[slot];
                changes[number] = changes[number] with { HasMoved = 1 };
            }
        }

        foreach (ref readonly SharedParticle particle in CollectionsMarshal.AsSpan(changes))
        {
            int slot = members.SlotOf(particle.Id);
            _later.Pointer[slot] = None;
            if (particle.HasMoved != 0)
            {
                _block.Search.ForgetSphere(slot);
            }
        }

        return [.. changes];
    }

    public override ImmutableArray<int> RolledBack()
    {
        BlockJournal above = Above.BlockJournal; // has just the events of the report
        return !Strip.EventLog.IsWanted ? [] : [.. Enumerable.Range(0, above.EventCount).Where(above.IsRolledBack)];
    }

    public override void Unlog(ReadOnlySpan<int> rolledBack)
    {
        foreach (int reported in rolledBack)
        {
            Own.BlockJournal.Unlog(_reporting?.NumberOf(reported) ?? throw new InvalidDataException(
                $"event {reported} was rolled back that was not reported: do all nodes run the same case?"));
        }
    }

    public override void AddEventsTo(EventBatch batch, long epoch)
    {
        Own.EventLog.AddTo(batch, _gas, epoch);
        Strip.EventLog.AddTo(batch, _gas, epoch);
    }

    public override void Take(ReadOnlySpan<SharedParticle> changes, SharedMembers members)
    {
        ParticleStore store = _store;
        foreach (ref readonly SharedParticle particle in changes)
        {
            int slot = members.SlotOf(particle.Id);
            _taken.Add(slot, store.Particles + slot);
            int* image = store.Images + 3L * slot;
            Int3 boxes = particle.State.Image - new Int3(image[0], image[1], image[2]);
            if (boxes != Int3.Zero)
            {
                _taken.AddBoxes(slot, boxes);
            }

            store.Set(slot, particle.State);
            store.Particles[slot].Stamp++;
            if (particle.HasMoved != 0)
            {
                _block.Search.ForgetSphere(slot);
            }
        }
    }

    public override void End()
    {
        _tally.Add(Own.Tally);
        _tally.Add(Strip.Tally);
        _taken.Clear();
        _sharing.End();
    }

    public override void Undo(bool needsRoom)
    {
        _taken.UndoTo(0, _store);
        Strip.UndoAll();
        Own.BlockJournal.UndoAll();
        Above.BlockJournal.UndoAll();
        _counters.RolledBackSliceCount++;
        _sharing.End();
        _sharing.StartAfresh(needsRoom);
    }

    public override void Dispose()
    {
        _sharing.Dispose();
        _block.Search.Owner.Dispose();
        _taken.Dispose();
        _later.Dispose();
        _block.Laws.Dispose();
    }

    private void AddRolledBack(BlockJournal journal, SharedMembers members, List<SharedParticle> changes)
    {
        for (int number = 0; number < journal.FlightCount; number++)
        {
            EndedFlight* flight = journal.Flight(number);
            if (double.IsNegativeInfinity(flight->End))
            {
                Add(flight->Slot, IsShown(flight->Slot, members), changes);
            }
        }
    }

    // Of two nodes the one above is the one below, too.
    private bool IsShown(int slot, SharedMembers members) =>
        members.IsShownAbove(slot) || (_plan.NodeCount == 2 && members.IsShownBelow(slot));

    private void Add(int slot, bool isShown, List<SharedParticle> changes)
    {
        if (isShown && _later.Pointer[slot] == None)
        {
            _later.Pointer[slot] = changes.Count;
            changes.Add(new SharedParticle { Id = _store.Ids[slot], State = _store.StateOf(slot) });
        }
    }
}
