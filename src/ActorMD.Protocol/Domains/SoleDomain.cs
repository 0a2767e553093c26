using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Engine;
using ActorMD.Engine.Execution;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Domains;

/// <summary>A domain that computes the whole system alone, where several cannot share it (docs/decisions/048).</summary>
/// <remarks>
/// Of one run. It gets the same requests as domains that share slices, and has no neighbours: what it has computed is the truth, and no
/// slice is ever void.
/// </remarks>
internal sealed class SoleDomain : IRunDomain
{
    private readonly int _domain;
    private readonly Gas _gas;
    private readonly int _run;
    private readonly EventBatch? _log;
    private readonly Simulator _simulator;
    private SliceId _id;
    private Message.SliceDone? _done; // of that slice; null: none was asked for yet

    /// <param name="domain">Its number.</param>
    /// <param name="gas">The whole system's.</param>
    /// <param name="load">The run begins.</param>
    public SoleDomain(int domain, Gas gas, Message.Load load)
    {
        (_domain, _gas, _run, _id) = (domain, gas, load.Run, new SliceId(load.Run, 0, 0));
        _log = load.LogsEvents ? new EventBatch() : null;
        ParticleState[] particles = new ParticleState[load.Particles.Length];
        foreach (ref readonly ParticleRecord particle in load.Particles.AsSpan())
        {
            particles[particle.Id < particles.Length ? particle.Id : throw ParticleCheck.NoPlace(particle.Id)] = particle.State;
        }

        SystemState state = new(particles, load.EpochLength, load.Cut.Epoch, load.Cut.Time);
        _simulator = new Simulator(gas, state, log: _log);
    }

    /// <inheritdoc/>
    public EngineCounters Counters => _simulator.Counters;

    /// <inheritdoc/>
    public void Handle(Message message, ICollection<Envelope> effects)
    {
        switch (message)
        {
            case Message.OpenSlice open:
                OnOpen(open, effects);
                break;
            case Message.Gather gather:
                OnGather(gather, effects);
                break;
            case Message.Reminder or Message.Share or Message.RepeatShare:
                break; // it waits for nobody, and has no neighbours in this run
            default:
                throw new ArgumentException($"a domain has no use for {message.GetType().Name}", nameof(message));
        }
    }

    public void Dispose() => _simulator.Dispose();

    private void OnOpen(Message.OpenSlice open, ICollection<Envelope> effects)
    {
        switch (RequestOrder.OfOpening(open.Id, _id, isReady: _done is null, isJudged: _done is not null))
        {
            case RequestPlace.Repeated:
                effects.Add(new Envelope(ActorAddress.Coordinator, _done!));
                break;
            case RequestPlace.Next:
                _done = Run(open);
                _id = open.Id;
                effects.Add(new Envelope(ActorAddress.Coordinator, _done));
                break;
            case RequestPlace.Retry or RequestPlace.Lost:
                Lose(open.Id.Run, effects);
                break;
        }
    }

    private Message.SliceDone Run(Message.OpenSlice open)
    {
        long before = _simulator.Tally.EventCount;
        string? violation = null;
        try
        {
            _simulator.AdvanceTo(open.Start.Epoch, open.End);
        }
        catch (PhysicsViolationException error)
        {
            violation = error.Message;
        }

        DomainWork work = new(_simulator.Count, 0, _simulator.Tally.EventCount - before, before, 0, 0, 0);
        ImmutableArray<byte> events = _log is null ? [] : ImmutableCollectionsMarshal.AsImmutableArray(_log.Take());
        return new Message.SliceDone(open.Id, _domain, NodeVerdict.Done, violation, work, [], events);
    }

    private void OnGather(Message.Gather gather, ICollection<Envelope> effects)
    {
        switch (RequestOrder.OfGathering(gather, _id, isReady: _done is null, isJudged: _done is not null))
        {
            case RequestPlace.Next:
                if (_done is not null) // else events at the very beginning belong to the first slice
                {
                    // Nothing is left to be done there, but an epoch may have ended.
                    _simulator.AdvanceTo(gather.Cut.Epoch, gather.Cut.Time);
                }

                effects.Add(new Envelope(ActorAddress.Coordinator, new Message.Shard(
                    _run, gather.Slice, _domain, gather.SumsOnly ? [] : Particles(),
                    gather.SumsOnly ? SumsRecord.Of(_simulator.SumVelocities()) : null, TallyRecord.Of(_simulator.Tally), 0)));
                break;
            case RequestPlace.Lost:
                Lose(gather.Run, effects);
                break;
        }
    }

    private ImmutableArray<ParticleRecord> Particles()
    {
        ParticleState[] states = _simulator.Capture().Particles;
        ParticleRecord[] records = new ParticleRecord[states.Length];
        for (int id = 0; id < records.Length; id++)
        {
            records[id] = new ParticleRecord { Id = id, Owner = _domain, State = states[id] };
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(records);
    }

    private void Lose(int run, ICollection<Envelope> effects) =>
        effects.Add(new Envelope(ActorAddress.Coordinator, new Message.Lost(run, _domain, _run)));
}
