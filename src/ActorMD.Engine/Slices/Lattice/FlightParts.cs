using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>Gets the cells that a part of a flight may meet others in. Implemented by structs, so that the call is inlined.</summary>
internal interface IFlightPartVisitor
{
    /// <summary>A box of cells inside the grid.</summary>
    /// <param name="part">A part of the flight.</param>
    /// <param name="centre">Its centre in the image of these cells.</param>
    /// <param name="low">First cell along each axis.</param>
    /// <param name="high">Last cell along each axis.</param>
    void Visit(in FlightPart part, Vector128<short> centre, Vector128<int> low, Vector128<int> high);
}

/// <summary>
/// Splits a flight into parts for which 16-bit numbers are enough, and the cells around each part into boxes of one image.
/// </summary>
internal static class FlightParts
{
    /// <summary>What is left of a flight from a moment on.</summary>
    /// <param name="lattice">Cells.</param>
    /// <param name="slot">Of the particle.</param>
    /// <param name="position">In the middle of the slice.</param>
    /// <param name="flight">During half of it.</param>
    /// <param name="low">The moment, tau in [-1, 1].</param>
    /// <param name="visitor">Gets the cells.</param>
    public static void Visit<TVisitor>(
        FlightLattice lattice, int slot, Vector128<int> position, Vector128<int> flight, float low, TVisitor visitor)
        where TVisitor : struct, IFlightPartVisitor
    {
        Vector128<int> longest = Vector128.Create(LatticeFlight.CellSteps);
        if (Vector128.LessThanOrEqualAll(Vector128.Abs(flight), longest))
        {
            VisitPart(lattice, slot, position, flight, low, 1, visitor);
            return;
        }

        int parts = FlightLattice.PartsOf(flight, low, longest);
        float length = (1 - low) / parts;
        for (int k = 0; k < parts; k++)
        {
            float from = low + k * length;
            VisitPart(lattice, slot, position, flight, from, from + length, visitor);
        }
    }

    // A range of cells that goes beyond a face of the box is divided there: the rest is an image.
    private static void VisitPart<TVisitor>(
        FlightLattice lattice, int slot, Vector128<int> position, Vector128<int> flight, float from, float to, TVisitor visitor)
        where TVisitor : struct, IFlightPartVisitor
    {
        FlightLattice.Between(position, flight, from, to, out Vector128<int> centre, out Vector128<int> extent);
        lattice.CellsAround(centre, extent, out Vector128<int> low, out Vector128<int> high);
        SliceGrid grid = lattice.Grid;
        FlightPart part = new()
        {
            Slot = slot,
            From = from,
            To = to,
            Tau = 0.5f * (from + to),
            Flight = Vector128.ConvertToSingle(flight) * grid.Axes.StepLength,
            Centre = Vector128.Narrow(centre, centre),
            Limit = extent + lattice.Reach,
        };
        if (grid.Axes.AreInside(low, high))
        {
            visitor.Visit(part, part.Centre, low, high);
        }
        else
        {
            VisitImages(grid.Axes, part, low, high, visitor);
        }
    }

    private static void VisitImages<TVisitor>(
        in GridAxes axes, in FlightPart part, Vector128<int> low, Vector128<int> high, TVisitor visitor)
        where TVisitor : struct, IFlightPartVisitor
    {
        for (int x = low[0]; x <= high[0];)
        {
            int x0 = axes.First.Wrap(x, out short shiftX), x1 = Math.Min(x0 + high[0] - x, axes.First.Count - 1);
            for (int y = low[1]; y <= high[1];)
            {
                int y0 = axes.Second.Wrap(y, out short shiftY), y1 = Math.Min(y0 + high[1] - y, axes.Second.Count - 1);
                for (int z = low[2]; z <= high[2];)
                {
                    int z0 = axes.Third.Wrap(z, out short shiftZ), z1 = Math.Min(z0 + high[2] - z, axes.Third.Count - 1);
                    Vector128<short> image = part.Centre - Vector128.Create(shiftX, shiftY, shiftZ, 0, 0, 0, 0, 0);
                    visitor.Visit(part, image, Vector128.Create(x0, y0, z0, 0), Vector128.Create(x1, y1, z1, 0));
                    z += z1 - z0 + 1;
                }

                y += y1 - y0 + 1;
            }

            x += x1 - x0 + 1;
        }
    }
}
