using System.Runtime.InteropServices;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics;

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

    /// <summary>Bytes of native memory.</summary>
    public abstract long ByteCount { get; }

    /// <summary>Gives neighbours in space slots side by side; only between slices, before particles come and go.</summary>
    public abstract void Renumber();

    /// <summary>Particles have come or gone: nothing that is known of slots is true any more.</summary>
    public abstract void Forget();

    /// <summary>Places all particles and runs the block.</summary>
    /// <param name="clock">The slice.</param>
    /// <param name="stop">Events after this time are not wanted.</param>
    /// <exception cref="SharingConflictException">The slice cannot be shared.</exception>
    public abstract void RunBlock(in SliceClock clock, double stop);

    /// <summary>What the block tells the node below.</summary>
    public abstract BlockReport Report(SharedMembers members);

    /// <summary>The block above has run: follows it where it is close to the face between.</summary>
    public abstract void Follow(BlockReport above, SharedMembers members);

    /// <summary>Runs the strip.</summary>
    public abstract void RunStrip();

    /// <summary>What the node above has to know of the slice: the new states of particles that it holds.</summary>
    public abstract List<SharedParticle> Changes(SharedMembers members);

    /// <summary>The particles that the strip below has given new states.</summary>
    public abstract void Take(ReadOnlySpan<SharedParticle> changes, SharedMembers members);

    /// <summary>The slice is done.</summary>
    public abstract void End();

    /// <summary>The slice is void: all particles are as they were at its beginning.</summary>
    public abstract void Undo();

    public abstract void Dispose();
}

/// <summary>What a node's slices are made of.</summary>
internal sealed class NodeSlicesParts
{
    /// <summary>Number of the node and of its block.</summary>
    public required int Node { get; init; }

    public required ParticleStore Store { get; init; }

    public required SliceLength Length { get; init; }

    public required BlockPartition Partition { get; init; }

    public required NodePlan Plan { get; init; }

    public required Gas Gas { get; init; }

    public required EventTally Tally { get; init; }

    public required EngineCounters Counters { get; init; }
}

/// <summary>What a node needs of the search of all its particles.</summary>
/// <param name="Owner">The search.</param>
/// <param name="Renumber">Gives neighbours in space slots side by side.</param>
/// <param name="ForgetSphere">A particle gets a new Verlet sphere in the next slice, if there are spheres.</param>
/// <param name="ByteCount">Bytes of native memory.</param>
internal sealed record SearchOfAll(IDisposable Owner, Action Renumber, Action<int> ForgetSphere, Func<long> ByteCount);

