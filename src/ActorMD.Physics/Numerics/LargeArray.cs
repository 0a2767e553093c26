using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorMD.Physics.Numerics;

/// <summary>Managed arrays of millions of particles, for which Linux is asked to give huge pages.</summary>
/// <remarks>
/// A new array has no memory before it is touched. To get 720 megabytes in pages of 4 KiB, each of which is zeroed at a fault of its own,
/// takes longer than to fill them.
/// </remarks>
public static partial class LargeArray
{
    private const long BytesMin = 64L << 20; // less gains nothing
    private const int SmallPage = 4096;
    private const int AdviseHugePage = 14; // MADV_HUGEPAGE

    /// <summary>A zeroed array.</summary>
    /// <param name="length">Number of items.</param>
    public static T[] Of<T>(int length)
        where T : unmanaged
    {
        T[] array = new T[length];
        long bytes = (long)length * Unsafe.SizeOf<T>();
        if (bytes >= BytesMin && OperatingSystem.IsLinux())
        {
            GCHandle pin = GCHandle.Alloc(array, GCHandleType.Pinned);
            nint first = (pin.AddrOfPinnedObject() + SmallPage - 1) / SmallPage * SmallPage;
            nint whole = ((nint)bytes - SmallPage) / SmallPage * SmallPage;
            _ = Advise(first, (nuint)whole, AdviseHugePage); // a refusal costs speed only
            pin.Free();
        }

        return array;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
