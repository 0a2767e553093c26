using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorMD.Physics;

namespace ActorMD.Protocol;

/// <summary>Messages as bytes: MessagePack arrays [version, kind, fields in the order of their declaration].</summary>
/// <remarks>
/// Bulk arrays are <c>bin</c> values of structs as they lie in the memory of a little-endian machine, so that a boundary of
/// 10^5 particles costs a copy, not a parse. No names of types are on the wire; a kind or a version that is not known is
/// refused, and so is a length that the bytes do not hold.
/// </remarks>
public static class WireFormat
{
    /// <summary>Raised with every change.</summary>
    public const int Version = 2;

    private const int ViolationLengthMax = 4096;
    private const int BlocksMax = 1 << 20;

    // Kinds on the wire: never renumber.
    private enum Kind
    {
        Begin = 1,
        Begun = 2,
        Advance = 3,
        Reached = 4,
        Halted = 5,
        RunLost = 6,
        Load = 7,
        Loaded = 8,
        Lost = 9,
        OpenWindow = 10,
        Verdict = 11,
        Gather = 12,
        Shard = 13,
        Boundary = 14,
        Ledger = 15,
        Repeat = 16,
    }

    /// <summary>Appends a message.</summary>
    public static void Encode(Message message, IBufferWriter<byte> output)
    {
        MessagePackWriter writer = new(output);
        switch (message)
        {
            case Message.Begin m:
                Begin(writer, Kind.Begin, 7);
                writer.Write(m.Run);
                writer.Write(m.Coordinator);
                Write(writer, m.Cuts);
                writer.Write(m.EpochLength);
                Write(writer, m.Cut);
                writer.Write(m.LogsEvents);
                WriteBulk(writer, m.Particles);
                break;
            case Message.Begun m:
                Begin(writer, Kind.Begun, 1);
                writer.Write(m.Run);
                break;
            case Message.Advance m:
                Begin(writer, Kind.Advance, 4);
                writer.Write(m.Run);
                writer.Write(m.Request);
                writer.Write(m.Until);
                writer.Write(m.LogTaken);
                break;
            case Message.Reached m:
                Begin(writer, Kind.Reached, 8);
                writer.Write(m.Run);
                writer.Write(m.Request);
                Write(writer, m.Cut);
                WriteBulk(writer, m.Particles);
                Write(writer, m.Tally);
                Write(writer, m.Work);
                writer.Write(m.LogStart);
                WriteBulk(writer, m.Events);
                break;
            case Message.Halted m:
                Begin(writer, Kind.Halted, 3);
                writer.Write(m.Run);
                Write(writer, m.Cut);
                WriteReason(writer, m.Reason);
                break;
            case Message.RunLost m:
                Begin(writer, Kind.RunLost, 3);
                writer.Write(m.Run);
                writer.Write(m.Coordinator);
                writer.Write(m.RunLast);
                break;
            case Message.Load m:
                Begin(writer, Kind.Load, 6);
                writer.Write(m.Run);
                Write(writer, m.Cuts);
                writer.Write(m.EpochLength);
                Write(writer, m.Cut);
                writer.Write(m.LogsEvents);
                WriteBulk(writer, m.Particles);
                break;
            case Message.Loaded m:
                Begin(writer, Kind.Loaded, 2);
                writer.Write(m.Run);
                writer.Write(m.Domain);
                break;
            case Message.Lost m:
                Begin(writer, Kind.Lost, 3);
                writer.Write(m.Run);
                writer.Write(m.Domain);
                writer.Write(m.RunLast);
                break;
            case Message.OpenWindow m:
                Begin(writer, Kind.OpenWindow, 5);
                Write(writer, m.Id);
                Write(writer, m.Start);
                writer.Write(m.End);
                writer.Write(m.Layers);
                writer.Write(m.Wander);
                break;
            case Message.Verdict m:
                Begin(writer, Kind.Verdict, 6);
                Write(writer, m.Id);
                writer.Write(m.Domain);
                writer.Write(m.FirstDifference);
                WriteReason(writer, m.Violation);
                Write(writer, m.Work);
                WriteBulk(writer, m.Events);
                break;
            case Message.Gather m:
                Begin(writer, Kind.Gather, 3);
                writer.Write(m.Run);
                writer.Write(m.Window);
                Write(writer, m.Cut);
                break;
            case Message.Shard m:
                Begin(writer, Kind.Shard, 7);
                writer.Write(m.Run);
                writer.Write(m.Window);
                writer.Write(m.Domain);
                WriteBulk(writer, m.Particles);
                Write(writer, m.Tally);
                writer.Write(m.UndoneEventCount);
                WriteBulk(writer, m.Events);
                break;
            case Message.Boundary m:
                Begin(writer, Kind.Boundary, 3);
                Write(writer, m.Id);
                writer.Write(m.From);
                WriteBulk(writer, m.Particles);
                break;
            case Message.Ledger m:
                Begin(writer, Kind.Ledger, 6);
                Write(writer, m.Id);
                writer.Write(m.From);
                WriteBulk(writer, m.Paths);
                WriteBulk(writer, m.States);
                WriteBulk(writer, m.Events);
                WriteBulk(writer, m.Participants);
                break;
            case Message.Repeat m:
                Begin(writer, Kind.Repeat, 3);
                Write(writer, m.Id);
                writer.Write(m.From);
                writer.Write(m.IsLedger);
                break;
            default:
                throw new ArgumentException($"{message.GetType().Name} never leaves its actor", nameof(message));
        }
    }

