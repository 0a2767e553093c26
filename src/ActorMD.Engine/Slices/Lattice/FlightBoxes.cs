using System.Numerics;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>Which records in some cells have a box that overlaps with that of a flight: judged along each axis alone, 32 at once.</summary>
internal static unsafe class FlightBoxes
{
    /// <summary>Tests the sorted records in some rows of cells.</summary>
    /// <param name="numbers">First row of X, Y, Z, U, V, W.</param>
    /// <param name="stride">From one row of numbers to the next.</param>
    /// <param name="start">Where the records of the first cell begin.</param>
    /// <param name="cells">Cells of the grid that are searched.</param>
    /// <param name="centre">Of the flight, in the image of these cells.</param>
    /// <param name="limit">How far it reaches, and the reach of a contact.</param>
    /// <param name="near">Gets the groups that overlap.</param>
    /// <returns>Behind the last group.</returns>
    public static NearGroup* Collect(
        short* numbers, nint stride, int* start, in CellRange cells, Vector128<short> centre, Vector128<int> limit, NearGroup* near)
    {
        nint stride2 = 2 * stride, stride3 = 3 * stride, stride4 = 4 * stride, stride5 = 5 * stride;
        Vector512<short> x = Vector512.Create(centre[0]), y = Vector512.Create(centre[1]), z = Vector512.Create(centre[2]);
        Vector512<short> limitX = Vector512.Create((short)limit[0]), limitY = Vector512.Create((short)limit[1]),
            limitZ = Vector512.Create((short)limit[2]);
        nint width = cells.Width, stepY = cells.StepY, stepX = cells.StepX;
        int rows = cells.Rows;
        for (int planes = cells.Planes; planes > 0; planes--, start += stepX)
        {
            int* row = start;
            for (int k = rows; k > 0; k--, row += stepY)
            {
                for (int record = row[0], end = row[width]; record < end; record += FlightRecords.Lanes)
                {
                    short* other = numbers + record;
                    Vector512<short> gapX = Vector512.Abs(x - Vector512.Load(other)) - Vector512.Abs(Vector512.Load(other + stride3));
                    Vector512<short> gapY = Vector512.Abs(y - Vector512.Load(other + stride))
                        - Vector512.Abs(Vector512.Load(other + stride4));
                    Vector512<short> gapZ = Vector512.Abs(z - Vector512.Load(other + stride2))
                        - Vector512.Abs(Vector512.Load(other + stride5));
                    Vector512<short> overlaps = Vector512.LessThanOrEqual(gapX, limitX) & Vector512.LessThanOrEqual(gapY, limitY)
                        & Vector512.LessThanOrEqual(gapZ, limitZ);
                    uint lanes = (uint)overlaps.ExtractMostSignificantBits() & NearBuffer.LanesUpTo(end - record, FlightRecords.Lanes);
                    near->Record = record;
                    near->Lanes = lanes;
                    near += lanes != 0 ? 1 : 0;
                }
            }
        }

        return near;
    }

    /// <summary>All records that are linked to some cells: they are few, and not tested.</summary>
    public static NearGroup* CollectLinked(FlightRecords records, in CellRange cells, NearGroup* near)
    {
        const int Lanes = 8;
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
                        for (int record = head[k + BitOperations.TrailingZeroCount(used)]; record >= 0; record = records.NextOf(record))
                        {
                            near->Record = record;
                            near->Lanes = 1;
                            near++;
                        }
                    }
                }
            }
        }

        return near;
    }
}
