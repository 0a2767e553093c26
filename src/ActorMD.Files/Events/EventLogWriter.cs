using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Files.Events;

/// <summary>Writes an event log; it grows at its end, and is cut back when a run resumes.</summary>
public sealed class EventLogWriter : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly FileStream _stream;
    private readonly EventLogHeader _header;
    private readonly EventPlan _plan;

    private EventLogWriter(FileStream stream, EventLogHeader header, EventPlan plan)
    {
        _stream = stream;
        _header = header;
        _plan = plan;
    }

    /// <summary>Bytes written so far, for the checkpoint.</summary>
    public long Length => _stream.Position;

    /// <summary>Starts the file.</summary>
    public static EventLogWriter Create(string path, EventPlan plan, Gas gas, SystemState state)
    {
        EventLogHeader header = new(gas.Dimension, state.EpochLength, state.Particles.Length);
        FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferSize);
        stream.Write(header.ToBytes());
        return new EventLogWriter(stream, header, plan);
    }

    /// <summary>Goes on after the first <paramref name="length"/> bytes; later events are removed.</summary>
    /// <exception cref="InputFaultException">The file is missing or shorter, or the run was begun without an event log.</exception>
    public static EventLogWriter Resume(string path, EventPlan plan, long length)
    {
        if (length < EventLogHeader.Size)
        {
            throw EventLogReader.Fault(
                path, "the run was begun without an event log", "remove output.events from the case, or start the run again with --force");
        }

        long found = File.Exists(path) ? new FileInfo(path).Length : 0;
        if (found < length)
        {
            throw EventLogReader.Fault(
                path, FormattableString.Invariant($"the file has {found} bytes, but its run had written {length} at the checkpoint"),
                "restore the file from a copy, or start the run again with --force");
        }

        EventLogHeader header = EventLogReader.ReadHeader(path);
        FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.Read, BufferSize);
        stream.SetLength(length);
        stream.Position = length;
        return new EventLogWriter(stream, header, plan);
    }

    /// <summary>Adds whole events, those that the plan asks for.</summary>
    public void Append(ReadOnlySpan<byte> events)
    {
        if (_plan.IsWhole)
        {
            _stream.Write(events);
            return;
        }

        while (events.Length > 0)
        {
            int size = EventRecord.SizeAt(events);
            if (_plan.Holds(_header.TimeOf(new EventRecord(events[..size]))))
            {
                _stream.Write(events[..size]);
            }

            events = events[size..];
        }
    }

    /// <summary>Hands everything to the operating system; with <paramref name="toDisk"/> also to the disk.</summary>
    public void Flush(bool toDisk) => Disk.Flush(_stream, _stream.Name, toDisk);

    public void Dispose() => _stream.Dispose();
}
