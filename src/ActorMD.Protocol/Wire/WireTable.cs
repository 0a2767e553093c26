using System.Collections.Frozen;
using System.Collections.Immutable;
using MessagePack;

namespace ActorMD.Protocol.Wire;

/// <summary>
/// All forms of a vocabulary, a closed list: MessagePack arrays [version, number of the form, fields]. No name of a type is on the wire,
/// and none is looked up.
/// </summary>
/// <param name="version">Of the vocabulary.</param>
/// <param name="forms">Of every record in it.</param>
internal sealed class WireTable<TBase>(int version, ImmutableArray<WireForm<TBase>> forms)
    where TBase : class
{
    private readonly FrozenDictionary<Type, WireForm<TBase>> _byRecord = forms.ToFrozenDictionary(form => form.Record);
    private readonly FrozenDictionary<int, WireForm<TBase>> _byNumber = forms.ToFrozenDictionary(form => form.Number);

    /// <exception cref="ArgumentException">The record has no form.</exception>
    public void Write(ref MessagePackWriter writer, TBase record)
    {
        if (!_byRecord.TryGetValue(record.GetType(), out WireForm<TBase>? form))
        {
            throw new ArgumentException($"{record.GetType().Name} never leaves its actor", nameof(record));
        }

        writer.WriteArrayHeader(2 + form.FieldCount);
        writer.Write(version);
        writer.Write(form.Number);
        form.Write(ref writer, record);
    }

    /// <exception cref="WireException">What is next is no record of this version.</exception>
    public TBase Read(ref MessagePackReader reader)
    {
        int count = reader.ReadCount("the number of values", 2, int.MaxValue);
        long spoken = reader.ReadInt64();
        if (spoken != version)
        {
            throw WireException.Version(spoken, version);
        }

        int number = reader.ReadInt32();
        WireForm<TBase> form = _byNumber.GetValueOrDefault(number) ?? throw WireException.Kind(number);
        reader.Check("the number of values", count, 2 + form.FieldCount, 2 + form.FieldCount);
        return form.Read(ref reader);
    }

    /// <summary>Reads a record that fills all of the bytes.</summary>
    /// <exception cref="WireException">They are no record of this version.</exception>
    public unsafe TBase Read(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            MessagePackReader reader = new(new PinnedBytes(start, bytes.Length).Memory);
            try
            {
                TBase record = Read(ref reader);
                return reader.End ? record : throw WireException.Remainder(reader.Consumed, bytes.Length);
            }
            catch (Exception error) when (WireException.IsOfReader(error))
            {
                throw WireException.Unreadable(reader.Consumed, error);
            }
        }
    }
}
