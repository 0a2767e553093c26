using System.Runtime.InteropServices;

namespace ActorMD.Engine.Particles;

/// <summary>A zeroed array outside the managed heap, aligned to cache lines; large ones ask for huge pages.</summary>
/// <remarks>
/// The event loop touches arbitrary particles: with 4 KiB pages most of these accesses also miss the TLB. A large array takes memory only
/// where it is written, so room that may not be needed costs nothing. What is left behind its last whole huge page is another one only if
/// it fills most of it. Not bounds-checked: only the files of this room that are listed in docs/engine.md use the pointer.
/// </remarks>
internal sealed unsafe class NativeArray<T> : IDisposable
    where T : unmanaged
{
    private const nuint HugePage = 2 << 20;
    private const nuint SmallPage = 4096;
    private const nuint CacheLine = 64;

    public NativeArray(long length)
    {
        Length = length;
        nuint bytes = Bytes(length);
        if (IsMapped(bytes))
        {
            Pointer = (T*)HugePages.Map(bytes, HugePage);
        }
        else
        {
            Pointer = (T*)NativeMemory.AlignedAlloc(bytes, CacheLine);
            NativeMemory.Clear(Pointer, bytes);
        }
    }

    ~NativeArray() => Free();

    public T* Pointer { get; private set; }

    public long Length { get; private set; }

    /// <summary>Bytes held.</summary>
    public long ByteCount => (long)Bytes(Length);

    /// <summary>Grows to at least the given length and keeps the contents. The pointer changes.</summary>
    public void Grow(long length)
    {
        if (length <= Length)
        {
            return;
        }

        using NativeArray<T> larger = new(length);
        Buffer.MemoryCopy(Pointer, larger.Pointer, larger.ByteCount, Length * sizeof(T));
        T* old = Pointer;
        Pointer = larger.Pointer;
        larger.Pointer = old;
        (Length, larger.Length) = (larger.Length, Length);
    }

    /// <summary>Takes another length and forgets the contents. The pointer changes.</summary>
    public void Renew(long length)
    {
        using NativeArray<T> other = new(length);
        T* old = Pointer;
        Pointer = other.Pointer;
        other.Pointer = old;
        (Length, other.Length) = (other.Length, Length);
    }

    /// <summary>Zeroes everything and gives the memory back, until it is written again. The pointer stays.</summary>
    public void Clear()
    {
        nuint bytes = Bytes(Length);
        if (IsMapped(bytes))
        {
            HugePages.Clear(Pointer, bytes);
        }
        else
        {
            NativeMemory.Clear(Pointer, bytes);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static nuint Bytes(long length)
    {
        nuint bytes = (nuint)(Math.Max(length, 1) * sizeof(T));
        nuint page = bytes < HugePage ? CacheLine : bytes % HugePage > HugePage / 2 ? HugePage : SmallPage;
        return (bytes + page - 1) / page * page;
    }

    private static bool IsMapped(nuint bytes) => bytes >= HugePage && OperatingSystem.IsLinux();

    private void Free()
    {
        if (Pointer == null)
        {
            return;
        }

        if (IsMapped(Bytes(Length)))
        {
            HugePages.Unmap(Pointer, Bytes(Length));
        }
        else
        {
            NativeMemory.AlignedFree(Pointer);
        }

        Pointer = null;
    }
}

/// <summary>Memory straight from Linux: zeroed when it is first touched, in huge pages if there are some.</summary>
internal static unsafe partial class HugePages
{
    private const int Readable = 1, Writable = 2; // PROT_
    private const int Private = 2, Anonymous = 0x20, NoReserve = 0x4000; // MAP_
    private const int AdviseDontNeed = 4, AdviseHugePage = 14; // MADV_
    private static readonly void* Failed = (void*)-1;

    /// <summary>A number of bytes that begin at a multiple of a page.</summary>
    /// <exception cref="OutOfMemoryException">There are not so many.</exception>
    public static void* Map(nuint bytes, nuint page)
    {
        byte* all = (byte*)Map(null, bytes + page, Readable | Writable, Private | Anonymous | NoReserve, -1, 0);
        if (all == Failed)
        {
            throw new OutOfMemoryException($"There is no room for an array of {bytes} bytes.");
        }

        byte* first = (byte*)(((nuint)all + page - 1) / page * page);
        if (first > all)
        {
            Unmap(all, (nuint)(first - all));
        }

        if (first < all + page)
        {
            Unmap(first + bytes, (nuint)(all + page - first));
        }

        _ = Advise(first, bytes, AdviseHugePage); // only advice: a refusal costs speed, nothing else
        return first;
    }

    /// <summary>Zeroes bytes of <see cref="Map(nuint, nuint)"/> by taking their pages away until they are touched again.</summary>
    public static void Clear(void* first, nuint bytes)
    {
        if (Advise(first, bytes, AdviseDontNeed) != 0)
        {
            NativeMemory.Clear(first, bytes);
        }
    }

    /// <summary>Gives bytes of <see cref="Map(nuint, nuint)"/> back.</summary>
    public static void Unmap(void* first, nuint bytes) => _ = UnmapPages(first, bytes);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int UnmapPages(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
