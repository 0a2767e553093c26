using System.Numerics;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>Finds the Verlet spheres that overlap with one that has moved, and enters both into each other's lists.</summary>
/// <param name="spheres">Cells.</param>
/// <param name="records">Spheres by cell.</param>
/// <param name="lists">Get the pairs.</param>
/// <param name="guard">Which lists may be changed.</param>
internal sealed unsafe class SphereSearch<TSizes>(VerletSpheres<TSizes> spheres, SphereRecords records, NeighborLists lists,
    ListGuard guard) : IDisposable
    where TSizes : struct, IContactDistances<TSizes>
{
    private const int Lanes = SphereOverlap.Lanes;

    private readonly NearBuffer _near = new();
    private PlaneTerritory _territory = PlaneTerritory.Whole;

    public long ByteCount => _near.ByteCount;

    private ref readonly GridAxes Axes => ref spheres.Grid.Axes;

    /// <summary>Makes room for as many spheres as there are.</summary>
    public void Reserve(int sortedCount, int linkedCount) => _near.Reserve(sortedCount, Lanes, linkedCount);

    /// <summary>From now on these layers may be read.</summary>
    public void Confine(in PlaneTerritory territory) => _territory = territory;

    /// <summary>Adds the pairs of a sphere and all that overlap with it.</summary>
    /// <param name="slot">Of its particle.</param>
    /// <param name="sphere">The sphere.</param>
    /// <remarks>
    /// No record reaches out of its cell by more than half a cell. A range of cells that goes beyond a face of the box is divided there:
    /// the rest is an image.
    /// </remarks>
    public void Search(int slot, SweptSphere* sphere)
    {
        Vector128<float> centre = Vector128.Load(&sphere->X), reach = Vector128.Create(sphere->R + spheres.Grid.Cap);
        Vector128<int> from = Axes.CellsAt(centre - reach), to = Axes.CellsAt(centre + reach);
        if (Axes.AreInside(from, to))
        {
            SphereLanes own = new(sphere->X, sphere->Y, sphere->Z, sphere->R);
            SearchBox(slot, own, from, to);
            return;
        }

        for (int x = from[0]; x <= to[0];)
        {
            int x0 = Axes.First.Wrap(x, out float shiftX), x1 = Math.Min(x0 + to[0] - x, Axes.First.Count - 1);
            for (int y = from[1]; y <= to[1];)
            {
                int y0 = Axes.Second.Wrap(y, out float shiftY), y1 = Math.Min(y0 + to[1] - y, Axes.Second.Count - 1);
                for (int z = from[2]; z <= to[2];)
                {
                    int z0 = Axes.Third.Wrap(z, out float shiftZ), z1 = Math.Min(z0 + to[2] - z, Axes.Third.Count - 1);
                    SphereLanes own = new(sphere->X - shiftX, sphere->Y - shiftY, sphere->Z - shiftZ, sphere->R);
                    SearchBox(slot, own, Vector128.Create(x0, y0, z0, 0), Vector128.Create(x1, y1, z1, 0));
                    z += z1 - z0 + 1;
                }

                y += y1 - y0 + 1;
            }

            x += x1 - x0 + 1;
        }
    }

    private void SearchBox(int slot, in SphereLanes own, Vector128<int> low, Vector128<int> high)
    {
        CellRange cells = new(Axes, low, high);
        NearGroup* near = CollectRows(own, cells);
        if (records.HasLinked)
        {
            near = CollectLinked(own, cells, near);
        }

        _territory.Check(Axes, low, high);
        guard.CheckFound(records, _near.First, near);
        for (NearGroup* group = _near.First; group < near; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
            {
                int other = records.SlotAt(group->Record + BitOperations.TrailingZeroCount(lanes));
                if (other != slot)
                {
                    lists.AddNew(slot, other);
                }
            }
        }
    }

    private NearGroup* CollectRows(in SphereLanes own, in CellRange cells)
    {
        Vector256<float> ownX = own.X, ownY = own.Y, ownZ = own.Z, ownR = own.R;
        float* x = records.X, y = records.Y, z = records.Z, r = records.R;
        NearGroup* near = _near.First;
        int* start = spheres.Starts + cells.First;
        int width = cells.Width;
        for (int plane = 0; plane < cells.Planes; plane++, start += cells.StepX)
        {
            int* row = start;
            for (int k = 0; k < cells.Rows; k++, row += cells.StepY)
            {
                nint end = row[width];
                for (nint record = row[0]; record < end; record += Lanes)
                {
                    uint overlaps = SphereOverlap.Test(ownX, ownY, ownZ, ownR, x + record, y + record, z + record, r + record)
                        & NearBuffer.LanesUpTo((int)(end - record), Lanes);
                    near->Record = (int)record;
                    near->Lanes = overlaps;
                    near += overlaps != 0 ? 1 : 0;
                }
            }
        }

        return near;
    }

    private NearGroup* CollectLinked(in SphereLanes own, in CellRange cells, NearGroup* near)
    {
        for (int plane = 0; plane < cells.Planes; plane++)
        {
            int* head = records.Heads + cells.First + plane * cells.StepX;
            for (int row = 0; row < cells.Rows; row++, head += cells.StepY)
            {
                for (int k = 0; k < cells.Width; k += Lanes)
                {
                    uint used = ~Vector256.Load(head + k).ExtractMostSignificantBits() & NearBuffer.LanesUpTo(cells.Width - k, Lanes);
                    for (; used != 0; used &= used - 1)
                    {
                        near = CollectList(own, head[k + BitOperations.TrailingZeroCount(used)], near);
                    }
                }
            }
        }

        return near;
    }

    private NearGroup* CollectList(in SphereLanes own, int record, NearGroup* near)
    {
        for (; record >= 0; record = records.NextOf(record))
        {
            uint overlaps = 1
                & SphereOverlap.Test(
                    own.X, own.Y, own.Z, own.R, records.X + record, records.Y + record, records.Z + record, records.R + record);
            near->Record = record;
            near->Lanes = overlaps;
            near += overlaps != 0 ? 1 : 0;
        }

        return near;
    }

    public void Dispose() => _near.Dispose();
}
