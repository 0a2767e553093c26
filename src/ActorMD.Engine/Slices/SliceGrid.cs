using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

/// <summary>
/// The grid of cells of an event loop in time slices, and how particles lie in it: from their states to positions and free flights in the
/// units of the grid. Immutable.
/// </summary>
/// <remarks>
/// Lengths are in units of the widest cell, along the axes of the grid (<see cref="GridAxes"/>), unless it is said otherwise. A flight is
/// the displacement during half of a slice; a position is that in the middle of the slice.
/// </remarks>
internal sealed unsafe class SliceGrid
{
    /// <summary>On radii and speeds, for the rounding of single precision.</summary>
    public const float Margin = 1.00001f;

    private readonly Vector256<long> _coordinates = Vector256.Create(-1, -1, -1, 0);
    private readonly float[] _radii;
    private readonly bool[] _isLarge;

    public SliceGrid(Gas gas, SlicePlan plan)
    {
        Box = gas.Box;
        Axes = new GridAxes(gas.Box, plan.Grid);
        PerUnit = 1 / Axes.Unit;
        CellsPerPlane = Axes.CellCount / Axes.PlaneCount;
        Lengths = Vector256.Create(Box.Lengths.X, Box.Lengths.Y, Box.Lengths.Z, 0);
        PerLength = Vector256.Create(PerLengthAlong(0), PerLengthAlong(1), PerLengthAlong(2), 0);
        double z = Box.Dimension == 3 ? Box.Lengths.Z : 0;
        Error = (float)(Math.Max(Box.Lengths.X, Math.Max(Box.Lengths.Y, z)) * PerUnit / (1 << 20));
        RadiusMax = (float)(0.5 * plan.Split.Reach * PerUnit) * Margin + Error;
        double zones = gas.Zones.IsEmpty ? 0 : gas.Zones.Max(zone => zone.Reach);
        ContactRadius = (float)(0.5 * plan.Split.SmallDiameterMax * PerUnit) * Margin + Error;
        ZoneRadius = zones > 0 ? (float)(0.5 * zones * PerUnit) * Margin + Error : 0;
        _radii = [.. gas.Kinds.Select(kind => (float)(0.5 * Math.Max(kind.Diameter, zones) * PerUnit) * Margin + Error)];
        _isLarge = plan.Split.IsLarge.ToArray();
        Cap = (float)(0.5 * plan.Grid.Width.Take(gas.Dimension).Min() * PerUnit);
        double shortest = Math.Min(Box.Lengths.X, Math.Min(Box.Lengths.Y, Box.Dimension == 3 ? Box.Lengths.Z : double.PositiveInfinity));
        ReachOfOneImage = (float)(0.45 * shortest * PerUnit);
    }

    public readonly Box Box;

    public readonly GridAxes Axes;

    /// <summary>Sides of the box along x, y, z, in the units of the gas.</summary>
    public readonly Vector256<double> Lengths;

    /// <summary>1 / side along x, y, z, or 0 along an axis that is not periodic.</summary>
    public readonly Vector256<double> PerLength;

    /// <summary>Grid units per length.</summary>
    public readonly double PerUnit;

    /// <summary>Cells of one layer across the axis along which threads share the grid.</summary>
    public readonly int CellsPerPlane;

    /// <summary>Records reach out of their cell by no more than this: half of the narrowest cell.</summary>
    public readonly float Cap;

    /// <summary>What single precision may be off by in a distance.</summary>
    public readonly float Error;

    /// <summary>Half of the largest contact distance or reach that cells are made for, with all errors.</summary>
    public readonly float RadiusMax;

    /// <summary>Half of the largest contact distance of small particles, with all errors.</summary>
    public readonly float ContactRadius;

    /// <summary>Half of the largest reach of zones, with all errors; 0 if there are none.</summary>
    public readonly float ZoneRadius;

    /// <summary>Particles within this reach of each other meet as one image only.</summary>
    public readonly float ReachOfOneImage;

    /// <summary>eps_a / 2 of each kind, or half the reach of zones if that is more, with the errors of single precision.</summary>
    public ReadOnlySpan<float> Radii => _radii;

    /// <summary>The radius of a particle: see <see cref="Radii"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float RadiusOf(Particle* p) => _radii[p->Kind];

