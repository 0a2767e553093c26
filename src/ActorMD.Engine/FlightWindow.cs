using System.Runtime.Intrinsics;

namespace ActorMD.Engine;

/// <summary>The flights around one cell, copied side by side from several ranges of records, each in its image.</summary>
/// <remarks>Rows of coordinates, of how far the flights reach to either side, and of the places of the records.</remarks>
internal sealed unsafe class FlightWindow : IDisposable
{
    /// <summary>Flights are tested against so many others at once.</summary>
    private const int Lanes = 32;

    private const int RowCount = 6;
    private const int OverlapCount = 2048;

    private readonly NativeArray<short> _numbers = new(0);
    private readonly NativeArray<int> _places = new(0);
    private readonly NativeArray<Overlap> _overlaps = new(OverlapCount);
    private int _stride;

    public FlightWindow() => Grow(1000);

    /// <summary>Number of flights.</summary>
    public int Count { get; private set; }

    /// <summary>Places of the flights' records.</summary>
    public int* Places => _places.Pointer;

    public short* X => _numbers.Pointer;

    public short* Y => _numbers.Pointer + _stride;

    public short* Z => _numbers.Pointer + 2 * _stride;

    public long ByteCount => _numbers.ByteCount + _places.ByteCount + _overlaps.ByteCount;

    public void Begin() => Count = 0;

    /// <summary>Copies a range of records, shifted by an image's lattice steps.</summary>
    public void Add(FlightRecords records, int from, int to, short shiftX, short shiftY, short shiftZ)
    {
        int first = Count, count = to - from, stride = _stride;
        Count += count;
        if (Count + 2 * Lanes > stride)
        {
            Grow(Count);
            stride = _stride;
        }

        short* row = _numbers.Pointer + first;
        short* x = records.X + from, y = records.Y + from, z = records.Z + from, u = records.U + from, v = records.V + from, w = records.W + from;
        int* places = _places.Pointer + first;
        Vector256<short> shiftsX = Vector256.Create(shiftX), shiftsY = Vector256.Create(shiftY), shiftsZ = Vector256.Create(shiftZ);
        Vector256<int> place = Vector256<int>.Indices + Vector256.Create(from);
        for (nint k = 0; k < count; k += Vector256<short>.Count)
        {
            short* to0 = row + k;
            (Vector256.Load(x + k) + shiftsX).Store(to0);
            (Vector256.Load(y + k) + shiftsY).Store(to0 + stride);
            (Vector256.Load(z + k) + shiftsZ).Store(to0 + 2 * stride);
            Vector256.Abs(Vector256.Load(u + k)).Store(to0 + 3 * stride);
            Vector256.Abs(Vector256.Load(v + k)).Store(to0 + 4 * stride);
            Vector256.Abs(Vector256.Load(w + k)).Store(to0 + 5 * stride);
            place.Store(places + k);
            place += Vector256.Create(Vector256<int>.Count);
            place.Store(places + k + Vector256<int>.Count);
            place += Vector256.Create(Vector256<int>.Count);
        }
    }

    /// <summary>Some flights from a first one on, each against all behind it: whose boxes overlap?</summary>
    /// <param name="first">The first.</param>
    /// <param name="end">Behind the last that is asked for; comes back as how far it went, by one at least.</param>
    /// <param name="reach">Boxes overlap also if they are so many steps apart.</param>
    /// <param name="overlaps">What was found; lanes behind the end of the window mean nothing.</param>
    public int FindOverlaps(int first, ref int end, Vector128<int> reach, out Overlap* overlaps)
    {
        int groups = Count / Lanes + 1;
        _overlaps.Grow(groups);
        end = (int)Math.Min(end, first + _overlaps.Length / groups);
        overlaps = _overlaps.Pointer;
        Overlap* last = Vector512.IsHardwareAccelerated
            ? FindOverlaps512(_numbers.Pointer, _stride, first, end, Count, reach, overlaps)
            : FindOverlaps256(_numbers.Pointer, _stride, first, end, Count, reach, overlaps);
        return (int)(last - overlaps);
    }

    public void Dispose()
    {
        _numbers.Dispose();
        _places.Dispose();
        _overlaps.Dispose();
    }

