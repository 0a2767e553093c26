using MessagePack;

namespace ActorMD.Protocol.Wire;

internal delegate void FieldWriter<in T>(ref MessagePackWriter writer, T record);

internal delegate T FieldReader<out T>(ref MessagePackReader reader);

/// <summary>How one kind of record is written and read: a number that says which kind, then its fields, always the same number.</summary>
/// <param name="Number">On the wire: never renumber.</param>
/// <param name="Record">The kind.</param>
/// <param name="FieldCount">Number of values that the writer writes and the reader reads.</param>
/// <param name="Write">Writes the fields.</param>
/// <param name="Read">Reads them in the same order.</param>
internal sealed record WireForm<TBase>(int Number, Type Record, int FieldCount, FieldWriter<TBase> Write, FieldReader<TBase> Read)
{
    public static WireForm<TBase> Of<T>(int number, int fieldCount, FieldWriter<T> write, FieldReader<T> read)
        where T : class, TBase => new(number, typeof(T), fieldCount, (ref w, record) => write(ref w, (T)record!), read);
}
