using System.Runtime.Intrinsics;
using ActorMD.Engine.Calendar;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Regions;
using ActorMD.Engine.Sharing;
using ActorMD.Engine.Slices.Lists;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

// One thread's seam in a shared slab: what the blocks on both sides have left out, and what was wrong because of it.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private void RunSeam(double start, double stop)
    {
        BeginAt(start);
        _queue.Begin(start, _end);
        _prefetched = -1;
        SortEndedFlights();
        foreach (SliceEventLoop<TSizes> block in _whole!._blockLoops)
        {
            foreach (int slot in block._frozen)
            {
                if (_members[slot].Seam == _number)
                {
                    _queue.Enter(Math.Max(start, _seamMembers[slot].FrozenFrom), slot, BeginSearch, Particles[slot].Stamp);
                }
            }
        }

        long left = EventCountMax;
        for (SliceEvent* next; (next = TakeValid(stop, ref left)) != null;)
        {
            int slot = next->Slot, partner = next->Partner;
            if (partner >= 0)
            {
                Collide(slot, partner, next->Time);
            }
            else if (partner <= FirstClash)
            {
                Now = Math.Max(Now, next->Time);
                Resolve(slot, FirstClash - partner);
            }
            else if (partner == BeginSearch)
            {
                Now = Math.Max(Now, next->Time);
                Moved(slot, Int3.Zero);
                Reschedule(slot);
            }
            else
            {
                Bounce(slot, NextEvent.WallPartner - partner, next->Time);
            }
        }
    }

    // A particle meets another one's ended flight: the events of that one from here on are wrong.
    private void Resolve(int slot, int other)
    {
        TakeBackFrom(other, Now);
        Reschedule(slot);
    }

    // A particle's events in its block from a time on, and what followed from them.
    private void TakeBackFrom(int slot, double time)
    {
        FlightLog flights = FlightsOf(slot);
        for (int last = _seamMembers[slot].LastFlight; last != FlightLog.None && flights.Flight(last)->End >= time; last = _seamMembers[slot].LastFlight)
        {
            TakeBackEventAfter(flights, last);
        }
    }

    private void TakeBackEventAfter(FlightLog flights, int ended)
    {
        int number = flights.Flight(ended)->Event;
        if (number == FlightLog.None)
        {
            throw new SharingConflictException("an event far from any cut would have to be taken back");
        }

        RegionEvent happened = flights.Event(number);
        for (int flight = happened.First; flight < happened.First + happened.Count; flight++)
        {
            int slot = flights.Flight(flight)->Slot;
            while (_members[slot].Seam == _number && _seamMembers[slot].LastFlight > flight)
            {
                TakeBackEventAfter(flights, _seamMembers[slot].LastFlight);
            }

            if (_members[slot].Seam != _number || _seamMembers[slot].LastFlight != flight)
            {
                throw new SharingConflictException("an event out of reach of the seam would have to be taken back");
            }
        }

        for (int flight = happened.First; flight < happened.First + happened.Count; flight++)
        {
            int slot = flights.Flight(flight)->Slot;
            uint stamp = Particles[slot].Stamp + 1;
            flights.Restore(flight);
            Particles[slot].Stamp = stamp; // nothing that was predicted since is valid
            int earlier = _seamMembers[slot].LastFlight = flights.Flight(flight)->Earlier;
            _seamMembers[slot].LastEnd = earlier == FlightLog.None ? double.NegativeInfinity : flights.Flight(earlier)->End;
            Moved(slot, Int3.Zero);
            _queue.Enter(happened.Time, slot, BeginSearch, stamp);
        }

        Counters.RolledBackEventCount++;
        CountTakenBack(flights, happened);
    }

    private void CountTakenBack(FlightLog flights, in RegionEvent happened)
    {
        Tally.OrderCounts[happened.Order]--;
        Tally.MultipleCount -= happened.IsMultiple ? 1 : 0;
        Tally.GrazingCount -= happened.IsGrazing ? 1 : 0;
        if (happened.Order == 1)
        {
            Tally.WallImpulse.Add(-happened.Impulse);
            return;
        }

        Tally.Virial.Add(-happened.Impulse);
        int a = flights.Flight(happened.First)->Particle.Species, b = flights.Flight(happened.First + 1)->Particle.Species;
        Tally.PairCounts[Math.Min(a, b) * Tally.SpeciesCount + Math.Max(a, b)]--;
    }

    private FlightLog FlightsOf(int slot) => _whole!._blockLoops[_members[slot].Block]._flightLog!;

    // A new flight must not have met one that went on until later.
    private void CheckEndedFlight(int slot, in SweptSphere own, EndedFlight* flight)
    {
        if (flight->End < Now || flight->Slot == slot)
        {
            return;
        }

        if (flight->End == Now)
        {
            if (!EndedTogether(slot, flight->Event))
            {
                throw new SharingConflictException("simultaneous events in a block and a seam");
            }

            return;
        }

        if (MayHaveMet(own, &flight->Particle))
        {
            double time = ContactWith(slot, &flight->Particle);
            if (time <= flight->End)
            {
                _queue.Enter(time, slot, FirstClash - flight->Slot, Particles[slot].Stamp);
            }
        }
    }

    private bool MayHaveMet(in SweptSphere own, Particle* other)
    {
        SweptSphere sphere;
        Sweep(other, &sphere);
        return Overlap(own, sphere);
    }

    // Whether the spheres around two flights overlap, in any image.
    private bool Overlap(in SweptSphere a, in SweptSphere b)
    {
        Vector128<float> offset = _axes.Nearest(Vector128.Create(a.X - b.X, a.Y - b.Y, a.Z - b.Z, 0));
        float reach = a.R + b.R;
        return reach > _reachOfOneImage || Vector128.Dot(offset, offset) <= reach * reach;
    }

    // Whether the particle's last flight in its block ended with the given event.
    private bool EndedTogether(int slot, int number)
    {
        int last = _seamMembers[slot].LastFlight;
        return last != FlightLog.None && number != FlightLog.None && FlightsOf(slot).Flight(last)->Event == number;
    }

    private double ContactWith(int slot, Particle* other)
    {
        Particle* own = Particles + slot;
        Vector256<double> flown = PlaceInMiddle(other) - PlaceInMiddle(own);
        Vector256<double> nearest = Vector256.Round(-flown * _perLength) * _lengths;
        return EarliestImage(own, other, nearest, PairTime(own, other, nearest));
    }
}