    private static Overlap* FindOverlaps512(short* row, nint stride, int first, int end, int count, Vector128<int> reach, Overlap* overlap)
    {
        short* last = row + count;
        nint stride2 = 2 * stride, stride3 = 3 * stride, stride4 = 4 * stride, stride5 = 5 * stride;
        Vector512<short> reachX = Vector512.Create((short)reach[0]), reachY = Vector512.Create((short)reach[1]), reachZ = Vector512.Create((short)reach[2]);
        for (short* own = row + first; own < row + end; own++)
        {
            Vector512<short> x = Vector512.Create(*own), y = Vector512.Create(own[stride]), z = Vector512.Create(own[stride2]);
            Vector512<short> limitX = Vector512.Create(own[stride3]) + reachX, limitY = Vector512.Create(own[stride4]) + reachY;
            Vector512<short> limitZ = Vector512.Create(own[stride5]) + reachZ;
            for (short* other = own + 1; other < last; other += Lanes)
            {
                Vector512<short> gapX = Vector512.Abs(Vector512.Load(other) - x) - Vector512.Load(other + stride3);
                Vector512<short> gapY = Vector512.Abs(Vector512.Load(other + stride) - y) - Vector512.Load(other + stride4);
                Vector512<short> gapZ = Vector512.Abs(Vector512.Load(other + stride2) - z) - Vector512.Load(other + stride5);
                Vector512<short> near = Vector512.LessThanOrEqual(gapX, limitX) & Vector512.LessThanOrEqual(gapY, limitY) & Vector512.LessThanOrEqual(gapZ, limitZ);
                uint lanes = (uint)near.ExtractMostSignificantBits();
                overlap->Own = (int)(own - row);
                overlap->Other = (int)(other - row);
                overlap->Lanes = lanes;
                overlap += lanes != 0 ? 1 : 0;
            }
        }

        return overlap;
    }

    private static Overlap* FindOverlaps256(short* row, nint stride, int first, int end, int count, Vector128<int> reach, Overlap* overlap)
    {
        short* last = row + count;
        nint stride2 = 2 * stride, stride3 = 3 * stride, stride4 = 4 * stride, stride5 = 5 * stride;
        Vector256<short> reachX = Vector256.Create((short)reach[0]), reachY = Vector256.Create((short)reach[1]), reachZ = Vector256.Create((short)reach[2]);
        for (short* own = row + first; own < row + end; own++)
        {
            Vector256<short> x = Vector256.Create(*own), y = Vector256.Create(own[stride]), z = Vector256.Create(own[stride2]);
            Vector256<short> limitX = Vector256.Create(own[stride3]) + reachX, limitY = Vector256.Create(own[stride4]) + reachY;
            Vector256<short> limitZ = Vector256.Create(own[stride5]) + reachZ;
            for (short* other = own + 1; other < last; other += Lanes)
            {
                Vector256<short> low = default, high = default;
                for (int half = 0; half < 2; half++)
                {
                    short* at = other + half * Vector256<short>.Count;
                    Vector256<short> gapX = Vector256.Abs(Vector256.Load(at) - x) - Vector256.Load(at + stride3);
                    Vector256<short> gapY = Vector256.Abs(Vector256.Load(at + stride) - y) - Vector256.Load(at + stride4);
                    Vector256<short> gapZ = Vector256.Abs(Vector256.Load(at + stride2) - z) - Vector256.Load(at + stride5);
                    low = high;
                    high = Vector256.GreaterThan(gapX, limitX) | Vector256.GreaterThan(gapY, limitY) | Vector256.GreaterThan(gapZ, limitZ);
                }

                uint lanes = ~Vector256.Narrow(low, high).ExtractMostSignificantBits();
                overlap->Own = (int)(own - row);
                overlap->Other = (int)(other - row);
                overlap->Lanes = lanes;
                overlap += lanes != 0 ? 1 : 0;
            }
        }

        return overlap;
    }

    private void Grow(int count)
    {
        int stride = (count + count / 4 + 2 * Lanes) | Lanes, old = _stride;
        _numbers.Grow((long)RowCount * stride);
        _places.Grow(stride);
        for (int row = RowCount - 1; row > 0; row--)
        {
            Buffer.MemoryCopy(_numbers.Pointer + row * old, _numbers.Pointer + row * (long)stride, stride * sizeof(short), old * sizeof(short));
        }

        _stride = stride;
    }

    /// <summary>A flight of the window, and which of those from another one on overlap with it: one bit each.</summary>
    internal struct Overlap
    {
        public int Own, Other;
        public uint Lanes;
    }
}
