namespace ActorMD.Engine.Sharing;

/// <summary>The particles whose events, from some time on, a block leaves to a strip.</summary>
/// <param name="members">Of all particles.</param>
internal sealed unsafe class Deferrals(Membership members)
{
    /// <summary>Slots of the deferred particles; one may come more than once.</summary>
    public List<int> Slots { get; } = [];

    /// <summary>Whether a particle's events at a time are left to its strip.</summary>
    public bool IsDeferred(int slot, double time) => members.Blocks[slot].Strip >= 0 && !(time < members.Strips[slot].DeferredFrom);

    /// <summary>From a time on the particle's events are left to its strip.</summary>
    /// <exception cref="SharingConflictException">The particle is not close to a boundary: no strip will run its events.</exception>
    public void Defer(int slot, double time)
    {
        if (members.Blocks[slot].Strip < 0)
        {
            throw new SharingConflictException("an event far from any boundary cannot be had in the block");
        }

        StripMember* member = members.Strips + slot;
        if (time < member->DeferredFrom)
        {
            if (double.IsPositiveInfinity(member->DeferredFrom))
            {
                Slots.Add(slot);
            }

            member->DeferredFrom = time;
        }
    }
}
