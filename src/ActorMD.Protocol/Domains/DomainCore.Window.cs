using System.Runtime.InteropServices;
using ActorMD.Physics;
using ActorMD.Protocol.Comparison;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Windows;

namespace ActorMD.Protocol.Domains;

// A window: exchange, simulate, compare.
public sealed partial class DomainCore
{
    // Every particle belongs to the block where it is at the start of the window; its owner so far tells the neighbours.
    private void SendBoundaries(ICollection<Envelope> effects)
    {
        Message.OpenWindow open = _open!;
        _exchange.Clear();
        // A particle that has left the block by m layers may be a copy h layers further on; true paths matter up to 2m + 1 away.
        _neighbors = _grid!.NeighborsOf(_domain, Math.Max(open.Layers + open.Drift, 2 * open.Drift + 1));
        List<ParticleRecord>[] lists = _members.Leave(_grid, _cut.Time, open.Layers, _neighbors);
        for (int n = 0; n < lists.Length; n++)
        {
            Message.Boundary boundary = new(_id, _domain, [.. lists[n]]);
            _exchange.SentBoundaries[_neighbors[n]] = boundary;
            effects.Add(new Envelope(ActorAddress.Domain(_neighbors[n]), boundary));
        }

        foreach (Message.Boundary early in _earlyBoundaries.Values)
        {
            if (early.Id == _id)
            {
                _exchange.Boundaries[early.From] = early;
            }
        }

        _earlyBoundaries.Clear();
    }

    private void SimulateIfReady(ICollection<Envelope> effects)
    {
        if (_phase != Phase.Exchanging || _exchange.Boundaries.Count < _neighbors.Length)
        {
            return;
        }

        Simulate();
        _phase = Phase.Comparing;
        SendLedgers(effects);
        JudgeIfReady(effects);
    }

    private void Simulate()
    {
        Message.OpenWindow open = _open!;
        foreach (int neighbor in _neighbors)
        {
            _members.Arrive(_exchange.Boundaries[neighbor].Particles.AsSpan());
        }

        _members.RemoveUnsent();
        _region.Space = _grid!.SpaceOf(_domain, open.Layers);
        _region.Begin(_cut.Time);
        _window = new RegionWindow(_gas, _grid, _domain, _cut.Time, open.End, open.Layers, open.Drift, _members);
        _violation = _region.Run(open.End);
    }

    private void SendLedgers(ICollection<Envelope> effects)
    {
        RegionWindow window = _window!;
        Dictionary<int, SharedEvents> shared = SharedEvents.ByNeighbor(window, _neighbors);
        LedgerPaths paths = new(window);
        foreach (int neighbor in _neighbors)
        {
            (PathRecord[] heads, ParticleState[] states) = paths.Near(neighbor);
            Message.Ledger ledger = new(
                _id, _domain, ImmutableCollectionsMarshal.AsImmutableArray(heads), ImmutableCollectionsMarshal.AsImmutableArray(states),
                ImmutableCollectionsMarshal.AsImmutableArray(shared[neighbor].Heads),
                ImmutableCollectionsMarshal.AsImmutableArray(shared[neighbor].Participants));
            _exchange.SentLedgers[neighbor] = ledger;
            effects.Add(new Envelope(ActorAddress.Domain(neighbor), ledger));
        }
    }

    private void JudgeIfReady(ICollection<Envelope> effects)
    {
        if (_phase != Phase.Comparing || _exchange.Ledgers.Count < _neighbors.Length)
        {
            return;
        }

        RegionWindow window = _window!;
        double difference = _neighbors.IsEmpty
            ? double.PositiveInfinity
            : Math.Min(
                window.FirstTooFarDrift(),
                _comparison.FirstDifference(
                window, [.. _neighbors.Select(n => _exchange.SentLedgers[n])], [.. _neighbors.Select(n => _exchange.Ledgers[n])]));
        string? violation = null;
        if (_violation is { } broken && broken.Time <= difference)
        {
            difference = broken.Time;
            violation = broken.Message;
        }

        DomainWork work = new(
            _members.OwnCount, _region.Count - _members.OwnCount, window.Ledger.Events.Length, _committedEventCount, _undoneEventCount,
            2 * _neighbors.Length, _exchange.SentByteCount, window.FrontDepth);
        _verdict = new Message.Verdict(_id, _domain, difference, violation, work, _events);
        _phase = Phase.Judged;
        effects.Add(new Envelope(ActorAddress.Coordinator, _verdict));
    }
}
