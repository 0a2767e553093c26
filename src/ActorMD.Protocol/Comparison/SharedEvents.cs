using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Engine.Events;
using ActorMD.Engine.Regions;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Windows;

namespace ActorMD.Protocol.Comparison;

/// <summary>The events of one ledger that have participants of two given owners, in one order everywhere.</summary>
/// <remarks>An event of three owners belongs to all three pairs of them.</remarks>
internal sealed class SharedEvents
{
    private readonly List<int> _events = [];
    private readonly RegionLedger _ledger;
    private readonly RegionWindow _window;

    private SharedEvents(RegionWindow window)
    {
        _window = window;
        _ledger = window.Ledger;
    }

    public SharedEventRecord[] Heads { get; private set; } = [];

    public ParticipantRecord[] Participants { get; private set; } = [];

    /// <summary>Part (1) of the ledger rule: the first event that only one of two owners has, or has otherwise.</summary>
    public static double FirstDifference(ImmutableArray<Message.Ledger> sent, ImmutableArray<Message.Ledger> received)
    {
        double first = double.PositiveInfinity;
        for (int k = 0; k < sent.Length; k++)
        {
            first = Math.Min(
                first,
                FirstDifference(
                    sent[k].Events.AsSpan(), sent[k].Participants.AsSpan(), received[k].Events.AsSpan(),
                    received[k].Participants.AsSpan()));
        }

        return first;
    }

    /// <summary>The events with an own participant and one of another owner, by that owner.</summary>
    public static Dictionary<int, SharedEvents> ByNeighbor(RegionWindow window, IEnumerable<int> neighbors)
    {
        Dictionary<int, SharedEvents> shared = neighbors.ToDictionary(n => n, _ => new SharedEvents(window));
        ReadOnlySpan<RegionEvent> events = window.Ledger.Events;
        ReadOnlySpan<int> participants = window.Ledger.Participants, owners = window.Owners;
        for (int e = 0; e < events.Length; e++)
        {
            int own = 0, end = events[e].First + events[e].Count;
            for (int k = events[e].First; k < end; k++)
            {
                own += owners[participants[k]] == window.Domain ? 1 : 0;
            }

            if (own > 0 && own < events[e].Count)
            {
                AddForOwners(window, e, shared);
            }
        }

        foreach (SharedEvents list in shared.Values)
        {
            list.Finish();
        }

        return shared;
    }

    private static double FirstDifference(
        ReadOnlySpan<SharedEventRecord> heads, ReadOnlySpan<ParticipantRecord> participants,
        ReadOnlySpan<SharedEventRecord> otherHeads, ReadOnlySpan<ParticipantRecord> otherParticipants)
    {
        int first = 0;
        for (int e = 0; e < Math.Min(heads.Length, otherHeads.Length); e++)
        {
            ref readonly SharedEventRecord a = ref heads[e], b = ref otherHeads[e];
            if (!SameBits(a.Time, b.Time) || a.Order != b.Order
                || !MemoryMarshal.AsBytes(participants.Slice(first, a.Order)).SequenceEqual(
                    MemoryMarshal.AsBytes(otherParticipants.Slice(first, a.Order))))
            {
                return Math.Min(a.Time, b.Time);
            }

            first += a.Order;
        }

        return heads.Length > otherHeads.Length ? heads[otherHeads.Length].Time
            : otherHeads.Length > heads.Length ? otherHeads[heads.Length].Time
            : double.PositiveInfinity;
    }

    private static bool SameBits(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    private static void AddForOwners(RegionWindow window, int index, Dictionary<int, SharedEvents> shared)
    {
        RegionEvent happened = window.Ledger.Events[index];
        for (int k = 0; k < happened.Count; k++)
        {
            int owner = OwnerOf(window, happened.First + k);
            bool isNew = owner != window.Domain;
            for (int earlier = 0; earlier < k && isNew; earlier++)
            {
                isNew = OwnerOf(window, happened.First + earlier) != owner;
            }

            if (isNew)
            {
                shared[owner]._events.Add(index);
            }
        }
    }

    private void Finish()
    {
        if (!IsSorted())
        {
            _events.Sort(Compare);
        }

        Heads = new SharedEventRecord[_events.Count];
        Participants = new ParticipantRecord[_events.Sum(e => _ledger.Events[e].Count)];
        int count = 0;
        for (int k = 0; k < Heads.Length; k++)
        {
            RegionEvent happened = _ledger.Events[_events[k]];
            Heads[k].Time = happened.Time;
            Heads[k].Order = happened.Order;
            for (int t = happened.First; t < happened.First + happened.Count; t++)
            {
                Participants[count++] = new ParticipantRecord
                {
                    Id = IdOf(t),
                    Before = _ledger.Before(t),
                    After = _ledger.After(t),
                };
            }
        }
    }

    // As a rule they happened in their order.
    private bool IsSorted()
    {
        for (int k = 1; k < _events.Count; k++)
        {
            if (!(_ledger.Events[_events[k]].Time > _ledger.Events[_events[k - 1]].Time))
            {
                return false;
            }
        }

        return true;
    }

    private static int OwnerOf(RegionWindow window, int participation) => window.Owners[window.Ledger.Participant(participation)];

    private int IdOf(int participation) => _window.Ids[_ledger.Participant(participation)];

    // By (time, order, ids), and then as they happened.
    private int Compare(int a, int b)
    {
        RegionEvent first = _ledger.Events[a], second = _ledger.Events[b];
        int order = first.Time.CompareTo(second.Time);
        order = order != 0 ? order : first.Order.CompareTo(second.Order);
        for (int k = 0; k < first.Count && order == 0; k++)
        {
            order = IdOf(first.First + k).CompareTo(IdOf(second.First + k));
        }

        return order != 0 ? order : a.CompareTo(b);
    }
}
