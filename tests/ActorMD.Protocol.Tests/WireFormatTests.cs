using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMD.Physics;

namespace ActorMD.Protocol.Tests;

/// <summary>Messages as bytes and back.</summary>
public class WireFormatTests
{
    private static readonly JsonSerializerOptions Everything = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static TheoryData<string> Kinds => [.. Samples().Select(m => m.GetType().Name).Distinct()];

    [Fact]
    public void There_is_a_sample_of_every_message()
    {
        IEnumerable<string> types = typeof(Message).GetNestedTypes(BindingFlags.Public)
            .Where(type => type != typeof(Message.Reminder)).Select(type => type.Name);
        Assert.Equal(types.Order(), Samples().Select(m => m.GetType().Name).Distinct().Order());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_message_comes_back_as_it_was(string kind)
    {
        foreach (Message message in Samples().Where(m => m.GetType().Name == kind))
        {
            Message back = WireFormat.Decode(Bytes(message));
            Assert.Equal(
                JsonSerializer.Serialize(message, message.GetType(), Everything), JsonSerializer.Serialize(back, back.GetType(), Everything));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_part_of_a_message_and_a_message_with_more_behind_it_are_refused(string kind)
    {
        foreach (Message message in Samples().Where(m => m.GetType().Name == kind))
        {
            byte[] bytes = Bytes(message);
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<WireException>(() => WireFormat.Decode(bytes.AsSpan(0, length)));
            }

            Assert.Throws<WireException>(() => WireFormat.Decode([.. bytes, 0]));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Broken_bytes_are_a_message_or_refused(string kind)
    {
        CounterRandom random = new(3, RandomStream.Testing);
        foreach (Message message in Samples().Where(m => m.GetType().Name == kind))
        {
            byte[] bytes = Bytes(message);
            int refused = 0;
            for (int trial = 0; trial < 2000; trial++)
            {
                byte[] broken = [.. bytes];
                // Mostly the beginning, where the structure is.
                int place = random.NextInteger(1 + random.NextInteger(broken.Length));
                broken[place] = (byte)random.NextInteger(256);
                try
                {
                    WireFormat.Decode(broken);
                }
                catch (WireException)
                {
                    refused++;
                }
            }

            Assert.True(refused > 0);
        }
    }

    [Fact]
    public void Another_version_is_refused_by_name()
    {
        byte[] bytes = Bytes(new Message.Begun(1));
        bytes[1] = WireFormat.Version + 1;
        WireException error = Assert.Throws<WireException>(() => WireFormat.Decode(bytes));
        Assert.Contains($"version {WireFormat.Version + 1}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_kind_is_refused()
    {
        byte[] bytes = Bytes(new Message.Begun(1));
        bytes[2] = 99;
        Assert.Throws<WireException>(() => WireFormat.Decode(bytes));
    }

    [Fact]
    public void A_length_that_the_bytes_do_not_hold_allocates_nothing()
    {
        // An array of 2^31 - 1 values, and raw bytes of the same length.
        Assert.Throws<WireException>(() => WireFormat.Decode([0xDD, 0x7F, 0xFF, 0xFF, 0xFF]));
        Assert.Throws<WireException>(() => WireFormat.Decode([0x95, 1, 14, 0x93, 1, 1, 0, 2, 0xC6, 0x7F, 0xFF, 0xFF, 0xFF]));
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "CC80")]
    [InlineData(65535, "CDFFFF")]
    [InlineData(65536, "CE00010000")]
    [InlineData(4294967296, "CF0000000100000000")]
    [InlineData(-1, "FF")]
    [InlineData(-33, "D0DF")]
    [InlineData(-129, "D1FF7F")]
    [InlineData(-32769, "D2FFFF7FFF")]
    [InlineData(long.MinValue, "D38000000000000000")]
    [InlineData(long.MaxValue, "CF7FFFFFFFFFFFFFFF")]
    public void Whole_numbers_have_their_shortest_form(long value, string hex)
    {
        ArrayBufferWriter<byte> output = new();
        new MessagePackWriter(output).Write(value);
        Assert.Equal(hex, Convert.ToHexString(output.WrittenSpan));
        Assert.Equal(value, new MessagePackReader(output.WrittenSpan).ReadInt64());
    }

    [PythonMessagePackFact]
    public void The_MessagePack_library_of_Python_reads_and_writes_the_same_bytes()
    {
        // One hexadecimal line per message; Python unpacks each, packs it again and says how many came out alike.
        const string Script =
            "import sys, msgpack\n"
            + "lines = [bytes.fromhex(l) for l in sys.stdin.read().split()]\n"
            + "values = [msgpack.unpackb(b, raw=False, strict_map_key=True) for b in lines]\n"
            + "assert all(isinstance(v, list) and v[0] == 2 for v in values)\n"
            + "print(sum(msgpack.packb(v, use_bin_type=True) == b for v, b in zip(values, lines)))\n";
        Message[] samples = [.. Samples()];
        ProcessStartInfo start = new("python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        using Process python = Process.Start(start)!;
        foreach (Message message in samples)
        {
            python.StandardInput.WriteLine(Convert.ToHexString(Bytes(message)));
        }

        python.StandardInput.Close();
        Assert.Equal($"{samples.Length}", python.StandardOutput.ReadToEnd().Trim());
    }

    private static byte[] Bytes(Message message)
    {
        ArrayBufferWriter<byte> output = new();
        WireFormat.Encode(message, output);
        return output.WrittenSpan.ToArray();
    }

    private static IEnumerable<Message> Samples()
    {
        ImmutableArray<ImmutableArray<int>> cuts = [[0, 5, 300], [0, 70000], [0, 1]];
        Cut cut = new(3, -0.0);
        WindowId id = new(2, 1L << 40, 3);
        ImmutableArray<ParticleRecord> none = [], few = Particles(3), many = Particles(700);
        EventTally tally = new(2, 4);
        tally.OrderCounts[4] = 1L << 50;
        tally.PairCounts[1] = 7;
        tally.MultipleCount = 200;
        tally.Virial.Add(-Math.PI);
        tally.WallImpulse.Add(1e300);
        TallyRecord counts = TallyRecord.Of(tally);
        EventBatch batch = new();
        ParticleState[] states = new ParticleState[3];
        batch.Add(new Gas(Box.Cube(9), [new Species("A", 1, 1)], []), 2, 0.5, 3, [4, 70000, 80000], states, states);
        ImmutableArray<byte> events = [.. batch.Take()];
        yield return new Message.Begin(1, 2, cuts, double.PositiveInfinity, cut, true, few);
        yield return new Message.Begun(int.MaxValue);
        yield return new Message.Advance(1, 300, double.NegativeInfinity, 1L << 40);
        yield return new Message.Reached(1, 70000, cut, many, counts, new RunWork(1, 2, 3, 0.1, 1L << 60, 4, 5, 6, 7, 8.5, 9.5), 200, events);
        yield return new Message.Halted(1, cut, "überlappt: " + new string('x', 300));
        yield return new Message.RunLost(5, 6, 7);
        yield return new Message.Load(1, cuts, 0.25, cut, false, none);
        yield return new Message.Load(1, cuts, 0.25, cut, true, many);
        yield return new Message.Loaded(1, 70000);
        yield return new Message.Lost(1, 3, 2);
        yield return new Message.OpenWindow(id, cut, 1e-300, 4, 1);
        yield return new Message.Verdict(id, 5, double.PositiveInfinity, null, new DomainWork(1, 2, 3, 4, 5, 6, 7, 8.5), events);
        yield return new Message.Verdict(id, 5, 0.1, "why", new DomainWork(int.MaxValue, 2, long.MaxValue, 4, 5, 6, 7, 0), []);
        yield return new Message.Gather(1, 2, cut);
        yield return new Message.Shard(1, 2, 3, few, counts, 4, events);
        yield return new Message.Boundary(id, 1, none);
        yield return new Message.Boundary(id, 1, many);
        yield return new Message.Ledger(id, 1, [], [], [], []);
        yield return new Message.Ledger(
            id, 1, [new PathRecord { Id = 4, StateCount = 2 }, new PathRecord { Id = 9, StateCount = 1 }],
            [few[0].State, few[1].State, few[2].State],
            [new SharedEventRecord { Time = 0.5, Order = 3 }],
            [.. few.Select(p => new ParticipantRecord { Id = p.Id, Before = p.State, After = few[0].State })]);
        yield return new Message.Repeat(id, 1, true);
        yield return new Message.Repeat(id, 1, false);
    }

    private static ImmutableArray<ParticleRecord> Particles(int count)
    {
        CounterRandom random = new(1, RandomStream.Testing);
        ParticleRecord[] particles = new ParticleRecord[count];
        for (int k = 0; k < count; k++)
        {
            particles[k] = new ParticleRecord
            {
                Id = k,
                Owner = k % 3,
                State = new ParticleState
                {
                    Position = random.NextNormalVector(3),
                    Velocity = random.NextNormalVector(3),
                    Time = random.NextUniform(),
                    Image = new Int3(-1, k, int.MinValue),
                    Species = k % 2,
                },
            };
        }

        return [.. particles];
    }
}

/// <summary>A test that needs the MessagePack library of Python; skipped, visibly, where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonMessagePackFactAttribute : FactAttribute
{
    public PythonMessagePackFactAttribute()
    {
        if (!HasLibrary())
        {
            Skip = "python3 with its library msgpack (Debian: python3-msgpack) is not installed";
        }
    }

    private static bool HasLibrary()
    {
        try
        {
            ProcessStartInfo start = new("python3", ["-c", "import msgpack"]) { RedirectStandardError = true };
            using Process python = Process.Start(start)!;
            python.StandardError.ReadToEnd();
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no python3
        }
    }
}
