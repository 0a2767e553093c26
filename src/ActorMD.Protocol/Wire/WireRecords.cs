using System.Collections.Immutable;
using ActorMD.Physics.Events;
using ActorMD.Physics.Numerics;
using ActorMD.Protocol.Messages;
using MessagePack;

namespace ActorMD.Protocol.Wire;

/// <summary>What stands in several messages.</summary>
internal static class WireRecords
{
    private const int DomainCountMax = 1 << 20;

    public static int ReadDomain(this ref MessagePackReader reader) => reader.ReadWithin("a domain", 0, int.MaxValue);

    public static int ReadDomainCount(this ref MessagePackReader reader) => reader.ReadWithin("a number of domains", 1, DomainCountMax);

    public static double ReadTime(this ref MessagePackReader reader)
    {
        double time = reader.ReadNumber();
        return double.IsNaN(time) ? throw WireException.Inconsistent("a time is no number") : time;
    }

    public static void Write(this ref MessagePackWriter writer, SliceId id)
    {
        writer.WriteArrayHeader(3);
        writer.Write(id.Run);
        writer.Write(id.Slice);
        writer.Write(id.Attempt);
    }

    public static SliceId ReadSliceId(this ref MessagePackReader reader) => reader.ReadArray(
        "the length of a slice's number", 3, static (ref r) => new SliceId(r.ReadInt32(), r.ReadInt64(), r.ReadInt32()));

    public static void Write(this ref MessagePackWriter writer, Cut cut)
    {
        writer.WriteArrayHeader(2);
        writer.Write(cut.Epoch);
        writer.Write(cut.Time);
    }

    public static Cut ReadCut(this ref MessagePackReader reader) => reader.ReadArray(
        "the length of a cut", 2, static (ref r) => new Cut(r.ReadInt64(), r.ReadTime()));

    public static void Write(this ref MessagePackWriter writer, TallyRecord tally)
    {
        writer.WriteArrayHeader(6);
        writer.WriteBulk(tally.PairCounts);
        writer.WriteBulk(tally.OrderCounts);
        writer.Write(tally.MultipleCount);
        writer.Write(tally.GrazingCount);
        writer.WriteBulk(tally.Virial);
        writer.WriteBulk(tally.WallImpulse);
    }

    public static TallyRecord ReadTally(this ref MessagePackReader reader)
    {
        TallyRecord tally = reader.ReadArray("the length of a tally", 6, static (ref r) => new TallyRecord(
            r.ReadBulk<long>(), r.ReadBulk<long>(), r.ReadInt64(), r.ReadInt64(), r.ReadBulk<long>(), r.ReadBulk<long>()));
        return tally.Virial.Length == ExactSum.WordCount && tally.WallImpulse.Length == ExactSum.WordCount
            ? tally
            : throw WireException.Inconsistent("an exact sum has the wrong length");
    }

    public static void Write(this ref MessagePackWriter writer, SumsRecord? sums)
    {
        if (sums is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(2);
        writer.WriteBulk(sums.Counts);
        writer.WriteBulk(sums.Words);
    }

    public static SumsRecord? ReadSumsOrNil(this ref MessagePackReader reader) => reader.TryReadNil() ? null : reader.ReadSums();

    public static SumsRecord ReadSums(this ref MessagePackReader reader) => reader.ReadArray(
        "the length of sums", 2, static (ref r) => new SumsRecord(r.ReadBulk<long>(), r.ReadBulk<long>()));

    public static void Write(this ref MessagePackWriter writer, StretchRecord stretch)
    {
        writer.WriteArrayHeader(2);
        writer.Write(stretch.Gains);
        writer.Write(stretch.Tally);
    }

    public static StretchRecord ReadStretch(this ref MessagePackReader reader) => reader.ReadArray(
        "the length of a stretch", 2, static (ref r) => new StretchRecord(r.ReadSums(), r.ReadTally()));

    /// <summary>Times in their order.</summary>
    public static ImmutableArray<double> ReadWaypoints(this ref MessagePackReader reader)
    {
        ImmutableArray<double> times = reader.ReadBulk<double>();
        reader.Check("a number of waypoints", times.Length, 0, StretchRecord.WaypointCountMax);
        for (int k = 0; k < times.Length; k++)
        {
            if (!double.IsFinite(times[k]) || (k > 0 && times[k] <= times[k - 1]))
            {
                throw WireException.Inconsistent("waypoints are not in their order");
            }
        }

        return times;
    }

    public static void Write(this ref MessagePackWriter writer, DomainWork work)
    {
        writer.WriteArrayHeader(7);
        writer.Write(work.Count);
        writer.Write(work.SentCount);
        writer.Write(work.SimulatedEventCount);
        writer.Write(work.DoneEventCount);
        writer.Write(work.UndoneEventCount);
        writer.Write(work.MessageCount);
        writer.Write(work.SentByteCount);
    }

    public static DomainWork ReadDomainWork(this ref MessagePackReader reader) => reader.ReadArray(
        "the length of a domain's work", 7, static (ref r) => new DomainWork(
            r.ReadInt32(), r.ReadInt32(), r.ReadInt64(), r.ReadInt64(), r.ReadInt64(), r.ReadInt32(), r.ReadInt64()));

    public static void Write(this ref MessagePackWriter writer, RunWork work)
    {
        writer.WriteArrayHeader(9);
        writer.Write(work.SliceCount);
        writer.Write(work.SharedSliceCount);
        writer.Write(work.VoidSliceCount);
        writer.Write(work.SliceTime);
        writer.Write(work.SimulatedEventCount);
        writer.Write(work.UndoneEventCount);
        writer.Write(work.SentCount);
        writer.Write(work.MessageCount);
        writer.Write(work.SentByteCount);
    }

    public static RunWork ReadRunWork(this ref MessagePackReader reader) => reader.ReadArray(
        "the length of a run's work", 9, static (ref r) => new RunWork(
            r.ReadInt64(), r.ReadInt64(), r.ReadInt64(), r.ReadTime(), r.ReadInt64(), r.ReadInt64(), r.ReadInt64(), r.ReadInt64(),
            r.ReadInt64()));

    /// <summary>Whole events, one after the other.</summary>
    public static ImmutableArray<byte> ReadEvents(this ref MessagePackReader reader)
    {
        ImmutableArray<byte> events = reader.ReadBulk<byte>();
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
}
