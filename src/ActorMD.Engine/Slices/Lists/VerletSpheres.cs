using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>For every particle its flight in the slice, and the Verlet sphere in which its list of neighbours stays valid.</summary>
/// <remarks>
/// A list holds all particles whose Verlet spheres overlap with that of the particle. As long as both stay in their spheres they cannot
/// meet unless they are in each other's lists, so the lists serve for several slices. Errors, with L the longest side in units of a cell: a
/// coordinate of a sphere, its image and the difference of two are each off by 2^-24 L, a distance by less than e = 2^-20 L (<see
/// cref="SliceGrid.Error"/>), which every radius has on top; so has the room in a sphere, measured from fixed-point numbers that are far
/// finer.
/// </remarks>
internal sealed unsafe class VerletSpheres<TSizes> : IDisposable
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly NativeArray<VerletSphere> _spheres;
    private readonly NativeArray<ListedFlight> _flights;
    private readonly NativeArray<int> _recordOf;
    private readonly NativeArray<int> _starts;
    private readonly float _flightSquaredMax; // of flights that are not split
    private readonly uint[] _classes; // ListedFlight.IsSmall or 0, by kind
    private readonly float[] _reachesSquared; // of the large and of the small, by kind

    public VerletSpheres(SliceGrid grid, SlicePlan plan, int capacity)
    {
        Grid = grid;
        _spheres = new NativeArray<VerletSphere>(capacity);
        _flights = new NativeArray<ListedFlight>(capacity);
        _recordOf = new NativeArray<int>(capacity);
        _starts = new NativeArray<int>(grid.Axes.CellCount + 2L);
        Spheres = _spheres.Pointer;
        Flights = _flights.Pointer;
        RecordOf = _recordOf.Pointer;
        Starts = _starts.Pointer;
        Room = grid.Cap - grid.RadiusMax;
        _flightSquaredMax = Room * Room / (SliceGrid.Margin * SliceGrid.Margin);
        Fixed = new FixedPoint(grid.Box, plan.Grid, grid.Axes, Room / SliceGrid.Margin);
        float[] radii = grid.Radii.ToArray();
        float largeMin = 0.5f * (radii.Min() + grid.RadiusMax), small = radii.Where(r => r < largeMin).DefaultIfEmpty(grid.RadiusMax).Max();
        _classes = [.. radii.Select(r => r < largeMin ? ListedFlight.IsSmall : 0)];
        _reachesSquared = [.. radii.SelectMany(r => new[] { Fixed.SquareOf(r + grid.RadiusMax), Fixed.SquareOf(r + small) })];
        Test = new ListedFlightTest(Fixed.SlopeOf(4 * grid.Error));
    }

    public readonly SliceGrid Grid;

    /// <summary>By slot.</summary>
    public readonly VerletSphere* Spheres;

    /// <summary>By slot.</summary>
    public readonly ListedFlight* Flights;

    /// <summary>The particle's first record, by slot.</summary>
    public readonly int* RecordOf;

    /// <summary>The first sorted record, by cell.</summary>
    public readonly int* Starts;

    /// <summary>Units of the flights.</summary>
    public readonly FixedPoint Fixed;

    /// <summary>How far a particle may go from the centre of its sphere.</summary>
    public readonly float Room;

    /// <summary>Which pairs of flights can meet.</summary>
    public readonly ListedFlightTest Test;

    public long ByteCount => _spheres.ByteCount + _flights.ByteCount + _recordOf.ByteCount + _starts.ByteCount;

    /// <summary>Sets a particle's flight.</summary>
    /// <param name="slot">Of the particle.</param>
    /// <param name="p">The particle.</param>
    /// <param name="clock">The slice.</param>
    /// <param name="low">A moment, tau in [-1, 1].</param>
    /// <returns>
    /// Whether it stays in its sphere from the moment until the end of the slice: a straight flight does if both ends do.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool SetFlight(int slot, Particle* p, in SliceClock clock, float low)
    {
        Grid.Fly(p, clock, out Vector256<double> position, out Vector256<double> displacement);
        Vector128<int> steps = ToInt32((position - Fixed.Middles) * Fixed.Scales);
        Vector128<float> flight = SliceGrid.ToSingle(displacement);
        if (Grid.Axes.IsPlanar)
        {
            steps = Vector128.Shuffle(steps, Vector128.Create(2, 0, 1, 3));
            flight = Vector128.Shuffle(flight, Vector128.Create(2, 0, 1, 3));
        }

        float squared = Vector128.Dot(flight, flight);
        bool isSplit = squared > _flightSquaredMax;
        uint word = (isSplit ? ListedFlight.IsSplit : Fixed.WordOf(flight)) | ClassOf(p);
        steps.WithElement(3, (int)word).Store(&Flights[slot].X);
        VerletSphere* sphere = Spheres + slot;
        Vector128<float> offset = Vector128.ConvertToSingle(steps - Vector128.Load(&sphere->X)) * Fixed.Lengths;
        Vector256<float> ends = Vector256.Create(offset + flight * Vector128.Create(low), offset + flight);
        Vector256<float> squares = ends * ends;
        squares += Vector256.Shuffle(squares, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5));
        squares += Vector256.Shuffle(squares, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));
        return Vector256.LessThanOrEqualAll(squares, Vector256.Create(sphere->RoomSquared));
    }

    /// <summary>
    /// The record of a flight that is not split is the centre of a Verlet sphere; a split one has none: its particle moves at every event.
    /// </summary>
    public void SetSphere(int slot, Particle* p, SphereRecords records, int record)
    {
        records.R[record] = RadiusOf(p);
        float room = records.Slot[record] >= 0 ? Room : float.NaN;
        Vector128<float> centre = Vector128.Create(records.X[record], records.Y[record], records.Z[record], 0);
        Vector128<int> numbers = Vector128.ConvertToInt32((centre - Fixed.GridMiddles) * Fixed.GridScales);
        numbers.WithElement(3, BitConverter.SingleToInt32Bits(room * room)).Store(&Spheres[slot].X);
    }

    /// <summary>Another particle has taken the slot: it is in no sphere.</summary>
    public void ForgetSphere(int slot) => Spheres[slot].RoomSquared = float.NaN;

    /// <summary>Whether the particle's flight is split, so that it has no sphere.</summary>
    public bool HasNoSphere(int slot) => float.IsNaN(Spheres[slot].RoomSquared);

    /// <summary>Radius of a Verlet sphere, that of the particle included.</summary>
    public float RadiusOf(Particle* p) => Grid.RadiusOf(p) + Room;

    /// <summary>Into how many parts a flight is split so that each fits into a Verlet sphere.</summary>
    public int PartsOf(float radius, Particle* p) =>
        radius <= RadiusOf(p) ? 1 : (int)Math.Ceiling((radius - Grid.RadiusOf(p)) / Room);

    /// <summary>A part of a flight as a record.</summary>
    public SweptSphere PartOf(in SweptSphere sphere, Particle* p, int number, int count) =>
        count == 1 ? sphere : Inside(sphere.Part(number, count, Grid.RadiusOf(p)));

    /// <summary>The sphere around what is left of a flight from a moment on, not wrapped.</summary>
    public SweptSphere RestOf(SweptSphere sphere, Particle* p, float low)
    {
        float tau = 0.5f * (1 + low), radius = Grid.RadiusOf(p);
        sphere.R = radius + (sphere.R - radius) * 0.5f * (1 - low);
        sphere.X += tau * sphere.U;
        sphere.Y += tau * sphere.V;
        sphere.Z += tau * sphere.W;
        return sphere;
    }

    /// <summary>The image of a sphere inside the box, and its cell.</summary>
    public SweptSphere Inside(SweptSphere sphere)
    {
        sphere.X = Grid.Axes.First.Inside(sphere.X);
        sphere.Y = Grid.Axes.Second.Inside(sphere.Y);
        sphere.Z = Grid.Axes.Third.Inside(sphere.Z);
        sphere.Cell = Grid.Axes.CellOf(sphere.X, sphere.Y, sphere.Z);
        return sphere;
    }

    /// <summary>The squares of a particle's contact distance with the large and with the small, as a search sees them.</summary>
    public ReadOnlySpan<float> ReachesOf(Particle* p) =>
        _reachesSquared.AsSpan(typeof(TSizes) == typeof(EqualSpheres) ? 0 : 2 * p->Kind, 2);

    public void Dispose()
    {
        _spheres.Dispose();
        _flights.Dispose();
        _recordOf.Dispose();
        _starts.Dispose();
    }

    private uint ClassOf(Particle* p) => typeof(TSizes) == typeof(EqualSpheres) ? 0 : _classes[p->Kind];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ToInt32(Vector256<double> numbers) =>
        Avx.IsSupported ? Avx.ConvertToVector128Int32(numbers) : Vector128.Create((int)numbers[0], (int)numbers[1], (int)numbers[2], 0);
}

/// <summary>
/// Centre of a Verlet sphere as fixed-point numbers, and the square of how far its particle may go; no number if its flight was split.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 16)] // read as four lanes
internal struct VerletSphere
{
    public int X, Y, Z;
    public float RoomSquared;
}
