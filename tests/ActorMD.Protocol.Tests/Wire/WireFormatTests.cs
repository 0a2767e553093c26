using System.Buffers;
using System.Diagnostics;
using System.Reflection;
using ActorMD.Physics;

namespace ActorMD.Protocol.Tests;

/// <summary>Messages as bytes and back.</summary>
public class WireFormatTests
{
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
            string shortened = WireSamples.Text(message is Message.Halted { Reason.Length: > 4096 } m ? m with { Reason = m.Reason[..4096] } : message);
            Assert.Equal(shortened, WireSamples.Text(back));
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

    private static byte[] Bytes(Message message) => GoldenWireTests.Bytes(message);

    private static IEnumerable<Message> Samples() => WireSamples.Messages().Select(s => s.Message);
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
