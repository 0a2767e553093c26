using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Calendar;
using ActorMD.Engine.Regions;
using ActorMD.Engine.Sharing;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

// One thread's block in a shared slab: its events in the order of time, as if there were no other block.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private void RunBlock(double stop)
    {
        long left = EventCountMax;
        for (SliceEvent* next; (next = TakeValid(stop, ref left)) != null;)
        {
            int slot = next->Slot, partner = next->Partner;
            if (partner >= 0)
            {
                _isFar = _members[slot].Seam < 0 && _members[partner].Seam < 0;
                if (!_isFar && (IsFrozen(slot, next->Time) || IsFrozen(partner, next->Time)))
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
                _isFar = _members[slot].Seam < 0;
                Bounce(slot, NextEvent.WallPartner - partner, next->Time);
            }
        }
    }

    // Time may stand still in a wedged gas: the loop of the whole slab says so, after a while.
    private long EventCountMax => (1 << 20) + 64L * Count;

    // The next event up to a time that is not stale; null if there is none. Readable until the queue is used again.
    private SliceEvent* TakeValid(double stop, ref long left)
    {
        while (true)
        {
            if (_contactCount > 0)
            {
                EnterContacts(atStart: false);
            }

            SliceEvent* next = _queue.Peek();
            if (next == null || next->Time > stop)
            {
                return null;
            }

            if (left-- == 0)
            {
                throw new SharingConflictException("events without end");
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

    private bool IsValid(SliceEvent* next) =>
        (next->Partner >= 0 ? Particles[next->Slot].Stamp + Particles[next->Partner].Stamp : Particles[next->Slot].Stamp) == next->Stamps;

    // Whether a particle can have an event in this block at a time.
    private bool IsFrozen(int slot, double time) => !_isSeam && _members[slot].Seam >= 0 && !(time < _seamMembers[slot].FrozenFrom);

    // From a time on the particle's events are left to its seam.
    private void Freeze(int slot, double time)
    {
        if (_members[slot].Seam < 0)
        {
            throw new SharingConflictException("an event far from any cut cannot be had in the block");
        }

        StripMember* member = _seamMembers + slot;
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
            MoveFlight(slot);
        }
        else if (_isFar)
        {
            Resettle(slot);
        }
        else
        {
            float low = TauOf(Now);
            bool isAtHome = Settle(slot, low);
            if (_members[slot].IsBorder && (!isAtHome || MayMeetAcross(slot, low)))
            {
                Freeze(slot, Now);
            }
            else if (!isAtHome)
            {
                _keepsHome = _members[slot].Seam >= 0; // a seam may look for flights that went on there
                MoveHome(slot, low);
                _keepsHome = false;
            }
        }
    }

    // Events that a seam may take back are kept by themselves: those in blocks of which a participant is close to a cut.
    protected override void KeepFlights(int first, int second)
    {
        if (_isFar)
        {
            KeepFar(first);
            if (second >= 0)
            {
                KeepFar(second);
            }

            return;
        }

        KeepFlight(first);
        if (second >= 0)
        {
            KeepFlight(second);
        }
    }

    private void KeepFar(int slot)
    {
        _flightLog!.AddFar(slot);
        if (_isSeam)
        {
            _seamMembers[slot].LastFlight = FlightLog.None; // with an event of the seam nothing earlier can be wrong any more
        }
    }

    private void KeepFlight(int slot)
    {
        StripMember* member = _seamMembers + slot;
        if (_members[slot].Seam < 0)
        {
            *member = StripMember.OfNewSlab;
        }

        int number = member->LastFlight = _flightLog!.Add(slot, Now, member->LastFlight);
        member->LastEnd = Now;
        if (_members[slot].Seam < 0 || _neighbors is not null)
        {
            return;
        }

        int cell = _flights[slot].Cell;
        if (cell == LatticeFlight.Cut)
        {
            KeepParts(slot, number);
        }
        else
        {
            KeepBox(number, _flights + slot, cell);
        }
    }

    // A flight leads close to a cut.
    private void EnterSeam(int slot, int seam)
    {
        if (_members[slot].Seam < 0 && _isFar)
        {
            _seamMembers[slot] = StripMember.OfNewSlab;
        }

        _members[slot].Seam = (sbyte)seam;
    }

    protected override void KeepBoxes(int slot, Int3 boxes)
    {
        if (_isFar)
        {
            _flightLog!.AddFarBoxes(slot, boxes);
        }
        else
        {
            _flightLog!.AddBoxes(slot, boxes);
        }
    }

    protected override void KeepEvent(in RegionEvent happened)
    {
        if (!_isFar)
        {
            _flightLog!.Keep(happened);
        }
    }

    // No thread may read what another one changes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckPlanes(Vector128<int> from, Vector128<int> to)
    {
        (int first, int last) = _axes.IsPlanar ? (from[1], to[1]) : (from[0], to[0]);
        if (first < _firstOwnPlane || last >= _endOwnPlane)
        {
            CheckPlanes(first, last);
        }
    }

    private void CheckPlanes(int first, int last)
    {
        for (int plane = first; plane <= last; plane++)
        {
            if (OwnerOf[plane] != _number)
            {
                throw new SharingConflictException("a search reaches out of the thread's planes");
            }
        }
    }
}
