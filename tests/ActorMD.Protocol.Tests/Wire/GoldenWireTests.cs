using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Wire;
using ActorMD.Testing;

namespace ActorMD.Protocol.Tests.Wire;

/// <summary>
/// Every message and every packet has the bytes that it always had: nodes of one version understand each other, whatever writes and
/// reads the bytes. ACTORMD_WRITE_GOLDEN=1 writes the file anew; then look at the difference, and raise the number of the format.
/// </summary>
public class GoldenWireTests
{
    private const int LengthMax = 2000; // longer ones are there as a hash

    private static readonly string _goldenPath = Path.Combine(Repository.Root, "tests", "ActorMD.Protocol.Tests", "Wire", "golden.txt");

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
            File.WriteAllLines(_goldenPath, lines);
        }

        Assert.Equal(File.ReadAllLines(_goldenPath), lines);
    }

    [Fact]
    public void The_document_names_the_present_versions() => Assert.Contains(
        FormattableString.Invariant($"messages {WireFormat.Version}, packets {NodePacketFormat.Version}."),
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "protocol.md")), StringComparison.Ordinal);

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
}