    /// <summary>Reads one message that fills all of the bytes.</summary>
    /// <exception cref="WireException">The bytes are no message of this version.</exception>
    public static Message Decode(ReadOnlySpan<byte> bytes)
    {
        MessagePackReader reader = new(bytes);
        int count = reader.ReadArrayHeader();
        long version = count < 2 ? throw WireException.OutOfRange(reader.Consumed, "the number of values", count, 2, 8) : reader.ReadInt64();
        if (version != Version)
        {
            throw WireException.Version(version, Version);
        }

        Kind kind = (Kind)reader.ReadInt32();
        Message message = kind switch
        {
            Kind.Begin => new Message.Begin(
                Fields(ref reader, count, 7), reader.ReadInt32(), ReadCuts(ref reader), ReadTime(ref reader), ReadCut(ref reader),
                reader.ReadBoolean(), ReadBulk<ParticleRecord>(ref reader)),
            Kind.Begun => new Message.Begun(Fields(ref reader, count, 1)),
            Kind.Advance => new Message.Advance(
                Fields(ref reader, count, 4), reader.ReadInt64(), ReadTime(ref reader), reader.ReadInt64()),
            Kind.Reached => new Message.Reached(
                Fields(ref reader, count, 8), reader.ReadInt64(), ReadCut(ref reader), ReadBulk<ParticleRecord>(ref reader),
                ReadTally(ref reader), ReadRunWork(ref reader), reader.ReadInt64(), ReadEvents(ref reader)),
            Kind.Halted => new Message.Halted(
                Fields(ref reader, count, 3), ReadCut(ref reader), ReadReason(ref reader) ?? throw WireException.Inconsistent("no reason")),
            Kind.RunLost => new Message.RunLost(Fields(ref reader, count, 3), reader.ReadInt32(), reader.ReadInt32()),
            Kind.Load => new Message.Load(
                Fields(ref reader, count, 6), ReadCuts(ref reader), ReadTime(ref reader), ReadCut(ref reader), reader.ReadBoolean(),
                ReadBulk<ParticleRecord>(ref reader)),
            Kind.Loaded => new Message.Loaded(Fields(ref reader, count, 2), ReadDomain(ref reader)),
            Kind.Lost => new Message.Lost(Fields(ref reader, count, 3), ReadDomain(ref reader), reader.ReadInt32()),
            Kind.OpenWindow => new Message.OpenWindow(
                ReadId(ref reader, count, 5), ReadCut(ref reader), ReadTime(ref reader), ReadLayers(ref reader), ReadLayers(ref reader)),
            Kind.Verdict => new Message.Verdict(
                ReadId(ref reader, count, 6), ReadDomain(ref reader), ReadTime(ref reader), ReadReason(ref reader), ReadWork(ref reader),
                ReadEvents(ref reader)),
            Kind.Gather => new Message.Gather(Fields(ref reader, count, 3), reader.ReadInt64(), ReadCut(ref reader)),
            Kind.Shard => new Message.Shard(
                Fields(ref reader, count, 7), reader.ReadInt64(), ReadDomain(ref reader), ReadBulk<ParticleRecord>(ref reader),
                ReadTally(ref reader), reader.ReadInt64(), ReadEvents(ref reader)),
            Kind.Boundary => new Message.Boundary(ReadId(ref reader, count, 3), ReadDomain(ref reader), ReadBulk<ParticleRecord>(ref reader)),
            Kind.Ledger => Checked(new Message.Ledger(
                ReadId(ref reader, count, 6), ReadDomain(ref reader), ReadBulk<PathRecord>(ref reader), ReadBulk<ParticleState>(ref reader),
                ReadBulk<SharedEventRecord>(ref reader), ReadBulk<ParticipantRecord>(ref reader))),
            Kind.Repeat => new Message.Repeat(ReadId(ref reader, count, 3), ReadDomain(ref reader), reader.ReadBoolean()),
            _ => throw WireException.Kind((long)kind),
        };
        return reader.End ? message : throw WireException.Remainder(reader.Consumed, bytes.Length);
    }

