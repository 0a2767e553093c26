using System.Runtime.InteropServices;
using ActorMD.Physics;

namespace ActorMD.Protocol;

// A window: exchange, simulate, compare.
public sealed partial class DomainCore
{
    // Every particle belongs to the block where it is at the start of the window; its owner so far tells everybody.
    private void SendBoundaries(ICollection<Envelope> effects)
    {
        Message.OpenWindow open = _open!;
        _boundaries.Clear();
        _ledgers.Clear();
        _sentBoundaries.Clear();
        _sentLedgers.Clear();
        // A particle that has left the block by m layers may be a copy h layers further on; true paths matter up to 2m + 1 away.
        _neighbors = _grid!.NeighborsOf(_domain, Math.Max(open.Layers + open.Wander, 2 * open.Wander + 1));
        List<ParticleRecord>[] lists = new List<ParticleRecord>[_neighbors.Length];
        for (int n = 0; n < lists.Length; n++)
        {
            lists[n] = [];
        }

        foreach (ref ParticleRecord particle in CollectionsMarshal.AsSpan(_own))
        {
            Int3 cell = _grid.CellOf(particle.State.PositionAt(_cut.Time));
            particle.Owner = _grid.OwnerOf(cell);
            if (particle.Owner == _domain && IsDeepInside(cell, open.Layers))
            {
                continue;
            }

            for (int n = 0; n < lists.Length; n++)
            {
                if (_grid.LayersTo(_neighbors[n], cell) <= open.Layers)
                {
                    lists[n].Add(particle);
                }
            }
        }

        for (int n = 0; n < lists.Length; n++)
        {
            Message.Boundary boundary = new(_id, _domain, [.. lists[n]]);
            _sentBoundaries[_neighbors[n]] = boundary;
            effects.Add(new Envelope(ActorAddress.Domain(_neighbors[n]), boundary));
        }

        foreach (Message.Boundary early in _earlyBoundaries.Values)
        {
            if (early.Id == _id)
            {
                _boundaries[early.From] = early;
            }
        }

        _earlyBoundaries.Clear();
    }

    // No other block is within so many layers.
    private bool IsDeepInside(Int3 cell, int layers)
    {
        for (int axis = 0; axis < 3; axis++)
        {
            (int low, int high) = _grid!.Block(_domain, axis);
            if (high - low < _grid.CellCount(axis) && (cell[axis] - low < layers || high - 1 - cell[axis] < layers))
            {
                return false;
            }
        }

        return true;
    }

    private void SimulateIfReady(ICollection<Envelope> effects)
    {
        if (_phase != Phase.Exchanging || _boundaries.Count < _neighbors.Length)
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
        List<ParticleRecord> present = new(2 * _own.Count);
        foreach (ParticleRecord particle in _own)
        {
            if (particle.Owner == _domain
                || _grid!.LayersTo(_domain, _grid.CellOf(particle.State.PositionAt(_cut.Time))) <= open.Layers)
            {
                present.Add(particle);
            }
        }

        foreach (int neighbor in _neighbors)
        {
            present.AddRange(_boundaries[neighbor].Particles);
        }

        Span<ParticleRecord> records = CollectionsMarshal.AsSpan(present);
        int[] ids = new int[records.Length], order = new int[records.Length], owners = new int[records.Length];
        ParticleState[] states = new ParticleState[records.Length];
        for (int k = 0; k < records.Length; k++)
        {
            (ids[k], order[k]) = (records[k].Id, k);
        }

        Array.Sort(ids, order);
        _own.Clear();
        for (int k = 0; k < records.Length; k++)
        {
            ref ParticleRecord particle = ref records[order[k]];
            owners[k] = particle.Owner;
            states[k] = particle.State;
            if (particle.Owner == _domain)
            {
                _own.Add(particle);
            }
        }

        _engine.Load(ids, states, _cut.Time);
        _window = new RegionWindow(_gas, _grid!, _domain, _cut.Time, open.End, open.Wander, ids, owners, _engine.Ledger);
        _violation = _engine.Run(open.End);
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
            _sentLedgers[neighbor] = ledger;
            effects.Add(new Envelope(ActorAddress.Domain(neighbor), ledger));
        }
    }

    private void JudgeIfReady(ICollection<Envelope> effects)
    {
        if (_phase != Phase.Comparing || _ledgers.Count < _neighbors.Length)
        {
            return;
        }

        RegionWindow window = _window!;
        double difference = _neighbors.IsEmpty
            ? double.PositiveInfinity
            : Math.Min(window.FirstStray(), _comparison.FirstDifference(window, [.. _neighbors.Select(n => _ledgers[n])]));
        string? violation = null;
        if (_violation is { } broken && broken.Time <= difference)
        {
            difference = broken.Time;
            violation = broken.Message;
        }

        DomainWork work = new(
            _own.Count, window.Ids.Length - _own.Count, window.Ledger.Events.Length, _committedEventCount);
        _verdict = new Message.Verdict(_id, _domain, difference, violation, work);
        _phase = Phase.Judged;
        effects.Add(new Envelope(ActorAddress.Coordinator, _verdict));
    }
}
