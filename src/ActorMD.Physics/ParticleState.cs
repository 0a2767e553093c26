using System.Runtime.InteropServices;

namespace ActorMD.Physics;

/// <summary>
/// A particle as of its last event: the only things that determine the future (the rule of pure prediction).
/// Between events it moves freely: x(t) = Position + Velocity (t - Time).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct ParticleState
{
    /// <summary>Centre at <see cref="Time"/>, wrapped into the box on periodic axes.</summary>
    public Vec3 Position;

    public Vec3 Velocity;

    /// <summary>Time of the last event, as an offset from the start of the current epoch (negative: in an earlier epoch).</summary>
    public double Time;

    /// <summary>Whole boxes travelled on periodic axes up to the last event.</summary>
    public Int3 Image;

    /// <summary>Index into <see cref="Gas.Kinds"/>; where no species has a distribution of sizes, that of the species.</summary>
    public int Kind;

    /// <summary>Centre at a later moment of the same epoch, not wrapped.</summary>
    public readonly Vec3 PositionAt(double time) => Position + Velocity * (time - Time);
}
