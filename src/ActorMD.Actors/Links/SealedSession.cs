using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorMD.Protocol;
using ActorMD.Runtime;

namespace ActorMD.Actors;

/// <summary>
/// One connection between two nodes that know the same secret: greetings first, then frames that carry a seal.
/// </summary>
/// <remarks>
/// Each end greets with its versions and a nonce. The key of a direction is HMAC-SHA256 of the secret over the nonces of both and the
/// direction; the seal of a frame is the first 16 bytes of HMAC-SHA256 of that key over the frame's number and bytes. So frames
/// cannot be made without the secret, changed, left out, repeated, sent back, or taken from another connection. They can
/// be read: against that there is TLS. Seals are made by one thread at a time and checked by one thread at a time.
/// </remarks>
public sealed class SealedSession
{
    /// <summary>What a seal adds to a frame, in bytes.</summary>
    public const int Overhead = 16;

    /// <summary>The longest greeting, in bytes.</summary>
    public const int GreetingLengthMax = 256;

    private const string Name = "ActorMD";
    private const int Version = 1;
    private const int NonceLength = 32;

    private readonly byte[] _secret;
    private readonly bool _isInitiator;
    private readonly byte[] _nonce;
    private IncrementalHash? _sending;
    private IncrementalHash? _receiving;
    private long _sent;
    private long _received;

    /// <param name="secret">What all nodes of the cluster know.</param>
    /// <param name="isInitiator">Whether this end has opened the connection.</param>
    public SealedSession(ReadOnlySpan<byte> secret, bool isInitiator)
        : this(secret, isInitiator, Versions())
    {
    }

    internal SealedSession(ReadOnlySpan<byte> secret, bool isInitiator, string versions)
    {
        _secret = secret.ToArray();
        _isInitiator = isInitiator;
        _nonce = RandomNumberGenerator.GetBytes(NonceLength);
        OwnVersions = versions;
        ArrayBufferWriter<byte> greeting = new();
        MessagePackWriter writer = new(greeting);
        writer.WriteArrayHeader(4);
        writer.Write(Name);
        writer.Write(Version);
        writer.Write(versions);
        writer.Write(_nonce);
        Greeting = greeting.WrittenSpan.ToArray();
    }

    /// <summary>The first frame that this end sends; it carries no seal.</summary>
    public byte[] Greeting { get; }

    /// <summary>Whether the other end has greeted, so that frames can be sealed and opened.</summary>
    public bool IsOpen => _sending is not null;

    private string OwnVersions { get; }

    /// <summary>Takes the other end's greeting in.</summary>
    /// <exception cref="StrangerException">It is none, or one of another version.</exception>
    public void TakeGreeting(ReadOnlySpan<byte> greeting)
    {
        byte[] nonce = ReadGreeting(greeting);
        byte[] first = _isInitiator ? _nonce : nonce, second = _isInitiator ? nonce : _nonce;
        _sending = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, DirectionKey(first, second, fromInitiator: _isInitiator));
        _receiving = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, DirectionKey(first, second, fromInitiator: !_isInitiator));
    }

    /// <summary>The next frame to be sent: seal and payload.</summary>
    public byte[] Seal(ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Overhead + payload.Length];
        payload.CopyTo(frame.AsSpan(Overhead));
        Span<byte> seal = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(_sending ?? throw new InvalidOperationException("the other end has not greeted"), _sent++, payload, seal);
        seal[..Overhead].CopyTo(frame);
        return frame;
    }

    /// <summary>The payload of the next frame that has arrived.</summary>
    /// <exception cref="StrangerException">The frame is none of this connection, or is not the next one.</exception>
    public ReadOnlySpan<byte> Open(ReadOnlySpan<byte> frame)
    {
        if (_receiving is null)
        {
            throw StrangerException.Early();
        }

        if (frame.Length < Overhead)
        {
            throw StrangerException.Short(frame.Length);
        }

        ReadOnlySpan<byte> payload = frame[Overhead..];
        Span<byte> seal = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(_receiving, _received++, payload, seal);
        return CryptographicOperations.FixedTimeEquals(seal[..Overhead], frame[..Overhead]) ? payload : throw StrangerException.Seal();
    }

    // Two programs understand each other only if both numbers agree.
    private static string Versions() => FormattableString.Invariant($"{ProductVersion.Text} (wire format {WireFormat.Version})");

    private static void Compute(IncrementalHash hash, long number, ReadOnlySpan<byte> payload, Span<byte> seal)
    {
        Span<byte> numberBytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(numberBytes, number);
        hash.AppendData(numberBytes);
        hash.AppendData(payload);
        hash.GetHashAndReset(seal);
    }

    private byte[] ReadGreeting(ReadOnlySpan<byte> greeting)
    {
        try
        {
            if (greeting.Length > GreetingLengthMax)
            {
                throw new InvalidDataException($"the first frame has {greeting.Length} bytes");
            }

            MessagePackReader reader = new(greeting);
            if (reader.ReadArrayHeader() != 4 || reader.ReadString() != Name || reader.ReadInt64() != Version)
            {
                throw new InvalidDataException("the first frame begins differently");
            }

            string versions = reader.ReadString() ?? "";
            byte[] nonce = reader.ReadBytes().ToArray();
            if (nonce.Length != NonceLength || !reader.End)
            {
                throw new InvalidDataException("the first frame ends differently");
            }

            return versions == OwnVersions ? nonce : throw StrangerException.Version(versions, OwnVersions);
        }
        catch (Exception error) when (error is WireException or InvalidDataException)
        {
            throw StrangerException.Greeting(error);
        }
    }

    private byte[] DirectionKey(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, bool fromInitiator)
    {
        byte[] text = [.. first, .. second, .. Encoding.ASCII.GetBytes(fromInitiator ? "from the initiator" : "to the initiator")];
        return HMACSHA256.HashData(_secret, text);
    }
}
