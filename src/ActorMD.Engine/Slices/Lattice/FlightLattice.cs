using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>
/// Where every particle is during a slice, on a lattice of 16-bit numbers (<see cref="LatticeFlight"/>), and in which cell.
/// </summary>
/// <remarks>
/// Errors: positions and flights are rounded to the nearest step, so that along each axis two particles' distance in the middle of the
/// slice is off by no more than one step, and what they fly relative to each other in half of it by one more. <see cref="Reach"/>, how far
/// two flights may be apart and still meet, has four steps on top. Coordinates are modulo 2^16: a particle that is eight cells away looks
/// near, is accepted, and gets its exact event time all the same.
/// </remarks>
internal sealed unsafe class FlightLattice : IDisposable
{
    /// <summary>Steps in half a cell.</summary>
    public const int HalfCell = LatticeFlight.CellSteps / 2;

    /// <summary>Steps that are added to every reach for the rounding of positions and flights.</summary>
    public const int RoundingSteps = 4;

    private const int RecordFlightMax = LatticeFlight.CellSteps; // of a record that is not split, so that differences stay below 2^15

    private readonly NativeArray<LatticeFlight> _flights;
    private readonly NativeArray<int> _recordOf;
    private readonly NativeArray<int> _starts;

    public FlightLattice(SliceGrid grid, double reach, int capacity)
    {
        Grid = grid;
        _flights = new NativeArray<LatticeFlight>(2L * capacity); // also half a particle per slot while slots are renumbered
        _recordOf = new NativeArray<int>(capacity);
        _starts = new NativeArray<int>(grid.Axes.CellCount + 2L);
        Flights = _flights.Pointer;
        RecordOf = _recordOf.Pointer;
        Starts = _starts.Pointer;
        Reach = ReachInSteps(grid.Axes, reach);
        FlightMax = Vector128.Create(HalfCell) - ((Reach + Vector128<int>.One) >> 1);
    }

    public readonly SliceGrid Grid;

    /// <summary>By slot.</summary>
    public readonly LatticeFlight* Flights;

    /// <summary>The particle's first record, by slot.</summary>
    public readonly int* RecordOf;

    /// <summary>The first sorted record, by cell.</summary>
    public readonly int* Starts;

    /// <summary>How far two flights may be apart along each axis and still meet, in steps.</summary>
    public readonly Vector128<int> Reach;

    /// <summary>The longest flight along each axis that reaches out of its cell by no more than half a cell, in steps.</summary>
    public readonly Vector128<int> FlightMax;

    public long ByteCount => _flights.ByteCount + _recordOf.ByteCount + _starts.ByteCount;

    /// <summary>A flight, and what is left of it from a moment on.</summary>
    public void Locate(Particle* p, in SliceClock clock, float low, out FlightPath path)
    {
        path.Low = low;
        Grid.Fly(p, clock, out path.Position, out path.Flight);
        Between(path.Position, path.Flight, low, 1, out path.Centre, out path.Extent);
    }

    /// <summary>
    /// The cells in which what is left of a flight may meet others: none of their records reaches out of its cell by more than half a cell.
    /// </summary>
    public void CellsAround(Vector128<int> centre, Vector128<int> extent, out Vector128<int> low, out Vector128<int> high)
    {
        Vector128<int> reach = extent + Vector128.Create(2 * HalfCell) - FlightMax;
        (low, high) = (Grid.Axes.CellsAt(centre - reach), Grid.Axes.CellsAt(centre + reach));
    }

    /// <summary>Whether what is left of a flight fits into one record.</summary>
    public bool IsWhole(in FlightPath path) => Vector128.LessThanOrEqualAll(path.Extent, FlightMax)
        && Vector128.LessThanOrEqualAll(Vector128.Abs(path.Flight), Vector128.Create(RecordFlightMax));

    /// <summary>Whether what is left of a flight may stay in the record of a cell.</summary>
    public bool Holds(int cell, in FlightPath path) =>
        Grid.Axes.Holds(cell, path.Centre, path.Extent + Vector128.Create(HalfCell) - FlightMax);

