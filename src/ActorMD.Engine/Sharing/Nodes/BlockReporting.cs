using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Regions;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Nodes;

/// <summary>What has happened in a block to particles that the node below holds, in the order in which it happened.</summary>
/// <param name="store">The particles.</param>
/// <param name="members">Who is shown to the node below.</param>
/// <param name="journal">Of the block.</param>
/// <param name="later">By slot, all -1: scratch.</param>
internal sealed unsafe class BlockReporting(ParticleStore store, SharedMembers members, BlockJournal journal, int* later)
{
    private const int None = -1;

    private readonly StateLog _states = journal.States;
    private readonly List<CutFlight> _flights = [];
    private readonly List<int> _entries = []; // of the flights
    private readonly List<CutEvent> _events = [];

    public BlockReport Report(List<CutDeferral> deferrals)
    {
        Collect();
        Dictionary<int, Int3> boxes = []; // that an event has added to a participant's image, by entry
        foreach (ref readonly ImageMove move in _states.Moves)
        {
            boxes[move.Entry] = boxes.GetValueOrDefault(move.Entry) + move.Boxes;
        }

        Dictionary<int, double> deferredFrom = deferrals.ToDictionary(d => d.Id, d => d.From);
        for (int k = _flights.Count - 1; k >= 0; k--)
        {
            int slot = _states.SlotOf(_entries[k]), next = later[slot];
            CutFlight flight = _flights[k];
            flight.After = store.StateOf(slot);
            if (next != None)
            {
                Particle* p = _states.Before(_entries[next]);
                flight.After.Position = new Vec3(p->X, p->Y, p->Z);
                flight.After.Velocity = new Vec3(p->VX, p->VY, p->VZ);
                flight.After.Time = p->Time;
                flight.After.Image = _flights[next].After.Image - boxes.GetValueOrDefault(_entries[next]);
            }

            flight.End = flight.Event == CutFlight.Far ? flight.After.Time : flight.End;
            flight.IsDeferred = next == None && deferredFrom.TryGetValue(flight.Id, out double from) && from == flight.End ? 1 : 0;
            _flights[k] = flight;
            later[slot] = k;
        }

        foreach (int entry in _entries)
        {
            later[_states.SlotOf(entry)] = None;
        }

        return new BlockReport(false, [.. _flights], [.. _events], [.. deferrals]);
    }

    private void Collect()
    {
        int next = 0; // flight that can be looked back at
        int lastEvent = BlockJournal.None;
        bool isShown = false; // all participants of that event are
        ReadOnlySpan<int> slots = _states.Slots;
        for (int entry = 0; entry < slots.Length; entry++)
        {
            while (next < journal.FlightCount && journal.Flight(next)->State < entry)
            {
                next++;
            }

            if (!members.IsShownBelow(slots[entry]))
            {
                continue;
            }

            EndedFlight* near = next < journal.FlightCount && journal.Flight(next)->State == entry ? journal.Flight(next) : null;
            CutFlight flight = new() { Id = store.Ids[slots[entry]], Event = near == null ? CutFlight.Far : CutFlight.Alone };
            if (near != null)
            {
                flight.End = near->End;
                if (near->Event != BlockJournal.None)
                {
                    if (near->Event != lastEvent)
                    {
                        lastEvent = near->Event;
                        isShown = AreShown(journal.Event(lastEvent));
                    }

                    flight.Event = isShown ? _events.Count - 1 : CutFlight.Alone;
                }
            }

            _flights.Add(flight);
            _entries.Add(entry);
        }
    }

    // Whether the node below holds all participants; if so the event is reported, too.
    private bool AreShown(in RegionEvent happened)
    {
        for (int flight = happened.First; flight < happened.First + happened.Count; flight++)
        {
            if (!members.IsShownBelow(journal.Flight(flight)->Slot))
            {
                return false;
            }
        }

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
}
