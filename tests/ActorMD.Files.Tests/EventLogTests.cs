using System.Buffers.Binary;
using ActorMD.Files.Events;
using ActorMD.Files.Inputs;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Files.Tests;

public sealed class EventLogTests : IDisposable
{
    private const int HeadOfEvents = EventLogHeader.Size;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_log_becomes_a_table_with_a_row_for_every_participant()
    {
        string csv = _folder["out.csv"];
        Assert.Null(EventLogReader.ToCsv(Log(Sound()), csv));
        string[] lines = File.ReadAllLines(csv);
        Assert.Equal(5, lines.Length);
        Assert.Equal("1,0.75,1,0.25,2,1,0,0,0,1,2,3,4,5,6", lines[3]);
    }

    // Offsets in an event of two: epoch 0, time 8, order 16, count 20, ids 24, impact 32, velocities 56.
    [Theory]
    [InlineData(24, 7, "has the id 7")]
    [InlineData(24, -1, "has the id -1")]
    [InlineData(28, 0, "has the id 0")]
    [InlineData(16, 3, "no event at byte 32")]
    [InlineData(0, -5, "has no time of a run")]
    public void Numbers_that_cannot_be_are_refused_and_nothing_is_left(int offset, int value, string problem)
    {
        byte[] log = Sound();
        BinaryPrimitives.WriteInt32LittleEndian(log.AsSpan(HeadOfEvents + offset), value);
        if (offset == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(log.AsSpan(HeadOfEvents + offset), value);
        }

        AssertRefused(log, problem);
    }

    [Theory]
    [InlineData(8, double.NaN, "has no time of a run")]
    [InlineData(8, -0.25, "has no time of a run")]
    [InlineData(8, 0.75, "has no time of a run")]
    [InlineData(32, double.NaN, "no vector of finite numbers")]
    [InlineData(56, double.NaN, "no vector of finite numbers")]
    [InlineData(64, double.PositiveInfinity, "no vector of finite numbers")]
    [InlineData(144, double.NaN, "no vector of finite numbers")]
    public void Values_that_cannot_be_are_refused_and_nothing_is_left(int offset, double value, string problem)
    {
        byte[] log = Sound();
        BinaryPrimitives.WriteDoubleLittleEndian(log.AsSpan(HeadOfEvents + offset), value);
        AssertRefused(log, problem);
    }

    [Fact]
    public void Events_out_of_order_and_headers_of_nothing_are_refused()
    {
        byte[] log = Sound();
        int size = EventRecord.SizeOf(2);
        AssertRefused(
            [.. log[..HeadOfEvents], .. log[(HeadOfEvents + size)..], .. log[HeadOfEvents..(HeadOfEvents + size)]], "comes later");
        foreach (
            (int offset, long value) in new[]
                { (12, 5L), (16, BitConverter.DoubleToInt64Bits(double.NaN)), (16, 0L), (24, 0L), (24, 1L << 40) })
        {
            byte[] other = Sound();
            BinaryPrimitives.WriteInt64LittleEndian(other.AsSpan(offset), value);
            AssertRefused(other, "damaged");
        }
    }

    [Fact]
    public void The_events_before_a_fault_can_be_salvaged()
    {
        string csv = _folder["out.csv"];
        byte[] cut = Sound()[..^1];
        AssertRefused(cut, "cut off");
        string? left = EventLogReader.ToCsv(Log(cut), csv, salvage: true);
        Assert.StartsWith("Kept 1 whole events", left, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(csv).Length);
    }

    private static byte[] Sound()
    {
        using MemoryStream stream = new();
        stream.Write(new EventLogHeader(3, 0.5, 3).ToBytes());
        for (int epoch = 0; epoch < 2; epoch++)
        {
            byte[] bytes = new byte[EventRecord.SizeOf(2)];
            EventRecord.WriteHead(bytes, epoch, 0.25, 2, 2);
            EventRecord.WriteId(bytes, 0, 1);
            EventRecord.WriteId(bytes, 1, 2);
            for (int k = 0; k < 5; k++)
            {
                EventRecord.WriteVector(bytes, 2, k, k % 2 == 1 ? new Vec3(1, 2, 3) : new Vec3(4, 5, 6));
            }

            stream.Write(bytes);
        }

        return stream.ToArray();
    }

    private string Log(byte[] bytes)
    {
        string path = _folder["in.events"];
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private void AssertRefused(byte[] log, string problem)
    {
        string csv = _folder["out.csv"];
        File.Delete(csv);
        InputFaultException error = Assert.Throws<InputFaultException>(() => EventLogReader.ToCsv(Log(log), csv));
        Assert.Contains(problem, error.Message);
        Assert.Equal(["in.events"], Directory.GetFiles(_folder.Directory).Select(path => Path.GetFileName(path)));
    }
}
