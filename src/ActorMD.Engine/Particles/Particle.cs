using System.Runtime.InteropServices;
using ActorMD.Engine.Contacts;
using ActorMD.Physics;

namespace ActorMD.Engine.Particles;

/// <summary>
/// A particle as of its last event, 64 bytes, one cache line: an event loads whole particles in no particular order.
/// </summary>
/// <remarks>
/// Four particles are transposed in registers into vectors of four x, four y, ... (<see cref="PairScan{TSizes, TImages}"/>),
/// so one particle's numbers stay together in memory.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct Particle
{
    /// <summary>Centre at <see cref="Time"/>, wrapped on periodic axes.</summary>
    public double X, Y, Z;

    /// <summary>Time of the last event, offset from the start of the epoch.</summary>
    public double Time;

    public double VX, VY, VZ;

    /// <summary>Number of events since the caches were built: a prediction made with an older stamp is stale.</summary>
    public uint Stamp;

    /// <summary>Index into <see cref="Physics.Gas.Kinds"/>.</summary>
    public int Kind;

    /// <summary>Centre at a later moment of the same flight, not wrapped.</summary>
    public readonly Vec3 PositionAt(double time)
    {
        double dt = time - Time;
        return new Vec3(X + VX * dt, Y + VY * dt, Z + VZ * dt);
    }
}
