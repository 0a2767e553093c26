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

/// <summary>Head of a particle's path; its states follow in another array.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PathRecord
{
    public int Id;

    /// <summary>Number of states: that at the start of the window, and one after each event.</summary>
    public int StateCount;
}

/// <summary>Head of an event between particles of different owners; its participants follow in another array.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SharedEventRecord
{
    public double Time;

    public int Order;

    private readonly int _padding;
}

/// <summary>A participant of a shared event, before and after it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ParticipantRecord
{
    public int Id;

    private readonly int _padding;

    public ParticleState Before;

    public ParticleState After;
}
