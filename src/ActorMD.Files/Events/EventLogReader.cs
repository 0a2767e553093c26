using System.Globalization;
using ActorMD.Physics;

namespace ActorMD.Files;

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

    /// <summary>Goes through all events of a file.</summary>
    /// <exception cref="InputFaultException">The file cannot be read, is not an event log, or is damaged or cut off.</exception>
    public static void Read(string path, Action<EventLogHeader> begin, Visitor visit)
    {
        using FileStream stream = Open(path);
        begin(ReadHeader(path, stream));
        byte[] buffer = new byte[BufferSize];
        int used = 0;
        while (true)
        {
            int read = stream.Read(buffer, used, buffer.Length - used);
            used += read;
            int next = 0;
            while (EventRecord.SizeAt(buffer.AsSpan(next, used - next)) is var size && size != -1)
            {
                if (size == 0)
                {
                    throw Fault(path, FormattableString.Invariant($"there is no event at byte {stream.Position - used + next}"));
                }

                if (size > used - next)
                {
                    break;
                }

                visit(new EventRecord(buffer.AsSpan(next, size)));
                next += size;
            }

            buffer.AsSpan(next, used - next).CopyTo(buffer);
            used -= next;
            if (read == 0)
            {
                if (used > 0)
                {
                    throw Fault(path, "the last event is cut off");
                }

                return;
            }
        }
    }

    /// <summary>
    /// Writes an event log as CSV: one row for every participant of every event, numbers in round-trip format.
    /// </summary>
    /// <remarks>
    /// event (number, from 0), time, epoch, offset (time in the epoch, exact), order, id, impact_x, ... (the vector from the first participant
    /// to this one, for a wall from the centre to it), before_x, ..., after_x, ... (velocities).
    /// </remarks>
    /// <exception cref="InputFaultException">The log cannot be read, or is damaged.</exception>
    public static void ToCsv(string path, string csv)
    {
        using StreamWriter file = new(csv) { NewLine = "\n" };
        EventLogHeader header = null!;
        long number = 0;
        Read(
            path,
            found =>
            {
                header = found;
                string[] axes = header.Dimension == 2 ? ["x", "y"] : ["x", "y", "z"];
                IEnumerable<string> vectors = ((string[])["impact", "before", "after"]).SelectMany(name => axes.Select(axis => $"{name}_{axis}"));
                file.WriteLine("event,time,epoch,offset,order,id," + string.Join(',', vectors));
            },
            happened =>
            {
                for (int k = 0; k < happened.Count; k++)
                {
                    Vec3 impact = happened.Order == 1 ? happened.Impact(0) : k == 0 ? Vec3.Zero : happened.Impact(k - 1);
                    file.Write(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{number},{header.TimeOf(happened):R},{happened.Epoch},{happened.Time:R},{happened.Order},{happened.Id(k)}"));
                    Write(file, header.Dimension, impact);
                    Write(file, header.Dimension, happened.VelocityBefore(k));
                    Write(file, header.Dimension, happened.VelocityAfter(k));
                    file.WriteLine();
                }

                number++;
            });
    }

    internal static InputFaultException Fault(
        string path, string problem, string remedy = "give an event log that a run has written (output.events)") =>
        new(new InputFault(path, null, null, problem, remedy));

    private static void Write(StreamWriter file, int dimension, Vec3 vector)
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

    private static EventLogHeader ReadHeader(string path, FileStream stream)
    {
        byte[] bytes = new byte[EventLogHeader.Size];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return EventLogHeader.Parse(path, bytes.AsSpan(0, read));
    }
}
