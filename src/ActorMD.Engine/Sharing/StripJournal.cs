using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Sharing;

/// <summary>The events of one strip in a slice: none is rolled back alone.</summary>
/// <param name="store">The particles.</param>
/// <param name="members">What strips know of them.</param>
/// <param name="log">Gets the events, if it is wanted.</param>
/// <param name="stretches">Get what events change, if there are waypoints.</param>
internal sealed unsafe class StripJournal(ParticleStore store, Membership members, SliceEventLog log, SliceStretches stretches)
    : SharedJournal(store, new StateLog(), log, stretches)
{
    public override void Begin(int slot, double now)
    {
        States.Add(slot, Particles + slot);
        members.Strips[slot].LastFlight = BlockJournal.None; // with an event of the strip nothing earlier can be wrong any more
    }
}
