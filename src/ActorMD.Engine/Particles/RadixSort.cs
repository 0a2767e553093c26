using ActorMD.Physics.Numerics;

namespace ActorMD.Engine.Particles;

/// <summary>Sorts numbers by 64-bit keys in linear time: least significant byte first, each pass stable.</summary>
/// <remarks>Equal keys keep their order. Bytes that all keys have in common cost no pass.</remarks>
internal static class RadixSort
{
    private const int DigitBits = 8;
    private const int DigitCount = 1 << DigitBits;

    /// <summary>Brings the values into the ascending order of their keys.</summary>
    /// <param name="keys">Left in no particular order.</param>
    /// <param name="values">What is sorted.</param>
    /// <returns>The sorted values: this array or a new one.</returns>
    public static int[] Sort(ulong[] keys, int[] values)
    {
        ulong different = 0;
        foreach (ulong key in keys)
        {
            different |= key ^ keys[0];
        }

        (ulong[] keysFrom, ulong[] keysTo) = (keys, different == 0 ? [] : LargeArray.Of<ulong>(keys.Length));
        (int[] from, int[] to) = (values, different == 0 ? [] : LargeArray.Of<int>(values.Length));
        Span<int> next = stackalloc int[DigitCount];
        for (int shift = 0; shift < 64; shift += DigitBits)
        {
            if ((different >> shift) % DigitCount == 0)
            {
                continue;
            }

            FindStarts(keysFrom, shift, next);
            for (int k = 0; k < from.Length; k++)
            {
                ulong key = keysFrom[k];
                int index = next[(int)(key >> shift) & (DigitCount - 1)]++;
                keysTo[index] = key;
                to[index] = from[k];
            }

            (keysFrom, keysTo) = (keysTo, keysFrom);
            (from, to) = (to, from);
        }

        return from;
    }

    // Where the keys with each digit begin in the order of this digit.
    private static void FindStarts(ulong[] keys, int shift, Span<int> starts)
    {
        starts.Clear();
        foreach (ulong key in keys)
        {
            starts[(int)(key >> shift) & (DigitCount - 1)]++;
        }

        int start = 0;
        foreach (ref int digit in starts)
        {
            (digit, start) = (start, start + digit);
        }
    }
}