    /// <summary>Whether a particle is of a large kind, which is searched apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLarge(Particle* p) => _isLarge[p->Kind];

    /// <summary>The layer of a cell, counted along the axis along which threads share the grid.</summary>
    public int PlaneOf(int cell) => cell / CellsPerPlane;

    /// <summary>Position, inside the box on periodic axes, and flight along x, y, z, in grid units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fly(Particle* p, in SliceClock clock, out Vector256<double> position, out Vector256<double> flight)
    {
        Vector256<double> velocity = Three(&p->VX);
        position = Three(&p->X) + velocity * Vector256.Create(clock.Middle - p->Time);
        position = (position - Vector256.Floor(position * PerLength) * Lengths) * PerUnit;
        flight = velocity * (clock.Half * PerUnit);
    }

    /// <summary>The same along the axes of the grid, in single precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fly(Particle* p, in SliceClock clock, out Vector128<float> position, out Vector128<float> flight)
    {
        Fly(p, clock, out Vector256<double> exact, out Vector256<double> displacement);
        (position, flight) = (AlongAxes(ToSingle(exact)), AlongAxes(ToSingle(displacement)));
    }

    /// <summary>The same in lattice steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fly(Particle* p, in SliceClock clock, out Vector128<int> position, out Vector128<int> flight)
    {
        Vector256<double> velocity = Three(&p->VX);
        Vector256<double> exact = Three(&p->X) + velocity * Vector256.Create(clock.Middle - p->Time);
        exact -= Vector256.Floor(exact * PerLength) * Lengths;
        position = ToSteps(exact * Axes.StepsPerLength);
        flight = ToSteps(velocity * (Axes.StepsPerLength * clock.Half));
        if (Axes.IsPlanar)
        {
            position = Vector128.Shuffle(position, Vector128.Create(2, 0, 1, 3));
            flight = Vector128.Shuffle(flight, Vector128.Create(2, 0, 1, 3));
        }
    }

    /// <summary>The sphere that holds the whole flight and the particle's radius.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Sweep(Particle* p, in SliceClock clock, SweptSphere* sphere)
    {
        Fly(p, clock, out Vector128<float> centre, out Vector128<float> flight);
        float radius = MathF.Sqrt(Vector128.Dot(flight, flight)) * Margin + _radii[p->Kind];
        Vector128<int> cells = Vector128.ConvertToInt32Native(centre * Axes.PerUnit);
        cells = Vector128.Max(Vector128.Min(cells, Axes.Last), Vector128<int>.Zero) * Axes.Strides;
        centre.WithElement(3, radius).Store(&sphere->X);
        flight.Store(&sphere->U);
        sphere->Cell = cells[0] + cells[1] + cells[2];
    }

    /// <summary>Where the particle is in the middle of the slice, not wrapped, along x, y, z, in the units of the gas.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> PositionInMiddle(Particle* p, in SliceClock clock) =>
        Three(&p->X) + Three(&p->VX) * Vector256.Create(clock.Middle - p->Time);

    /// <summary>Along x, y, z, in the units of the gas.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> VelocityOf(Particle* p) => Three(&p->VX);

    /// <summary>From the order x, y, z to that of the grid's axes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> AlongAxes(Vector128<float> numbers) =>
        Axes.IsPlanar ? Vector128.Shuffle(numbers, Vector128.Create(2, 0, 1, 3)) : numbers;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToSingle(Vector256<double> numbers) =>
        Avx.IsSupported ? Avx.ConvertToVector128Single(numbers) : Vector128.Narrow(numbers.GetLower(), numbers.GetUpper());

    // A number of steps beyond the range of integers becomes one that FlightLattice.CheckLength refuses.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ToSteps(Vector256<double> x) => Avx.IsSupported
        ? Avx.ConvertToVector128Int32(x)
        : Vector128.Create((int)Math.Round(x[0]), (int)Math.Round(x[1]), (int)Math.Round(x[2]), 0);

    // Three numbers and a zero: the fourth word of a particle's halves is no coordinate.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Three(double* half) => (Vector256.Load(half).AsInt64() & _coordinates).AsDouble();

    private double PerLengthAlong(int axis) => Box.IsPeriodic(axis) ? 1 / Box.Lengths[axis] : 0;
}