/// <summary>The same, for contact distances of a kind.</summary>
internal sealed unsafe class NodeSlices<TSizes> : NodeSlices
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly NodeSlicesParts _parts;
    private readonly SharedSlices<TSizes> _sharing;
    private readonly SearchOfAll _search;
    private readonly LawTables _laws;
    private readonly int _above; // number of the block above
    private readonly StateLog _taken = new();
    private readonly NativeArray<int> _later; // by slot: a flight that ended later; scratch

    /// <param name="parts">What it is made of.</param>
    /// <param name="sharing">All blocks and strips, of which this node runs one each.</param>
    /// <param name="search">Of all particles here.</param>
    /// <param name="laws">Of the gas.</param>
    public NodeSlices(NodeSlicesParts parts, SharedSlices<TSizes> sharing, SearchOfAll search, LawTables laws)
    {
        (_parts, _sharing, _search, _laws) = (parts, sharing, search, laws);
        _above = (parts.Node + 1) % parts.Plan.NodeCount;
        _later = new NativeArray<int>(parts.Store.Capacity);
        new Span<int>(_later.Pointer, parts.Store.Capacity).Fill(None);
    }

    private const int None = -1;

    public override double WantedHalf => _sharing.LengthShare * _parts.Length.WantedHalf;

    public override bool WantsRenewal => _sharing.PlacesAnew;

    public override double FastestSquared => Math.Max(Own.BlockJournal.FastestSquared, Strip.StripJournal.FastestSquared);

    public override long ByteCount => _sharing.ByteCount + _search.ByteCount() + _taken.ByteCount + _later.ByteCount;

    private BlockWorker<TSizes> Own => _sharing.Blocks[_parts.Node];

    private BlockWorker<TSizes> Above => _sharing.Blocks[_above];

    private StripWorker<TSizes> Strip => _sharing.Strips[_parts.Node];

    public override void Renumber() => _search.Renumber();

    public override void Forget() => _sharing.PlaceAnew();

    public override void RunBlock(in SliceClock clock, double stop)
    {
        _ = _sharing.IsWorthwhile(clock.Start, double.PositiveInfinity, 1); // decides about room
        SharedSlice slice = new(
            clock, stop, _parts.Partition, [.. _sharing.Blocks.Select(b => b.BlockJournal)], [.. _sharing.Blocks.Select(b => b.Deferrals)]);
        _parts.Counters.SharedSliceCount++;
        _parts.Counters.CrossingCount += _sharing.PlacesAnew ? _parts.Store.Count : 0;
        _parts.Length.Learn(_sharing.Place(slice), clock, _parts.Store.Count);
        _sharing.FindOnlyFor(_parts.Node);
        foreach (BlockWorker<TSizes> worker in _sharing.Blocks)
        {
            worker.FindFirstEvents();
        }

        foreach (BlockWorker<TSizes> worker in _sharing.Blocks)
        {
            worker.DeliverTo(Own);
        }

        _sharing.EndPlacement();
        Own.Run();
    }

    public override BlockReport Report(SharedMembers members) =>
        new BlockReporting(_parts.Store, members, Own.BlockJournal, _later.Pointer).Report(Deferred(members));

    public override void Follow(BlockReport above, SharedMembers members)
    {
        int left = 0; // participants of the present event that are still to come
        for (int k = 0; k < above.Flights.Length; k++)
        {
            ref readonly CutFlight flight = ref above.Flights.ItemRef(k);
            Above.Follow(members.SlotOf(flight.Id), flight);
            if (flight.Event < 0)
            {
                continue;
            }

            CutEvent happened = above.Events[flight.Event];
            left = left == 0 ? happened.Order : left;
            if (--left == 0)
            {
                Above.BlockJournal.Complete(
                    new(happened.Time, happened.Order, 0, happened.Impulse, happened.IsMultiple != 0, happened.IsGrazing != 0), 0);
            }
        }

        foreach (ref readonly CutDeferral deferral in above.Deferrals.AsSpan())
        {
            Above.Deferrals.Defer(members.SlotOf(deferral.Id), deferral.From);
        }
    }

    public override void RunStrip() => Strip.Run();

    public override List<SharedParticle> Changes(SharedMembers members)
    {
        List<SharedParticle> changes = [];
        foreach (int slot in Own.BlockJournal.States.Slots)
        {
            Add(slot, members.IsShownAbove(slot), changes);
        }

        foreach (int slot in Strip.StripJournal.Slots)
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
                _search.ForgetSphere(slot);
            }
        }

        return changes;
    }

    public override void Take(ReadOnlySpan<SharedParticle> changes, SharedMembers members)
    {
        ParticleStore store = _parts.Store;
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
                _search.ForgetSphere(slot);
            }
        }
    }

    public override void End()
    {
        _parts.Tally.Add(Own.Tally);
        _parts.Tally.Add(Strip.Tally);
        _taken.Clear();
        _sharing.End();
    }

    public override void Undo()
    {
        _taken.UndoTo(0, _parts.Store);
        Strip.UndoAll();
        Own.BlockJournal.UndoAll();
        Above.BlockJournal.UndoAll();
        _parts.Counters.RolledBackSliceCount++;
        _sharing.End();
        _sharing.MakeMoreRoom();
    }

    public override void Dispose()
    {
        _sharing.Dispose();
        _search.Owner.Dispose();
        _taken.Dispose();
        _later.Dispose();
        _laws.Dispose();
    }

    // The particles of the strip below that are deferred, whoever has deferred them.
    private List<CutDeferral> Deferred(SharedMembers members)
    {
        int strip = (_parts.Node + _parts.Plan.NodeCount - 1) % _parts.Plan.NodeCount;
        Membership known = _sharing.Members;
        List<CutDeferral> deferred = [];
        foreach (BlockWorker<TSizes> worker in _sharing.Blocks)
        {
            foreach (int slot in worker.Deferrals.Slots)
            {
                if (known.Blocks[slot].Strip == strip && known.Blocks[slot].Block == _parts.Node && members.IsShownBelow(slot))
                {
                    deferred.Add(new CutDeferral { Id = _parts.Store.Ids[slot], From = known.Strips[slot].DeferredFrom });
                }
            }
        }

        return deferred;
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
        members.IsShownAbove(slot) || (_parts.Plan.NodeCount == 2 && members.IsShownBelow(slot));

    private void Add(int slot, bool isShown, List<SharedParticle> changes)
    {
        if (isShown && _later.Pointer[slot] == None)
        {
            _later.Pointer[slot] = changes.Count;
            changes.Add(new SharedParticle { Id = _parts.Store.Ids[slot], State = _parts.Store.StateOf(slot) });
        }
    }
}
