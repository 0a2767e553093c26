using System.Collections.Immutable;

namespace ActorMD.Fuzz;

/// <summary>What became of an input.</summary>
public enum Reception
{
    /// <summary>Refused with faults that are meant for users.</summary>
    Refused,

    /// <summary>Taken, and everything about it is right.</summary>
    Accepted,
}

/// <summary>Something is wrong with a reader, though it threw nothing that it must not.</summary>
public sealed class FuzzException(string message) : Exception(message);

/// <summary>A reader of bytes from outside.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="IsText">Whether inputs are changed as text.</param>
/// <param name="Samples">Sound inputs that are changed.</param>
/// <param name="Try">
/// Gives an input to the reader. Throws <see cref="FuzzException"/> when an accepted input does not read back equal; what else it throws is
/// a fault of the reader.
/// </param>
public sealed record FuzzTarget(string Name, bool IsText, ImmutableArray<byte[]> Samples, Func<byte[], Reception> Try)
{
    /// <summary>Puts length and checksum right after a change; null where there is none.</summary>
    public Func<byte[], byte[]>? Seal { get; init; }
}
