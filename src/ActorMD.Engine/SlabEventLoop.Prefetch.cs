using System.Runtime.Intrinsics.X86;

namespace ActorMD.Engine;

// Large systems do not fit into the cache, but the queue knows what comes next.
internal sealed unsafe partial class SlabEventLoop<TSizes>
{
    // Loads what the next events will read into the cache, in three steps that build on each other.
    private void PrefetchAhead()
    {
        const int Far = 6, Middle = 4, Near = 2;
        SlabEvent* far = _queue.Ahead(Far), middle = _queue.Ahead(Middle), near = _queue.Ahead(Near);
        if (far != null)
        {
            PrefetchParticle(far->Slot);
            PrefetchParticle(Math.Max(far->Partner, 0));
        }

        if (_neighbors is not null)
        {
            if (middle != null)
            {
                _neighbors.PrefetchList(middle->Slot);
                _neighbors.PrefetchList(Math.Max(middle->Partner, 0));
            }

            if (near != null)
            {
                PrefetchNeighbors(near->Slot);
                PrefetchNeighbors(Math.Max(near->Partner, 0));
            }

            return;
        }

        if (middle != null)
        {
            PrefetchRows(middle->Slot, false);
        }

        if (near != null)
        {
            PrefetchRows(near->Slot, true);
        }
    }

    private void PrefetchParticle(int slot)
    {
        Sse.Prefetch0(Particles + slot);
        if (_neighbors is null)
        {
            Sse.Prefetch0(_flights + slot);
            Sse.Prefetch0(_placeOf + slot);
        }
        else
        {
            Sse.Prefetch0(_spheres + slot);
            Sse.Prefetch0(_homes + slot);
            _neighbors.PrefetchHead(slot);
        }
    }

    private void PrefetchNeighbors(int slot)
    {
        int* chunk = _neighbors!.First(slot, out int fill);
        for (int k = 0; k < fill; k++)
        {
            Sse.Prefetch0(_spheres + chunk[k]);
        }

        if (chunk != null && (chunk = _neighbors.Next(chunk)) != null)
        {
            for (int k = 0; k < SlabNeighbors.ChunkEntries; k++)
            {
                Sse.Prefetch0(_spheres + chunk[k]);
            }
        }
    }

    // The rows of cells around the one that holds a particle's record, which is where a search after its next event begins.
    private void PrefetchRows(int slot, bool records)
    {
        int cell = _flights[slot].Cell, stepY = _axes.Third.Count, stepX = stepY * _axes.Second.Count;
        if (cell < stepX + stepY + 1 || cell + stepX + stepY + 1 >= _axes.CellCount)
        {
            return;
        }

        FlightRecords flights = _flightRecords!;
        for (int x = -stepX; x <= stepX; x += stepX)
        {
            for (int y = -stepY; y <= stepY; y += stepY)
            {
                int row = cell + x + y - 1;
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
