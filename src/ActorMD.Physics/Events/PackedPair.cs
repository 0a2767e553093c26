using System.Runtime.InteropServices;

namespace ActorMD.Physics.Events;

/// <summary>
/// A pair collision on its way to what follows events: a <see cref="PairRecord"/> whose velocities are left out. Who has followed all
/// events knows those before, and the rest tells those after (<see cref="EventUnpacker"/>).
/// </summary>
/// <remarks>A line of memory instead of two and a half: what writes it has no time, and what reads it is another core.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct PackedPair
{
    /// <summary>Number of finished epochs.</summary>
    public long Epoch;

    /// <summary>Offset from the start of the epoch.</summary>
    public double Time;

    /// <summary>2.</summary>
    public int Order;

    /// <summary><see cref="Plain"/> or <see cref="AtEdge"/>: no number of participants, so that it is told from a whole record.</summary>
    public int Count;

    /// <summary>The participants' ids, ascending.</summary>
    public int First, Second;

    /// <summary>From the centre of the first participant to that of the second, nearest image, before they are wrapped.</summary>
    public Vec3 Offset;

    /// <summary>
    /// Times the other's mass, times the offset, it is what is added to the velocity of the first, and taken from the second's.
    /// </summary>
    public double Scale;

    /// <summary>Bytes.</summary>
    public const int Size = 64;

    /// <summary>Bytes with the vector that follows at an edge.</summary>
    public const int EdgeSize = Size + 24;

    /// <summary>The offset is the impact vector of the event log.</summary>
    public const int Plain = 0;

    /// <summary>The impact vector of the event log follows: wrapping has rounded it.</summary>
    public const int AtEdge = -1;
}
