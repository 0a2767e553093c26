using System.Runtime.Intrinsics;
using ActorMD.Physics;

namespace ActorMD.Engine;

// One thread's block in a shared slab: its events in the order of time, as if there were no other block.
internal sealed unsafe partial class SlabEventLoop<TSizes>
{
    private void RunBlock(double stop)
    {
        long left = EventCountMax;
        for (SlabEvent* next; (next = TakeValid(stop, ref left)) != null;)
        {
            int slot = next->Slot, partner = next->Partner;
            if (partner >= 0)
            {
                if (IsFrozen(slot, next->Time) || IsFrozen(partner, next->Time))
                {
                    Freeze(slot, next->Time);
                    Freeze(partner, next->Time);
                }
                else
                {
                    Collide(slot, partner, next->Time);
                }
            }
            else if (!IsFrozen(slot, next->Time))
            {
                Bounce(slot, NextEvent.WallPartner - partner, next->Time);
            }
        }
    }

    // Time may stand still in a wedged gas: the loop of the whole slab says so, after a while.
    private long EventCountMax => (1 << 20) + 64L * Count;

    // The next event up to a time that is not stale; null if there is none. Readable until the queue is used again.
    private SlabEvent* TakeValid(double stop, ref long left)
    {
        while (true)
        {
            if (_contactCount > 0)
            {
                EnterContacts(atStart: false);
            }

            SlabEvent* next = _queue.Peek();
            if (next == null || next->Time > stop)
            {
                return null;
            }

            if (left-- == 0)
            {
                throw new SlabConflictException("events without end");
            }

            _queue.Pop();
            if (_prefetches && _prefetched != _queue.Bucket)
            {
                PrefetchAhead();
            }

            if (IsValid(next))
            {
                return next;
            }
        }
    }

    private bool IsValid(SlabEvent* next) =>
        (next->Partner >= 0 ? Particles[next->Slot].Stamp + Particles[next->Partner].Stamp : Particles[next->Slot].Stamp) == next->Stamps;

    // Whether a particle can have an event in this block at a time.
    private bool IsFrozen(int slot, double time) => !_isSeam && !(time < _members[slot].FrozenFrom);

    // From a time on the particle's events are left to its seam.
    private void Freeze(int slot, double time)
    {
        BlockMember* member = _members + slot;
        if (member->Seam < 0)
        {
            throw new SlabConflictException("an event far from any cut cannot be had in the block");
        }

        if (time < member->FrozenFrom)
        {
            if (double.IsPositiveInfinity(member->FrozenFrom))
            {
                _frozen.Add(slot);
            }

            member->FrozenFrom = time;
        }
    }

    // A particle has a new flight. If this thread cannot search it alone, its seam will do it.
    private void MoveInShare(int slot)
    {
        if (_neighbors is null)
        {
            if (MayFly(slot))
            {
                MoveFlight(slot);
            }
        }
        else if (_isSeam)
        {
            Resettle(slot);
        }
        else
        {
            bool isAtHome = Settle(slot, TauOf(Now));
            if (_members[slot].IsBorder && (!isAtHome || HasNeighborAcross(slot)))
            {
                Freeze(slot, Now);
            }
            else if (!isAtHome)
            {
                _keepsHome = _members[slot].Seam >= 0; // a seam may look for flights that went on there
                MoveHome(slot, TauOf(Now));
                _keepsHome = false;
            }
        }
    }

    // With an event of the seam nothing earlier can be wrong any more.
    protected override void KeepFlight(int slot)
    {
        BlockMember* member = _members + slot;
        int number = _flightLog!.Add(slot, Now, member->LastFlight);
        member->LastFlight = _isSeam ? FlightLog.None : number;
        if (_isSeam || member->Seam < 0)
        {
            return;
        }

        if (_neighbors is not null)
        {
            return;
        }

        int cell = _flights[slot].Cell;
        if (cell == LatticeFlight.Cut)
        {
            EndedCutFlight ended = new() { Number = number, End = Now };
            Sweep(Particles + slot, &ended.Sphere);
            _endedCut.Add(ended);
        }
        else
        {
            _flightLog.Link(number, ref _whole!._endedArray!.Pointer[cell]);
        }
    }

    protected override void KeepBoxes(int slot, Int3 boxes) => _flightLog!.AddBoxes(slot, boxes);

    // Events far from the cuts are never taken back by themselves.
    protected override void KeepEvent(in RegionEvent happened)
    {
        bool isClose = false;
        for (int k = 1; k <= happened.Count; k++)
        {
            isClose |= _members[_flightLog!.RecentSlot(k)].Seam >= 0;
        }

        if (isClose && !_isSeam)
        {
            _flightLog!.Keep(happened);
        }
    }

    // No thread may read what another one changes.
    private void CheckPlanes(Vector128<int> from, Vector128<int> to)
    {
        int axis = _axes.IsPlanar ? 1 : 0;
        for (int plane = from[axis]; plane <= to[axis]; plane++)
        {
            if (OwnerOf[plane] != _number)
            {
                throw new SlabConflictException("a search reaches out of the thread's planes");
            }
        }
    }
}
