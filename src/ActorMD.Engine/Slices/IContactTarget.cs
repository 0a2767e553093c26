using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices;

/// <summary>Gets the events of pairs. Implemented by structs, so that the call is inlined.</summary>
internal interface IContactTarget
{
    /// <summary>Two particles meet before the end of the slice, unless one of them has another event before.</summary>
    void Enter(double time, int slot, int other);
}

/// <summary>Enters all events into a queue.</summary>
internal readonly unsafe struct QueueTarget(SliceQueue queue, Particle* particles) : IContactTarget
{
    public void Enter(double time, int slot, int other) =>
        queue.Enter(time, slot, other, particles[slot].Stamp + particles[other].Stamp);
}
