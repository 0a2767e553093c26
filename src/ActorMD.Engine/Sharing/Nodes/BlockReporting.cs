using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Nodes;

/// <summary>What has happened in a block to particles that the node below holds, in the order in which it happened.</summary>
/// <remarks>
/// Forwards through the journal it finds out what the node below has to know, and backwards what the particles were like after each event.
/// </remarks>
/// <param name="store">The particles.</param>
/// <param name="members">Who is shown to the node below.</param>
/// <param name="known">Blocks and strips of the particles.</param>
/// <param name="journal">Of the block.</param>
/// <param name="block">Number of the block.</param>
/// <param name="strip">Number of the strip below it.</param>
/// <param name="later">By slot, all -1: scratch.</param>
internal sealed unsafe class BlockReporting(
    ParticleStore store, SharedMembers members, Membership known, BlockJournal journal, int block, int strip, int* later)
{
    private const int None = -1;

    private readonly StateLog _states = journal.States;
    private readonly List<Shown> _shown = [];
    private readonly List<CutEvent> _events = [];
    private readonly List<int> _numbers = []; // of these events in the journal
    private readonly List<CutDeferral> _deferrals = [];
    private readonly List<CutPlace> _places = []; // the last first
    private int _moveEnd; // changes of images from here on belong to later entries

    /// <summary>A slice's report.</summary>
    /// <param name="deferrals">What has been left to strips.</param>
    /// <exception cref="SharingConflictException">The strip below would have to go on with a particle that its node does not hold.</exception>
    public BlockReport Report(IEnumerable<Deferrals> deferrals)
    {
        _shown.Clear();
        _events.Clear();
        _numbers.Clear();
        _deferrals.Clear();
        Array.ForEach([.. deferrals], AddDeferrals);
        Collect();
        ImmutableArray<CutFlight> flights = Flights();
        return new BlockReport(false, flights, [.. _places], [.. _events], [.. _deferrals]);
    }

    /// <summary>The number in the journal of an event of the last report; null if there was no such event.</summary>
    /// <param name="reported">Its index in the report.</param>
    public int? NumberOf(int reported) => (uint)reported < (uint)_numbers.Count ? _numbers[reported] : null;

    private void AddDeferrals(Deferrals left)
    {
        foreach (int slot in CollectionsMarshal.AsSpan(left.Slots))
        {
            if (!IsOfStrip(slot))
            {
                continue;
            }

            if (!members.IsShownBelow(slot))
            {
                throw new SharingConflictException("a particle that the node below does not hold would be left to it");
            }

            _deferrals.Add(new CutDeferral { Id = store.Ids[slot], From = known.Strips[slot].DeferredFrom });
        }
    }

    private void Collect()
    {
        int next = 0; // flight that can be looked back at
        int lastEvent = BlockJournal.None;
        bool isShown = false; // all participants of that event are
        ReadOnlySpan<int> slots = _states.Slots;
        for (int entry = 0; entry < slots.Length; entry++)
        {
            bool isNear = next < journal.FlightCount && journal.Flight(next)->State == entry;
            next += isNear ? 1 : 0;
            if (!members.IsShownBelow(slots[entry]))
            {
                continue;
            }

            int number = isNear ? CutFlight.Alone : CutFlight.Far;
            if (isNear && journal.Flight(next - 1)->Event is var happened and not BlockJournal.None)
            {
                if (happened != lastEvent)
                {
                    lastEvent = happened;
                    isShown = AreShown(happened);
                }

                number = isShown ? _events.Count - 1 : CutFlight.Alone;
            }

            _shown.Add(new Shown(entry, isNear ? next - 1 : None, number));
        }
    }

    private ImmutableArray<CutFlight> Flights()
    {
        ReadOnlySpan<Shown> shown = CollectionsMarshal.AsSpan(_shown);
        CutFlight[] flights = GC.AllocateUninitializedArray<CutFlight>(shown.Length);
        _places.Clear();
        _moveEnd = _states.Moves.Length;
        for (int k = shown.Length - 1; k >= 0; k--)
        {
            int entry = shown[k].Entry, slot = _states.SlotOf(entry), next = later[slot];
            Particle* before = _states.Before(entry);
            Particle* after = next == None ? store.Particles + slot : _states.Before(shown[next].Entry);
            ref CutFlight flight = ref flights[k];
            flight.Id = store.Ids[slot];
            flight.SetEvent(shown[k].Event, next == None && IsOfStrip(slot) && known.Strips[slot].DeferredFrom == after->Time);
            flight.End = after->Time;
            flight.Velocity = new Vec3(after->VX, after->VY, after->VZ);
            Int3 boxes = BoxesOf(entry);
            Vec3 position = new(after->X, after->Y, after->Z);
            if (boxes != Int3.Zero || position != before->PositionAt(after->Time))
            {
                _places.Add(new CutPlace { Flight = k, Boxes = boxes, Position = position });
            }

            later[slot] = k;
        }

        _places.Reverse();

        foreach (ref readonly Shown one in shown)
        {
            later[_states.SlotOf(one.Entry)] = None;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(flights);
    }

    // What an event has added to a participant's image; entries are asked for from the last to the first.
    private Int3 BoxesOf(int entry)
    {
        ReadOnlySpan<ImageMove> moves = _states.Moves;
        while (_moveEnd > 0 && moves[_moveEnd - 1].Entry >= entry + GasValidation.OrderLimit)
        {
            _moveEnd--;
        }

        Int3 boxes = Int3.Zero;
        for (int k = _moveEnd - 1; k >= 0 && moves[k].Entry > entry - GasValidation.OrderLimit; k--)
        {
            boxes += moves[k].Entry == entry ? moves[k].Boxes : Int3.Zero;
        }

        return boxes;
    }

    private bool IsOfStrip(int slot) => known.Blocks[slot].Strip == strip && known.Blocks[slot].Block == block;

    // Whether the node below holds all participants; if so the event is reported, too.
    private bool AreShown(int number)
    {
        ref readonly AppliedEvent happened = ref journal.Event(number);
        for (int flight = happened.First; flight < happened.First + happened.Count; flight++)
        {
            if (!members.IsShownBelow(journal.Flight(flight)->Slot))
            {
                return false;
            }
        }

        _numbers.Add(number);
        _events.Add(new CutEvent
        {
            Time = happened.Time,
            Order = happened.Order,
            Impulse = happened.Impulse,
            IsMultiple = happened.IsMultiple ? 1 : 0,
            IsGrazing = happened.IsGrazing ? 1 : 0,
        });
        return true;
    }

    /// <summary>A flight of a particle that the node below holds.</summary>
    /// <param name="Entry">In the log of states.</param>
    /// <param name="Flight">Number in the journal, or <see cref="None"/> if its event was far from all boundaries.</param>
    /// <param name="Event">As in <see cref="CutFlight.Event"/>.</param>
    private readonly record struct Shown(int Entry, int Flight, int Event);
}
