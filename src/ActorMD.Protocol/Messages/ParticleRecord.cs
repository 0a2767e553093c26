using System.Runtime.InteropServices;
using ActorMD.Physics;

namespace ActorMD.Protocol.Messages;

/// <summary>A particle on its way between actors: 80 bytes, sent as they lie in memory.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ParticleRecord
{
    /// <summary>Number in the whole system.</summary>
    public int Id;

    /// <summary>The domain that owns it from now on.</summary>
    public int Owner;

    public ParticleState State;
}
