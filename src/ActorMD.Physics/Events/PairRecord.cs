using System.Runtime.InteropServices;

namespace ActorMD.Physics.Events;

/// <summary>A pair collision of the event log: an <see cref="EventRecord"/> of two participants, whose bytes these fields are.</summary>
/// <remarks>Nearly all events are pair collisions, so these are written and read as they lie in memory.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct PairRecord
{
    /// <summary>Number of finished epochs.</summary>
    public long Epoch;

    /// <summary>Offset from the start of the epoch.</summary>
    public double Time;

    /// <summary>2.</summary>
    public int Order;

    /// <summary>2.</summary>
    public int Count;

    /// <summary>The participants' ids, ascending.</summary>
    public int First, Second;

    /// <summary>From the centre of the first participant to that of the second, nearest image.</summary>
    public Vec3 Impact;

    /// <summary>Velocities before and after.</summary>
    public Vec3 FirstBefore, FirstAfter, SecondBefore, SecondAfter;

    /// <summary>Bytes.</summary>
    public const int Size = 152;
}