    /// <summary>The longest displacement along an axis, in grid units.</summary>
    public float LengthOf(Vector128<int> flight)
    {
        CheckLength(flight);
        Vector128<float> lengths = Vector128.Abs(Vector128.ConvertToSingle(flight)) * Grid.Axes.StepLength;
        return Math.Max(lengths[0], Math.Max(lengths[1], lengths[2]));
    }

    /// <summary>Refuses a flight that is too long for numbers of cells.</summary>
    /// <exception cref="PhysicsViolationException">It is.</exception>
    public static void CheckLength(Vector128<int> flight)
    {
        const float StepsMax = 1 << 29;
        if (Vector128.GreaterThanAny(Vector128.Abs(Vector128.ConvertToSingle(flight)), Vector128.Create(StepsMax)))
        {
            throw new PhysicsViolationException("a particle is too fast: it crosses more cells than can be counted");
        }
    }

    /// <summary>A stretch of time [from, to] of a flight: its centre, and how far the flight then reaches to either side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Between(
        Vector128<int> position, Vector128<int> flight, float from, float to, out Vector128<int> centre, out Vector128<int> extent)
    {
        const float SinglePrecision = 1f / (1 << 21), Rounding = 2;
        Vector128<float> steps = Vector128.ConvertToSingle(flight);
        centre = position + Vector128.ConvertToInt32Native(Vector128.Round(steps * (0.5f * (from + to))));
        extent = Vector128.ConvertToInt32Native(Vector128.Abs(steps) * (0.5f * (to - from) + SinglePrecision) + Vector128.Create(Rounding));
    }

    /// <summary>Into how many parts a flight from a moment on is split so that none reaches further than a limit.</summary>
    public static int PartsOf(Vector128<int> flight, float low, Vector128<int> limit)
    {
        const float Room = 0.9f, Rounding = 8;
        Vector128<float> ratio =
            Vector128.Abs(Vector128.ConvertToSingle(flight)) / (Vector128.ConvertToSingle(limit) * Room - Vector128.Create(Rounding));
        return Math.Max(1, (int)MathF.Ceiling(0.5f * (1 - low) * Math.Max(ratio[0], Math.Max(ratio[1], ratio[2]))));
    }

    /// <summary>One of several equal parts of a flight as a record, whose U, V, W say how far the part reaches.</summary>
    /// <param name="position">In the middle of the slice.</param>
    /// <param name="flight">During half of it.</param>
    /// <param name="low">Beginning of the first part.</param>
    /// <param name="number">Of the part.</param>
    /// <param name="count">Number of parts.</param>
    /// <param name="part">The record.</param>
    /// <param name="tau">When the particle is at its centre.</param>
    /// <returns>The cell of its centre.</returns>
    public int PartOf(
        Vector128<int> position, Vector128<int> flight, float low, int number, int count, out LatticeFlight part, out float tau)
    {
        float length = (1 - low) / count, from = low + number * length;
        Between(position, flight, from, from + length, out Vector128<int> centre, out Vector128<int> extent);
        tau = from + 0.5f * length;
        centre = Inside(centre);
        Vector128<short> record = LatticeFlight.Of(centre, extent, LatticeFlight.Split);
        part = *(LatticeFlight*)&record;
        return Grid.Axes.CellOf(centre);
    }

    /// <summary>The image of a position inside the box.</summary>
    public Vector128<int> Inside(Vector128<int> position) => Vector128.Create(
        Grid.Axes.First.Inside(position[0]), Grid.Axes.Second.Inside(position[1]), Grid.Axes.Third.Inside(position[2]), 0);

    public void Dispose()
    {
        _flights.Dispose();
        _recordOf.Dispose();
        _starts.Dispose();
    }

    private static Vector128<int> ReachInSteps(in GridAxes axes, double reach)
    {
        Vector128<int> steps = default;
        for (int axis = 0; axis < 3; axis++)
        {
            double step = axes.StepLength[axis] * axes.Unit;
            steps = steps.WithElement(axis, RoundingSteps + (step > 0 ? (int)Math.Ceiling(reach * SliceGrid.Margin / step) : 0));
        }

        return steps;
    }
}
