using System.Globalization;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using static System.FormattableString;

namespace ActorMD.Files.Events;

/// <summary>Reads event logs, and writes them as CSV.</summary>
public static class EventLogReader
{
    /// <summary>Suffix of event logs.</summary>
    public const string Suffix = ".events";

    private const int BufferSize = 1 << 20;

    /// <summary>Is given one event after the other.</summary>
    public delegate void Visitor(EventRecord happened);

    /// <exception cref="InputFaultException">The file cannot be read, or is not an event log.</exception>
    public static EventLogHeader ReadHeader(string path)
    {
        using FileStream stream = Open(path);
        return ReadHeader(path, stream);
    }

    /// <summary>
    /// Goes through all events of a file. Events that cannot have happened are faults: see <see cref="EventRecordCheck"/>.
    /// </summary>
    /// <exception cref="InputFaultException">The file cannot be read, is not an event log, or is damaged or cut off.</exception>
    public static void Read(string path, Action<EventLogHeader> begin, Visitor visit)
    {
        using FileStream stream = Open(path);
        if (Read(path, stream, begin, visit, default) is { } fault)
        {
            throw new InputFaultException(fault);
        }
    }

    /// <summary>
    /// Writes an event log as CSV: one row for every participant of every event, numbers in round-trip format. A failure leaves nothing
    /// behind.
    /// </summary>
    /// <remarks>
    /// event (number, from 0), time, epoch, offset (time in the epoch, exact), order, id, impact_x, ... (the vector from the first
    /// participant to this one, for a wall from the centre to it), before_x, ..., after_x, ... (velocities).
    /// </remarks>
    /// <param name="path">The log.</param>
    /// <param name="csv">The table.</param>
    /// <param name="salvage">Whether the events before the first fault are wanted.</param>
    /// <param name="stop">Ends the work.</param>
    /// <returns>With <paramref name="salvage"/>: what was left out, or null.</returns>
    /// <exception cref="InputFaultException">The log cannot be read, or is damaged.</exception>
    public static string? ToCsv(string path, string csv, bool salvage = false, CancellationToken stop = default)
    {
        using FileStream stream = Open(path);
        InputFault? fault = null;
        long number = 0;
        WholeFile.Write(csv, output =>
        {
            StreamWriter file = new(output) { NewLine = "\n" };
            fault = ToCsv(path, stream, file, ref number, stop);
            if (fault is not null && !(salvage && number > 0))
            {
                throw new InputFaultException(fault);
            }

            file.Flush();
        });
        return fault is null ? null : Invariant($"Kept {number} whole events. The rest of {path} was left out: {fault.Problem}.");
    }

    internal static InputFaultException Fault(
        string path, string problem, string remedy = "give an event log that a run has written (output.events)") =>
        new(new InputFault(path, null, null, problem, remedy));

    /// <summary>Goes through the events of a stream until the end or the first fault, which is returned.</summary>
    internal static InputFault? Read(string path, Stream stream, Action<EventLogHeader> begin, Visitor visit, CancellationToken stop)
    {
        EventLogHeader header = ReadHeader(path, stream);
        begin(header);
        EventRecordCheck check = new(header);
        byte[] buffer = new byte[Math.Min(BufferSize, Math.Max(stream.Length, 1))];
        long before = EventLogHeader.Size;
        int used = 0;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            int read = stream.Read(buffer, used, buffer.Length - used);
            used += read;
            int next = 0;
            while (EventRecord.SizeAt(buffer.AsSpan(next, used - next)) is var size && size != -1)
            {
                if (size == 0)
                {
                    return Damaged(Invariant($"there is no event at byte {before + next}"));
                }

                if (size > used - next)
                {
                    break;
                }

                EventRecord happened = new(buffer.AsSpan(next, size));
                if (check.Problem(happened) is { } problem)
                {
                    return Damaged(Invariant($"event {check.Number} at byte {before + next} {problem}"));
                }

                visit(happened);
                next += size;
            }

            buffer.AsSpan(next, used - next).CopyTo(buffer);
            used -= next;
            before += next;
            if (read == 0)
            {
                return used > 0 ? Damaged(Invariant($"the last event, at byte {before}, is cut off")) : null;
            }
        }

        InputFault Damaged(string problem) => new(
            path, null, null, problem, "restore the log from a copy; 'actormd convert --salvage' keeps the events before");
    }

    /// <summary>Writes the table; the first fault is returned.</summary>
    internal static InputFault? ToCsv(string path, Stream stream, TextWriter file, ref long number, CancellationToken stop)
    {
        EventLogHeader header = null!;
        long count = 0;
        InputFault? fault = Read(
            path,
            stream,
            found =>
            {
                header = found;
                string[] axes = header.Dimension == 2 ? ["x", "y"] : ["x", "y", "z"];
                IEnumerable<string> vectors = ((string[])["impact", "before", "after"])
                    .SelectMany(name => axes.Select(axis => $"{name}_{axis}"));
                file.WriteLine("event,time,epoch,offset,order,id," + string.Join(',', vectors));
            },
            happened =>
            {
                for (int k = 0; k < happened.Count; k++)
                {
                    Vec3 impact = happened.Order == 1 ? happened.Impact(0) : k == 0 ? Vec3.Zero : happened.Impact(k - 1);
                    file.Write(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{count},{header.TimeOf(happened):R},{happened.Epoch},{happened.Time:R},{happened.Order},{happened.Id(k)}"));
                    Write(file, header.Dimension, impact);
                    Write(file, header.Dimension, happened.VelocityBefore(k));
                    Write(file, header.Dimension, happened.VelocityAfter(k));
                    file.WriteLine();
                }

                count++;
            },
            stop);
        number = count;
        return fault;
    }

    private static void Write(TextWriter file, int dimension, Vec3 vector)
    {
        for (int axis = 0; axis < dimension; axis++)
        {
            file.Write(string.Create(CultureInfo.InvariantCulture, $",{vector[axis]:R}"));
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, $"the file cannot be read: {error.Message.TrimEnd('.')}");
        }
    }

    private static EventLogHeader ReadHeader(string path, Stream stream)
    {
        byte[] bytes = new byte[EventLogHeader.Size];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return EventLogHeader.Parse(path, bytes.AsSpan(0, read));
    }
}
