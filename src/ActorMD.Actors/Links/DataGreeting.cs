using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ActorMD.Actors.Links;

/// <summary>What both ends of a data connection say first: which program they run, their own name and the name that they expect.</summary>
/// <remarks>
/// 8 bytes that no other protocol begins with, 1 byte that tells a greeting from its answer, a nonce of 16 bytes that the answer repeats,
/// so that it is no echo and none of an earlier connection, the length of the text in 2 bytes, and the text: version, name and the other's
/// name in lines. The answer goes back only when the listening end will read packets.
/// </remarks>
/// <param name="Version">Of the program.</param>
/// <param name="From">Name of the node that says it.</param>
/// <param name="To">Name of the node that it is for.</param>
internal sealed record DataGreeting(string Version, string From, string To)
{
    /// <summary>Bytes of the longest one.</summary>
    public const int LengthMax = 1024;

    private const int NonceLength = 16;
    private const int KindOffset = 8;
    private const int NonceOffset = KindOffset + 1;
    private const int LengthOffset = NonceOffset + NonceLength;
    private const int HeadLength = LengthOffset + sizeof(ushort);
    private const byte GreetingKind = 1;
    private const byte AnswerKind = 2;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The last byte is the version of what follows.
    private static ReadOnlySpan<byte> Magic => "ActorMD\u0001"u8;

    private byte[] Nonce { get; init; } = RandomNumberGenerator.GetBytes(NonceLength);

    /// <summary>Reads the greeting of whoever has dialled.</summary>
    /// <exception cref="StrangerException">It is none.</exception>
    /// <exception cref="IOException">The connection ends.</exception>
    public static Task<DataGreeting> ReadAsync(Stream stream, CancellationToken token) => ReadAsync(stream, GreetingKind, token);

    /// <summary>Says it.</summary>
    public ValueTask WriteAsync(Stream stream, CancellationToken token) => stream.WriteAsync(Encode(GreetingKind), token);

    /// <summary>Answers it with the version of the program at this end: the end that was greeted will read.</summary>
    public ValueTask AnswerAsync(Stream stream, string version, CancellationToken token) =>
        stream.WriteAsync((this with { Version = version, From = To, To = From }).Encode(AnswerKind), token);

    /// <summary>Waits for the answer to it.</summary>
    /// <exception cref="StrangerException">Another node answers, or none of this program.</exception>
    /// <exception cref="IOException">The connection ends.</exception>
    public async Task ReadAnswerAsync(Stream stream, CancellationToken token)
    {
        DataGreeting answer = await ReadAsync(stream, AnswerKind, token);
        if (answer.Version != Version)
        {
            throw StrangerException.Version(answer.Version, Version);
        }

        if (answer.From != To || answer.To != From || !answer.Nonce.AsSpan().SequenceEqual(Nonce))
        {
            throw StrangerException.Because("it answers another greeting");
        }
    }

    private static async Task<DataGreeting> ReadAsync(Stream stream, byte kind, CancellationToken token)
    {
        byte[] bytes = new byte[LengthMax];
        int length = HeadLength;
        for (int arrived = 0; arrived < length;)
        {
            int count = await stream.ReadAsync(bytes.AsMemory(arrived, length - arrived), token);
            arrived += count > 0 ? count : throw StrangerException.Because("it closes the connection before it has greeted");
            if (!Begins(bytes.AsSpan(0, arrived), kind))
            {
                throw StrangerException.Because("it does not greet as ActorMD does");
            }

            if (arrived == HeadLength)
            {
                length = HeadLength + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(LengthOffset));
                if (length > LengthMax)
                {
                    throw StrangerException.Because("its greeting is too long");
                }
            }
        }

        return Decode(bytes.AsSpan(0, length));
    }

    // Noise is known from its first bytes, before the whole head is there.
    private static bool Begins(ReadOnlySpan<byte> bytes, byte kind) =>
        bytes.Length <= KindOffset
            ? Magic.StartsWith(bytes)
            : bytes.StartsWith(Magic) && bytes[KindOffset] == kind;

    private static DataGreeting Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes[HeadLength..]).Split('\n') is [string version, string from, string to]
                ? new DataGreeting(version, from, to) { Nonce = bytes.Slice(NonceOffset, NonceLength).ToArray() }
                : throw StrangerException.Because("its greeting has other lines");
        }
        catch (DecoderFallbackException)
        {
            throw StrangerException.Because("its greeting is no text");
        }
    }

    private byte[] Encode(byte kind)
    {
        byte[] text = Utf8.GetBytes($"{Version}\n{From}\n{To}");
        byte[] bytes = new byte[HeadLength + text.Length];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, LengthMax);
        Magic.CopyTo(bytes);
        bytes[KindOffset] = kind;
        Nonce.CopyTo(bytes, NonceOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(LengthOffset), (ushort)text.Length);
        text.CopyTo(bytes, HeadLength);
        return bytes;
    }
}
