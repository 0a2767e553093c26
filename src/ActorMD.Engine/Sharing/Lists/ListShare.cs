using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lists;

namespace ActorMD.Engine.Sharing.Lists;

/// <summary>One worker's part in the lists of neighbours: which spheres it may move, and which lists it may change.</summary>
internal abstract unsafe class ListShare<TSizes> : ListGuard
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly VerletSpheres<TSizes> _spheres;
    private readonly Particle* _particles;
    private readonly List<int> _moved = []; // slots whose members are those of their old spheres
    private readonly List<int> _oldRecords = []; // first records of spheres that have moved but stay in the grid
    private PlaneTerritory _territory;

    /// <param name="number">Of the block, or of the strip.</param>
    /// <param name="whole">The search of all threads.</param>
    /// <param name="store">The particles.</param>
    /// <param name="members">Blocks and strips.</param>
    protected ListShare(int number, NeighborListSearch<TSizes> whole, ParticleStore store, Membership members)
    {
        (Number, Members) = (number, members);
        _particles = store.Particles;
        Search = whole.Share(this);
        _spheres = whole.Spheres;
    }

    /// <summary>Of this worker.</summary>
    public NeighborListSearch<TSizes> Search { get; }

    /// <summary>Slots that need a new sphere at the start of the slice and are not this worker's to move.</summary>
    public List<int> MovesLeft { get; } = [];

    /// <summary>Pairs that are neighbours, but whose lists more than one thread would change.</summary>
    public List<(int Slot, int Other)> LatePairs { get; } = [];

    /// <summary>Slots whose spheres have moved during the slice.</summary>
    public ReadOnlySpan<int> MovedSlots => CollectionsMarshal.AsSpan(_moved);

    protected int Number { get; }

    protected Membership Members { get; }

    /// <summary>The slice that is run.</summary>
    protected SharedSlice Slice { get; private set; } = null!;

    /// <summary>A slice begins: nothing has been moved in it.</summary>
    public virtual void Begin(SharedSlice slice, SphereRecords whole)
    {
        Slice = slice;
        _territory = TerritoryIn(slice.Partition);
        Search.Begin(slice.Clock, whole.SortedCount, whole.Count - whole.SortedCount);
        Search.Confine(_territory);
        Search.Contacts.Clear();
        MovesLeft.Clear();
        LatePairs.Clear();
        _moved.Clear();
        _oldRecords.Clear();
    }

    /// <summary>What all threads share may have moved in memory.</summary>
    public void TakeOver(SphereRecords whole)
    {
        Search.Records.TakeOver(whole);
        Search.Lists.TakeOver();
    }

    /// <summary>What the last slice has left to be done.</summary>
    public void EndLastSlice(BlockPartition partition)
    {
        foreach (int slot in _moved)
        {
            Members.Blocks[slot] = MemberOf(slot, partition, out _);
        }

        foreach (int place in _oldRecords)
        {
            Search.Records.Remove(place);
        }
    }

    /// <summary>Moves spheres, of those whose time has come the ones that this worker owns; what it cannot move alone is left.</summary>
    public void MoveOwnSpheres(List<int> movers)
    {
        foreach (int slot in movers)
        {
            if (!Owns(Members.Blocks[slot]))
            {
                continue;
            }

            if (CanMoveSphere(slot))
            {
                Search.MoveSphere(slot, -1);
                Assign(slot);
            }
            else
            {
                MovesLeft.Add(slot);
            }
        }
    }

    /// <summary>Moves a sphere during the slice.</summary>
    /// <param name="slot">Of the particle.</param>
    /// <param name="low">The present moment, tau in [-1, 1].</param>
    /// <param name="keepsOld">Whether the old record stays in the grid: a strip may look for flights that went on there.</param>
    /// <returns>Radius of the sphere around the whole flight.</returns>
    public float MoveSphere(int slot, float low, bool keepsOld)
    {
        _moved.Add(slot);
        if (keepsOld)
        {
            _oldRecords.Add(_spheres.RecordOf[slot]);
        }

        return Search.MoveSphere(slot, low, keepsOld);
    }

    /// <summary>A particle's sphere is new: finds out to which block and strip it belongs.</summary>
    public void Assign(int slot)
    {
        Members.Set(slot, MemberOf(slot, Slice.Partition, out bool isOverBoundary));
        if (isOverBoundary)
        {
            OnOverBoundary(slot);
        }
    }

    /// <summary>The block and the strip of a particle by its sphere. A flight that was split is as close to a boundary as its closest part.</summary>
    public BlockMember MemberOf(int slot, BlockPartition partition, out bool isOverBoundary)
    {
        BlockMember member = BlockMember.OfNoBlock;
        isOverBoundary = false;
        SphereRecords records = Search.Records;
        for (int place = _spheres.RecordOf[slot]; place >= 0; place = records.NextPart(place))
        {
            int plane = _spheres.Grid.Axes.Across.IndexOf(_spheres.Grid.Axes.IsPlanar ? records.Y[place] : records.X[place]);
            isOverBoundary |= member.Joins(partition.Members[plane]);
        }

        return member;
    }

    /// <summary>The layers that this worker may read and change.</summary>
    protected abstract PlaneTerritory TerritoryIn(BlockPartition partition);

    /// <summary>Whether this worker moves the particle's sphere at the start of a slice.</summary>
    protected abstract bool Owns(in BlockMember member);

    /// <summary>The particle's flight leads over a boundary between blocks: none of them has its events.</summary>
    protected abstract void OnOverBoundary(int slot);

    // Whether all around the particle is in this worker's layers, wherever in reach its sphere will be.
    private bool CanMoveSphere(int slot)
    {
        SliceGrid grid = _spheres.Grid;
        SweptSphere sphere;
        grid.Sweep(_particles + slot, Slice.Clock, &sphere);
        if (sphere.R > _spheres.RadiusOf(_particles + slot))
        {
            return false;
        }

        int axis = grid.Axes.IsPlanar ? 1 : 0;
        Vector128<float> centre = Vector128.Load(&sphere.X), reach = Vector128.Create(3 * grid.Cap);
        int from = grid.Axes.CellsAt(centre - reach)[axis], to = grid.Axes.CellsAt(centre + reach)[axis];
        for (int plane = from; plane <= to; plane++)
        {
            if (!_territory.Contains(grid.Axes.Across.Wrap(plane, out float _)))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The part of a block's worker.</summary>
/// <param name="number">Of the block.</param>
/// <param name="whole">The search of all threads.</param>
/// <param name="store">The particles.</param>
/// <param name="members">Blocks and strips.</param>
/// <param name="deferrals">Of the block.</param>
internal sealed unsafe class BlockListShare<TSizes>(
    int number, NeighborListSearch<TSizes> whole, ParticleStore store, Membership members, Deferrals deferrals)
    : ListShare<TSizes>(number, whole, store, members)
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly SliceGrid _grid = whole.Spheres.Grid;

    /// <summary>Slots that need a new sphere at the start of the slice.</summary>
    public List<int> Movers { get; } = [];

    public override void Begin(SharedSlice slice, SphereRecords whole)
    {
        base.Begin(slice, whole);
        Movers.Clear();
    }

    /// <summary>Sets the flights of some particles; those that must move are noted.</summary>
    /// <param name="first">First slot.</param>
    /// <param name="end">Behind the last slot.</param>
    /// <param name="areMembersKnown">Whether all particles belong where their spheres say.</param>
    public void SetFlights(int first, int end, bool areMembersKnown)
    {
        for (int slot = first; slot < end; slot++)
        {
            if (!Search.SetFlight(slot, -1))
            {
                Movers.Add(slot);
            }

            Members.Set(slot, areMembersKnown ? Members.Blocks[slot] : MemberOf(slot, Slice.Partition, out _));
        }
    }

    /// <summary>The blocks and strips of some slots whose records are new.</summary>
    public void AssignSorted(int first, int end)
    {
        ReadOnlySpan<BlockMember> ofPlanes = Slice.Partition.Members;
        double planesPerCell = 1.0 / _grid.CellsPerPlane;
        for (int slot = first; slot < end; slot++)
        {
            if (Search.Spheres.HasNoSphere(slot))
            {
                Assign(slot);
            }
            else
            {
                Members.Set(slot, ofPlanes[(int)((Search.Sorter.Swept[slot].Cell + 0.5) * planesPerCell)]);
            }
        }
    }

    public override bool MayLinkSplit(int slot, int other)
    {
        bool mayLink = !LeadsOverBoundary(slot) && !LeadsOverBoundary(other);
        if (!mayLink)
        {
            LatePairs.Add((slot, other));
        }

        return mayLink;
    }

    public override void CheckFound(SphereRecords records, NearGroup* first, NearGroup* end)
    {
        for (NearGroup* group = first; group < end; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
            {
                int place = group->Record + BitOperations.TrailingZeroCount(lanes);
                if (records.IsSplit(place) && Members.Blocks[records.SlotAt(place)].Block != Number)
                {
                    throw new SharingConflictException("a search has found another thread's particle");
                }
            }
        }
    }

    protected override PlaneTerritory TerritoryIn(BlockPartition partition) => partition.TerritoryOfBlock(Number);

    protected override bool Owns(in BlockMember member) => member.Block == Number;

    protected override void OnOverBoundary(int slot) => deferrals.Defer(slot, Slice.Clock.Start);

    private bool LeadsOverBoundary(int slot) => Members.Blocks[slot].Strip >= 0 && Members.Strips[slot].DeferredFrom == Slice.Clock.Start;
}

/// <summary>The part of a strip's worker.</summary>
/// <param name="number">Of the strip.</param>
/// <param name="whole">The search of all threads.</param>
/// <param name="store">The particles.</param>
/// <param name="members">Blocks and strips.</param>
internal sealed unsafe class StripListShare<TSizes>(int number, NeighborListSearch<TSizes> whole, ParticleStore store, Membership members)
    : ListShare<TSizes>(number, whole, store, members)
    where TSizes : struct, IContactDistances<TSizes>
{
    public override void CheckFound(SphereRecords records, NearGroup* first, NearGroup* end)
    {
        for (NearGroup* group = first; group < end; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
            {
                int place = group->Record + BitOperations.TrailingZeroCount(lanes);
                if (Members.Blocks[records.SlotAt(place)].Strip != Number)
                {
                    throw new SharingConflictException("a search has found another thread's particle");
                }
            }
        }
    }

    protected override PlaneTerritory TerritoryIn(BlockPartition partition) => partition.TerritoryOfStrip(Number);

    // Whatever a block has left belongs to a strip; what is close to no boundary to the first.
    protected override bool Owns(in BlockMember member) => Math.Max(member.Strip, (sbyte)0) == Number;

    // Only flights that fit into a sphere are moved here.
    protected override void OnOverBoundary(int slot) => throw new SharingConflictException("a flight in a strip leads over a boundary");
}
