using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Wire;

namespace ActorMD.Protocol.Tests.Wire;

/// <summary>
/// Every message and every packet has the bytes that it always had: nodes of one version understand each other, whatever writes and
/// reads the bytes. ACTORMD_WRITE_GOLDEN=1 writes the file anew; then look at the difference, and raise the number of the format.
/// </summary>
public class GoldenWireTests
{
    private const int LengthMax = 2000; // longer ones are there as a hash

    [Fact]
    public void The_bytes_are_those_that_they_always_were()
    {
        IEnumerable<string> lines =
        [
            .. WireSamples.Messages().Concat(WireSamples.RefusedMessages()).Select(s => Line(s.Name, Bytes(s.Message))),
            .. WireSamples.Packets().Concat(WireSamples.RefusedPackets()).Select(s => Line(s.Name, NodePacketFormat.Encode(s.Packet).Span)),
        ];
        if (Environment.GetEnvironmentVariable("ACTORMD_WRITE_GOLDEN") == "1")
        {
            File.WriteAllLines(GoldenPath(), lines);
        }

        Assert.Equal(File.ReadAllLines(GoldenPath()), lines);
    }

    internal static byte[] Bytes(Message message)
    {
        ArrayBufferWriter<byte> output = new();
        WireFormat.Encode(message, output);
        return output.WrittenSpan.ToArray();
    }

    // Some names hold half a character.
    private static string Line(string name, ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) + ": "
        + (bytes.Length <= LengthMax
            ? Convert.ToHexStringLower(bytes)
            : FormattableString.Invariant($"{bytes.Length} bytes, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(bytes))}"));

    private static string GoldenPath()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorMD.sln")))
        {
            folder = folder.Parent;
        }

        string root = folder?.FullName ?? throw new InvalidOperationException("the tests run outside of the repository");
        return Path.Combine(root, "tests", "ActorMD.Protocol.Tests", "Wire", "golden.txt");
    }
}
