using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Sharing;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Engine.Slices.Lists;

namespace ActorMD.Engine.Slices;

// Large systems do not fit into the cache, but the queue knows what comes next.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    // Loads what the events of later buckets will read into the cache, in steps that build on each other.
    private void PrefetchAhead()
    {
        const int Farthest = 20, Far = 14, Middle = 9, Near = 4; // buckets
        for (int bucket = _prefetched + 1; bucket <= _queue.Bucket; bucket++)
        {
            _queue.PrefetchBucket(bucket + Farthest);
            for (SliceEvent* far = _queue.FirstOf(bucket + Far); far != null; far = _queue.NextOf(far))
            {
                PrefetchParticle(far->Slot);
                PrefetchParticle(Math.Max(far->Partner, 0));
            }

            for (SliceEvent* near = _queue.FirstOf(bucket + Near); near != null; near = _queue.NextOf(near))
            {
                if (_neighbors is null)
                {
                    PrefetchRows(near->Slot, true);
                }
                else if (near->Partner >= 0 && Particles[near->Slot].Stamp + Particles[near->Partner].Stamp == near->Stamps)
                {
                    PrefetchNeighbors(near->Slot);
                    PrefetchNeighbors(near->Partner);
                }
                else if (near->Partner == BeginSearch)
                {
                    PrefetchNeighbors(near->Slot);
                }
            }

            if (_neighbors is null || _members is not null)
            {
                for (SliceEvent* middle = _queue.FirstOf(bucket + Middle); middle != null; middle = _queue.NextOf(middle))
                {
                    if (_neighbors is null)
                    {
                        PrefetchRows(middle->Slot, false);
                    }

                    PrefetchSeamMember(middle->Slot);
                    PrefetchSeamMember(Math.Max(middle->Partner, 0));
                }
            }
        }

        _prefetched = _queue.Bucket;
    }

    private void PrefetchParticle(int slot)
    {
        Sse.Prefetch0(Particles + slot);
        if (_members is not null)
        {
            Sse.Prefetch0(_members + slot);
        }

        if (_neighbors is null)
        {
            Sse.Prefetch0(_flights + slot);
            Sse.Prefetch0(_placeOf + slot);
        }
        else
        {
            Sse.Prefetch0(_listedFlights + slot);
            Sse.Prefetch0(_homes + slot);
            _neighbors.PrefetchList(slot);
        }
    }

    private void PrefetchSeamMember(int slot)
    {
        if (_members is not null && _members[slot].Seam >= 0)
        {
            Sse.Prefetch0(_seamMembers + slot);
            if (_isSeam && _neighbors is not null)
            {
                PrefetchMembers(_neighbors.First(slot));
            }
        }
    }

    private void PrefetchNeighbors(int slot)
    {
        byte* flights = (byte*)_listedFlights;
        uint* line = (uint*)_neighbors!.First(slot), end = line + NeighborLists.LineEntries;
        for (; line < end; line += 3)
        {
            Sse.Prefetch0(flights + line[0]);
            Sse.Prefetch0(flights + line[1]);
            Sse.Prefetch0(flights + line[2]);
        }

        if (_isSeam)
        {
            PrefetchEnded((int*)end - NeighborLists.LineEntries);
        }
    }

    // Seams look at what the neighbours have done in their blocks.
    private void PrefetchMembers(int* line)
    {
        for (int k = 0; k < NeighborLists.LineEntries; k++)
        {
            int other = line[k] >> NeighborLists.EntryShift;
            Sse.Prefetch0(_members + other);
            Sse.Prefetch0(_seamMembers + other);
        }
    }

    private void PrefetchEnded(int* line)
    {
        for (int k = 0; k < NeighborLists.LineEntries; k++)
        {
            int other = line[k] >> NeighborLists.EntryShift;
            if (_members[other].Seam == _number && _seamMembers[other].LastFlight != FlightLog.None && _seamMembers[other].LastEnd >= Now)
            {
                EndedFlight* flight = FlightsOf(other).Flight(_seamMembers[other].LastFlight);
                Sse.Prefetch0(flight);
                Sse.Prefetch0(&flight->End);
            }
        }
    }

    // The rows of cells around the one that holds a particle's record, which is where a search after its next event begins.
    private void PrefetchRows(int slot, bool records)
    {
        int cell = _flights[slot].Cell, stepY = _axes.Third.Count, stepX = stepY * _axes.Second.Count;
        if (cell < 0)
        {
            return;
        }

        FlightRecords flights = _flightRecords!;
        int across = _axes.IsPlanar ? 0 : stepX;
        for (int x = -across; x <= across; x += stepX)
        {
            for (int y = -stepY; y <= stepY; y += stepY)
            {
                int row = cell + x + y - 1;
                row += row < 0 ? _axes.CellCount : row >= _axes.CellCount ? -_axes.CellCount : 0;
                if (records)
                {
                    int place = _starts[row];
                    Sse.Prefetch0(flights.X + place);
                    Sse.Prefetch0(flights.Y + place);
                    Sse.Prefetch0(flights.Z + place);
                    Sse.Prefetch0(flights.U + place);
                    Sse.Prefetch0(flights.V + place);
                    Sse.Prefetch0(flights.W + place);
                }
                else
                {
                    Sse.Prefetch0(_starts + row);
                    Sse.Prefetch0(flights.Heads + row);
                }
            }
        }
    }
}
