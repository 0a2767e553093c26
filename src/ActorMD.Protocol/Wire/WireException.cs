using MessagePack;

namespace ActorMD.Protocol.Wire;

/// <summary>Bytes that are no message of this version.</summary>
public sealed class WireException : Exception
{
    private WireException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Whether it is one of the ways in which MessagePack's reader says that it cannot read on.</summary>
    public static bool IsOfReader(Exception error) => error is EndOfStreamException or MessagePackSerializationException
        or OverflowException or ArgumentOutOfRangeException or InvalidCastException or InsufficientExecutionStackException;

    public static WireException Unreadable(long position, Exception error)
    {
        string reason = error is EndOfStreamException or ArgumentOutOfRangeException ? "more was announced than there is" : error.Message;
        return new(FormattableString.Invariant($"byte {position}: {reason}"), error);
    }

    public static WireException OutOfRange(long position, string what, long value, long least, long most) =>
        new($"{what} before byte {position} is {value}, not within {least} to {most}");

    public static WireException Version(long version, int spoken) =>
        new($"the message has wire version {version}; this program speaks version {spoken} only: run the same program everywhere");

    public static WireException Kind(long kind) => new($"there is no message of kind {kind}");

    public static WireException Remainder(long position, int length) =>
        new($"the message has ended at byte {position}, but {length - position} bytes follow");

    internal static WireException Unexpected(long position, string wanted, byte code) =>
        new($"byte {position} begins a value of code 0x{code:X2} where {wanted} is due");

    internal static WireException PacketTooLong(long length) =>
        new(FormattableString.Invariant($"a message of {length} bytes is too long for one packet: use more domains"));

    public static WireException Inconsistent(string what) => new($"the message contradicts itself: {what}");
}
