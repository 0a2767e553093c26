using System.Runtime.InteropServices;

namespace ActorMD.Observables.Statistics;

/// <summary>Arrays of numbers as they lie in memory, little-endian on all machines that .NET 10 runs on.</summary>
internal static class Bytes
{
    public static void Write<T>(BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged => writer.Write(MemoryMarshal.AsBytes(values));

    public static void Read<T>(BinaryReader reader, Span<T> values)
        where T : unmanaged => reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));
}
