using System.Runtime.Intrinsics;
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
            PrefetchRows(_spheres + middle->Slot, false);
        }

        if (near != null)
        {
            PrefetchRows(_spheres + near->Slot, true);
        }
    }

    private void PrefetchParticle(int slot)
    {
        Sse.Prefetch0(Particles + slot);
        Sse.Prefetch0(_spheres + slot);
        if (_neighbors is null)
        {
            Sse.Prefetch0(_placeOf + slot);
        }
        else
        {
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

    private void PrefetchRows(SweptSphere* sphere, bool records)
    {
        Vector128<float> centre = Vector128.Load(&sphere->X), reach = Vector128.Create(sphere->R + _cap);
        Vector128<int> from = _axes.CellsAt(centre - reach), to = _axes.CellsAt(centre + reach);
        if (!_axes.AreInside(from, to))
        {
            return;
        }

        int stepY = _axes.Third.Count, stepX = stepY * _axes.Second.Count;
        for (int x = from[0]; x <= to[0]; x++)
        {
            int row = x * stepX + from[1] * stepY + from[2];
            for (int y = from[1]; y <= to[1]; y++, row += stepY)
            {
                if (records)
                {
                    int place = _starts[row];
                    Sse.Prefetch0(_records.X + place);
                    Sse.Prefetch0(_records.Y + place);
                    Sse.Prefetch0(_records.Z + place);
                    Sse.Prefetch0(_records.R + place);
                    Sse.Prefetch0(_records.U + place);
                    Sse.Prefetch0(_records.V + place);
                    Sse.Prefetch0(_records.W + place);
                }
                else
                {
                    Sse.Prefetch0(_starts + row);
                    Sse.Prefetch0(_records.Heads + row);
                }
            }
        }
    }
}
