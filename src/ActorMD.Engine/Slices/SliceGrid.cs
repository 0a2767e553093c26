using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

/// <summary>How a slab's grid lies in the box and in time: from particles to places and flights in the units of the grid.</summary>
internal sealed unsafe class SliceGrid
{
    private readonly Vector256<long> _coordinates = Vector256.Create(-1, -1, -1, 0);
    private readonly Vector256<double> _origin;
    private readonly Vector256<double> _seam;
    private readonly double _perUnit;

    /// <param name="box">The box.</param>
    /// <param name="axes">The grid.</param>
    /// <param name="origin">Its lower corner.</param>
    /// <param name="seam">Half of what the grid leaves out of a periodic axis, in boxes.</param>
    public SliceGrid(Box box, in GridAxes axes, Vector256<double> origin, Vector256<double> seam)
    {
        (Axes, _origin, _seam, _perUnit) = (axes, origin, seam, 1 / axes.Unit);
        Lengths = Vector256.Create(box.Lengths.X, box.Lengths.Y, box.Lengths.Z, 0);
        PerLength = Vector256.Create(PerLengthOf(box, 0), PerLengthOf(box, 1), PerLengthOf(box, 2), 0);
        double longest = Math.Max(box.Lengths.X, Math.Max(box.Lengths.Y, box.Dimension == 3 ? box.Lengths.Z : 0));
        Error = (float)(longest * _perUnit / (1 << 20));
    }

    public GridAxes Axes { get; }

    /// <summary>Sides of the box.</summary>
    public Vector256<double> Lengths { get; }

    /// <summary>1 / length, or 0 along an axis that is not periodic.</summary>
    public Vector256<double> PerLength { get; }

    /// <summary>What single precision may be off by.</summary>
    public float Error { get; }

    /// <summary>The middle of the slab, and half of its length.</summary>
    public double Middle { get; set; }

    public double Half { get; set; }

    /// <summary>The place in the middle of the slab, inside the box on periodic axes, and the flight during half of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fly(Particle* p, out Vector128<float> place, out Vector128<float> flight)
    {
        Vector256<double> velocity = Velocity(p), position = PlaceInMiddle(p) - _origin;
        position = (position - Vector256.Floor(position * PerLength + _seam) * Lengths) * _perUnit;
        place = ToSingle(position);
        flight = ToSingle(velocity * (Half * _perUnit));
        if (Axes.IsPlanar)
        {
            place = Vector128.Shuffle(place, Vector128.Create(2, 0, 1, 3));
            flight = Vector128.Shuffle(flight, Vector128.Create(2, 0, 1, 3));
        }
    }

    /// <summary>Where the particle is in the middle of the slab, not wrapped, along x, y, z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> PlaceInMiddle(Particle* p) => Three(&p->X) + Three(&p->VX) * Vector256.Create(Middle - p->Time);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Velocity(Particle* p) => Three(&p->VX);

    private static double PerLengthOf(Box box, int axis) => box.IsPeriodic(axis) ? 1 / box.Lengths[axis] : 0;

    private static Vector128<float> ToSingle(Vector256<double> numbers) =>
        Avx.IsSupported ? Avx.ConvertToVector128Single(numbers) : Vector128.Narrow(numbers.GetLower(), numbers.GetUpper());

    // Three numbers and a zero: the fourth word of a particle's halves is no coordinate.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Three(double* half) => (Vector256.Load(half).AsInt64() & _coordinates).AsDouble();
}