    private static void Begin(MessagePackWriter writer, Kind kind, int fieldCount)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("the wire format needs a little-endian machine");
        }

        writer.WriteArrayHeader(2 + fieldCount);
        writer.Write(Version);
        writer.Write((int)kind);
    }

    private static void Write(MessagePackWriter writer, WindowId id)
    {
        writer.WriteArrayHeader(3);
        writer.Write(id.Run);
        writer.Write(id.Window);
        writer.Write(id.Attempt);
    }

    private static void Write(MessagePackWriter writer, Cut cut)
    {
        writer.WriteArrayHeader(2);
        writer.Write(cut.Epoch);
        writer.Write(cut.Time);
    }

    private static void Write(MessagePackWriter writer, ImmutableArray<ImmutableArray<int>> cuts)
    {
        writer.WriteArrayHeader(cuts.Length);
        foreach (ImmutableArray<int> axis in cuts)
        {
            writer.WriteArrayHeader(axis.Length);
            foreach (int cut in axis)
            {
                writer.Write(cut);
            }
        }
    }

    private static void Write(MessagePackWriter writer, TallyRecord tally)
    {
        writer.WriteArrayHeader(6);
        WriteBulk(writer, tally.PairCounts);
        WriteBulk(writer, tally.OrderCounts);
        writer.Write(tally.MultipleCount);
        writer.Write(tally.GrazingCount);
        WriteBulk(writer, tally.Virial);
        WriteBulk(writer, tally.WallImpulse);
    }

    private static void Write(MessagePackWriter writer, DomainWork work)
    {
        writer.WriteArrayHeader(8);
        writer.Write(work.OwnCount);
        writer.Write(work.CopyCount);
        writer.Write(work.SimulatedEventCount);
        writer.Write(work.CommittedEventCount);
        writer.Write(work.UndoneEventCount);
        writer.Write(work.MessageCount);
        writer.Write(work.SentByteCount);
        writer.Write(work.FrontDepth);
    }

    private static void Write(MessagePackWriter writer, RunWork work)
    {
        writer.WriteArrayHeader(11);
        writer.Write(work.CommittedWindowCount);
        writer.Write(work.CutWindowCount);
        writer.Write(work.RetryCount);
        writer.Write(work.WindowTime);
        writer.Write(work.SimulatedEventCount);
        writer.Write(work.UndoneEventCount);
        writer.Write(work.CopyCount);
        writer.Write(work.MessageCount);
        writer.Write(work.SentByteCount);
        writer.Write(work.FrontDepthSum);
        writer.Write(work.FrontDepthMax);
    }

    private static void WriteReason(MessagePackWriter writer, string? reason) =>
        writer.Write(reason is null || reason.Length <= ViolationLengthMax ? reason : reason[..ViolationLengthMax]);

    private static void WriteBulk<T>(MessagePackWriter writer, ImmutableArray<T> items)
        where T : unmanaged => writer.Write(MemoryMarshal.AsBytes(items.AsSpan()));

    // The number of fields must be that of the kind; the first field of most kinds is the run.
    private static int Fields(ref MessagePackReader reader, int count, int fieldCount)
    {
        CheckCount(reader, "the number of values", count, 2 + fieldCount);
        return reader.ReadInt32();
    }

    private static void CheckCount(MessagePackReader reader, string what, int count, int expected)
    {
        if (count != expected)
        {
            throw WireException.OutOfRange(reader.Consumed, what, count, expected, expected);
        }
    }

    private static WindowId ReadId(ref MessagePackReader reader, int count, int fieldCount)
    {
        CheckCount(reader, "the number of values", count, 2 + fieldCount);
        CheckCount(reader, "the length of a window's number", reader.ReadArrayHeader(), 3);
        return new WindowId(reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt32());
    }

    private static int ReadDomain(ref MessagePackReader reader) => ReadWithin(ref reader, "a domain", 0, int.MaxValue);

    private static int ReadLayers(ref MessagePackReader reader) => ReadWithin(ref reader, "a number of layers", 1, BlocksMax);

    private static int ReadWithin(ref MessagePackReader reader, string what, int least, int most)
    {
        int value = reader.ReadInt32();
        return value >= least && value <= most ? value : throw WireException.OutOfRange(reader.Consumed, what, value, least, most);
    }

    private static double ReadTime(ref MessagePackReader reader)
    {
        double time = reader.ReadDouble();
        return double.IsNaN(time) ? throw WireException.Inconsistent("a time is no number") : time;
    }

    private static string? ReadReason(ref MessagePackReader reader)
    {
        string? reason = reader.ReadString();
        return reason is null || reason.Length <= ViolationLengthMax
            ? reason
            : throw WireException.OutOfRange(reader.Consumed, "the length of a text", reason.Length, 0, ViolationLengthMax);
    }

    private static Cut ReadCut(ref MessagePackReader reader)
    {
        CheckCount(reader, "the length of a cut", reader.ReadArrayHeader(), 2);
        return new Cut(reader.ReadInt64(), ReadTime(ref reader));
    }

    private static ImmutableArray<ImmutableArray<int>> ReadCuts(ref MessagePackReader reader)
    {
        CheckCount(reader, "the number of axes", reader.ReadArrayHeader(), 3);
        var cuts = ImmutableArray.CreateBuilder<ImmutableArray<int>>(3);
        for (int axis = 0; axis < 3; axis++)
        {
            int[] along = new int[reader.ReadArrayHeader()];
            for (int k = 0; k < along.Length; k++)
            {
                along[k] = ReadWithin(ref reader, "a cell", 0, BlocksMax);
            }

            cuts.Add(ImmutableCollectionsMarshal.AsImmutableArray(along));
        }

        return cuts.ToImmutable();
    }

    private static TallyRecord ReadTally(ref MessagePackReader reader)
    {
        CheckCount(reader, "the length of a tally", reader.ReadArrayHeader(), 6);
        TallyRecord tally = new(
            ReadBulk<long>(ref reader), ReadBulk<long>(ref reader), reader.ReadInt64(), reader.ReadInt64(), ReadBulk<long>(ref reader),
            ReadBulk<long>(ref reader));
        return tally.Virial.Length == ExactSum.WordCount && tally.WallImpulse.Length == ExactSum.WordCount
            ? tally
            : throw WireException.Inconsistent("an exact sum has the wrong length");
    }

    // Whole events, one after the other.
    private static ImmutableArray<byte> ReadEvents(ref MessagePackReader reader)
    {
        ImmutableArray<byte> events = ReadBulk<byte>(ref reader);
        for (int next = 0; next < events.Length;)
        {
            int size = EventRecord.SizeAt(events.AsSpan()[next..]);
            if (size <= 0 || size > events.Length - next)
            {
                throw WireException.Inconsistent("the events are not whole");
            }

            next += size;
        }

        return events;
    }

    private static DomainWork ReadWork(ref MessagePackReader reader)
    {
        CheckCount(reader, "the length of a domain's work", reader.ReadArrayHeader(), 8);
        return new DomainWork(
            reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32(),
            reader.ReadInt64(), ReadTime(ref reader));
    }

    private static RunWork ReadRunWork(ref MessagePackReader reader)
    {
        CheckCount(reader, "the length of a run's work", reader.ReadArrayHeader(), 11);
        return new RunWork(
            reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), ReadTime(ref reader), reader.ReadInt64(), reader.ReadInt64(),
            reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), ReadTime(ref reader), ReadTime(ref reader));
    }

    private static ImmutableArray<T> ReadBulk<T>(ref MessagePackReader reader)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        if (bytes.Length % Unsafe.SizeOf<T>() != 0)
        {
            throw WireException.Inconsistent($"{bytes.Length} bytes are no whole number of {typeof(T).Name}");
        }

        T[] items = new T[bytes.Length / Unsafe.SizeOf<T>()];
        bytes.CopyTo(MemoryMarshal.AsBytes(items.AsSpan()));
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    private static Message.Ledger Checked(Message.Ledger ledger)
    {
        long states = 0, participants = 0;
        foreach (PathRecord path in ledger.Paths)
        {
            if (path.StateCount < 1)
            {
                throw WireException.Inconsistent("a path has no state");
            }

            states += path.StateCount;
        }

        foreach (SharedEventRecord happened in ledger.Events)
        {
            if (happened.Order is < 2 or > GasValidation.OrderLimit || double.IsNaN(happened.Time))
            {
                throw WireException.Inconsistent("an event has no order or no time");
            }

            participants += happened.Order;
        }

        return states == ledger.States.Length && participants == ledger.Participants.Length
            ? ledger
            : throw WireException.Inconsistent("the heads of a ledger do not fit what follows them");
    }
}
