using System.Diagnostics;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Wire;

namespace ActorMD.Protocol.Tests.Wire;

/// <summary>An independent reader of MessagePack understands what we write, and writes the same.</summary>
public class PythonMessagePackTests
{
    // One hexadecimal line for each; Python unpacks it, packs it again and says how many came out alike. A packet may be followed by its
    // message.
    private const string Script = """
        import sys, msgpack
        alike = 0
        for line in sys.stdin:
            version, packed = line.split()
            packed = bytes.fromhex(packed)
            unpacker = msgpack.Unpacker(raw=False, strict_map_key=True, max_buffer_size=0)
            unpacker.feed(packed)
            values = list(unpacker)
            assert all(isinstance(value, list) for value in values) and values[0][0] == int(version)
            alike += b"".join(msgpack.packb(value, use_bin_type=True) for value in values) == packed
        print(alike)
        """;

    [Fact]
    public void The_MessagePack_library_of_Python_reads_and_writes_the_same_bytes()
    {
        Vocabulary.Sample[] samples = [.. Vocabulary.Samples()];
        IEnumerable<string> lines = samples.Select(
            s => $"{(s.Value is Message ? WireFormat.Version : NodePacketFormat.Version)} {Convert.ToHexString(s.Bytes)}");
        Assert.Equal($"{samples.Length}", Run(Python(), Script, lines).Trim());
    }

    /// <summary>The system's own one has Debian's libraries; another one that comes first on the path may lack them.</summary>
    private static string Python()
    {
        string? python = ((string[])["/usr/bin/python3", "python3"]).FirstOrDefault(
            candidate => Run(candidate, "import msgpack; print(msgpack.version)", []).Length > 0);
        Assert.True(
            python is not null, "no python3 has the library msgpack: install it (Debian and Ubuntu: apt-get install python3-msgpack)");
        return python;
    }

    // Whatever it prints; nothing where there is no such program or it fails.
    private static string Run(string program, string script, IEnumerable<string> lines)
    {
        ProcessStartInfo start = new(program, ["-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using Process python = Process.Start(start)!;
            Task<string> output = python.StandardOutput.ReadToEndAsync();
            try
            {
                foreach (string line in lines)
                {
                    python.StandardInput.WriteLine(line);
                }

                python.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has ended early; its code says so.
            }

            python.WaitForExit();
            return python.ExitCode == 0 ? output.Result : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }
}
