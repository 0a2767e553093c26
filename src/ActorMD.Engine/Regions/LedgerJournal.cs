using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Regions;

/// <summary>Keeps every event in a ledger, participants in the order of their ids.</summary>
/// <param name="ledger">Gets the events.</param>
/// <param name="store">The particles of the loop.</param>
internal unsafe class LedgerJournal(RegionLedger ledger, ParticleStore store) : IEventJournal
{
    public bool IsKeeping => true;

    public void Begin(int slot, double now) => ledger.Keep(IndexOf(slot), store.Particles + slot);

    public void BeginPair(int first, int second, double now)
    {
        bool inOrder = store.Ids[first] < store.Ids[second];
        Begin(inOrder ? first : second, now);
        Begin(inOrder ? second : first, now);
    }

    public void AddBoxes(int slot, Int3 boxes) => ledger.KeepBoxes(IndexOf(slot), boxes);

    public void Complete(in RegionEvent happened, double speedSquared) => ledger.AddEvent(happened, speedSquared);

    /// <summary>The number under which the ledger knows a particle: its slot.</summary>
    protected virtual int IndexOf(int slot) => slot;
}

/// <summary>As <see cref="LedgerJournal"/>, for a loop whose particles have other numbers than those that the ledger knows.</summary>
/// <param name="ledger">Gets the events.</param>
/// <param name="store">The particles of the loop.</param>
/// <param name="indices">Numbers in the ledger, by id.</param>
internal sealed unsafe class RenumberedLedgerJournal(RegionLedger ledger, ParticleStore store, int[] indices) : LedgerJournal(ledger, store)
{
    private readonly int* _ids = store.Ids;

    protected override int IndexOf(int slot) => indices[_ids[slot]];
}
