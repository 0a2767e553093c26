using System.Runtime.InteropServices;

namespace ActorMD.Engine.Particles;

/// <summary>A zeroed array outside the managed heap, aligned to cache lines; large ones ask for huge pages.</summary>
/// <remarks>
/// The event loop touches arbitrary particles: with 4 KiB pages most of these accesses also miss the TLB. Not bounds-checked:
/// only the files of this room that are listed in docs/engine.md use the pointer.
/// </remarks>
internal sealed unsafe class NativeArray<T> : IDisposable
    where T : unmanaged
{
    private const nuint HugePage = 2 << 20;
    private const nuint CacheLine = 64;
    private const int AdviseHugePage = 14; // MADV_HUGEPAGE

    public NativeArray(long length)
    {
        Length = length;
        nuint bytes = Bytes(length);
        bool large = bytes >= HugePage;
        Pointer = (T*)NativeMemory.AlignedAlloc(bytes, large ? HugePage : CacheLine);
        if (large && OperatingSystem.IsLinux())
        {
            _ = SystemCalls.MemoryAdvise(Pointer, bytes, AdviseHugePage); // only advice: a refusal costs speed, nothing else
        }

        NativeMemory.Clear(Pointer, bytes);
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

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static nuint Bytes(long length)
    {
        nuint bytes = (nuint)(Math.Max(length, 1) * sizeof(T));
        nuint page = bytes >= HugePage ? HugePage : CacheLine;
        return (bytes + page - 1) / page * page;
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}

/// <summary>The one system call of this room.</summary>
internal static unsafe partial class SystemCalls
{
    [LibraryImport("libc", EntryPoint = "madvise")]
    public static partial int MemoryAdvise(void* address, nuint length, int advice);
}
