using System.Runtime.InteropServices;
using ActorMD.Physics;

namespace ActorMD.Protocol;

// A window: exchange, simulate, compare.
public sealed partial class DomainCore
{
    // A particle so much deeper than the halo of any neighbour is in no cell of it, whatever the rounding.
    private const double DepthMargin = 1e-6;

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

        Surroundings block = new(_grid, _domain, 0);
        Span<ParticleRecord> own = CollectionsMarshal.AsSpan(_own);
        CollectionsMarshal.SetCount(_depths, own.Length);
        for (int k = 0; k < own.Length; k++)
        {
            ref ParticleRecord particle = ref own[k];
            Vec3 position = particle.State.PositionAt(_cut.Time);
            double depth = block.DepthOf(position);
            _depths[k] = depth;
            if (depth > open.Layers + DepthMargin)
            {
                continue; // no other block is within so many layers
            }

            Int3 cell = _grid.CellOf(position);
            particle.Owner = _grid.OwnerOf(cell);
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
        List<ParticleRecord> own = _own, next = _ownBefore;
        ParticleRecord[] arrived = [.. _neighbors.SelectMany(neighbor => _boundaries[neighbor].Particles)];
        Array.Sort(Array.ConvertAll(arrived, particle => particle.Id), arrived);
        _particles.Clear(own.Count + arrived.Length);
        next.Clear();
        int a = 0, b = 0;
        while (a < own.Count || b < arrived.Length)
        {
            bool isArrival = a == own.Count || (b < arrived.Length && arrived[b].Id < own[a].Id);
            ParticleRecord particle = isArrival ? arrived[b] : own[a];
            if (particle.Owner == _domain)
            {
                next.Add(particle);
                _particles.AddOwn(particle, isArrival ? 0 : _depths[a]);
            }
            else if (isArrival || _grid!.LayersTo(_domain, _grid.CellOf(particle.State.PositionAt(_cut.Time))) <= open.Layers)
            {
                _particles.AddCopy(particle);
            }

            a += isArrival ? 0 : 1;
            b += isArrival ? 1 : 0;
        }

        (_own, _ownBefore) = (next, own);
        _engine.Load(_particles.Ids, _particles.States, _cut.Time);
        _window = new RegionWindow(_gas, _grid!, _domain, _cut.Time, open.End, open.Wander, _particles, _engine.Ledger);
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
            : Math.Min(
                window.FirstStray(),
                _comparison.FirstDifference(
                window, [.. _neighbors.Select(n => _sentLedgers[n])], [.. _neighbors.Select(n => _ledgers[n])]));
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
