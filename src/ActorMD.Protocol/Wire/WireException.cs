namespace ActorMD.Protocol;

/// <summary>Bytes that are no message of this version.</summary>
public sealed class WireException : Exception
{
    private WireException(string message)
        : base(message)
    {
    }

    internal static WireException Truncated(int position, int wanted, int length) =>
        new($"the message ends after {length} bytes, but {wanted} more were announced at byte {position}");

    internal static WireException Unexpected(int position, string wanted, byte code) =>
        new($"byte {position} begins a value of code 0x{code:X2} where {wanted} is due");

    public static WireException OutOfRange(int position, string what, long value, long least, long most) =>
        new($"{what} before byte {position} is {value}, not within {least} to {most}");

    public static WireException Version(long version, int spoken) =>
        new($"the message has wire version {version}; this program speaks version {spoken} only: run the same program everywhere");

    public static WireException Kind(long kind) => new($"there is no message of kind {kind}");

    public static WireException Remainder(int position, int length) =>
        new($"the message has ended at byte {position}, but {length - position} bytes follow");

    internal static WireException FrameTooLong(long length) =>
        new(FormattableString.Invariant($"a message of {length} bytes is too long for one frame: use more domains"));

    public static WireException Inconsistent(string what) => new($"the message contradicts itself: {what}");
}
