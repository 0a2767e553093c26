using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Physics;

namespace ActorMD.Engine.Contacts;

/// <summary>Images of candidates as three 21-bit integers each, biased so that they are positive.</summary>
internal readonly unsafe struct ImageCodes(long* codes, Vec3 lengths) : IImageShifts, IImageCounts
{
    private const int Bits = 21;
    private const int Bias = 1 << (Bits - 1);
    private const long Mask = (1L << Bits) - 1;
    private const long NoShift = Bias | (long)Bias << Bits | (long)Bias << (2 * Bits);
    private const double TwoTo52 = 1L << 52;

    private readonly long* _codes = codes;
    private readonly Vec3 _lengths = lengths;

    public static long Encode(int x, int y, int z) =>
        (long)(x + Bias) | (long)(y + Bias) << Bits | (long)(z + Bias) << (2 * Bits);

    public void Shift(int index, int entry, out double x, out double y, out double z)
    {
        Int3 boxes = Boxes(index, entry);
        x = boxes.X * _lengths.X;
        y = boxes.Y * _lengths.Y;
        z = boxes.Z * _lengths.Z;
    }

    public void AddFour(
        int index, Vector128<int> entries, ref Vector256<double> x, ref Vector256<double> y, ref Vector256<double> z)
    {
        Vector256<long> flagged = Avx2.ConvertToVector256Int64(Vector128.ShiftRightArithmetic(entries, 31));
        Vector256<long> codes = Vector256.ConditionalSelect(flagged, Vector256.Load(_codes + index), Vector256.Create(NoShift));
        x += Count(codes) * Vector256.Create(_lengths.X);
        y += Count(Vector256.ShiftRightLogical(codes, Bits)) * Vector256.Create(_lengths.Y);
        z += Count(Vector256.ShiftRightLogical(codes, 2 * Bits)) * Vector256.Create(_lengths.Z);
    }

    public Int3 Boxes(int index, int entry)
    {
        long code = _codes[index];
        return new Int3(Field(code, 0), Field(code, 1), Field(code, 2));
    }

    private static int Field(long code, int axis) => (int)(code >> (Bits * axis) & Mask) - Bias;

    // Integers below 2^52 become doubles by way of the bit pattern of 2^52.
    private static Vector256<double> Count(Vector256<long> codes)
    {
        Vector256<long> bits = (codes & Vector256.Create(Mask)) | Vector256.Create(BitConverter.DoubleToInt64Bits(TwoTo52));
        return bits.AsDouble() - Vector256.Create(TwoTo52 + Bias);
    }
}
