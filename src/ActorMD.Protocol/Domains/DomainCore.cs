using ActorMD.Engine.Execution;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Domains;

/// <summary>One domain: has the particles of its block, and shares time slices with the others; or has all, and computes alone.</summary>
/// <remarks>
/// A pure state machine: a message in, messages out. It knows no clock; its runtime reminds it at regular intervals.
/// </remarks>
/// <param name="domain">Its number.</param>
/// <param name="gas">The whole system's.</param>
public sealed class DomainCore(int domain, Gas gas) : IDisposable
{
    private int _runNumber;
    private IRunDomain? _run; // null: nothing was loaded yet

    /// <summary>Work of the event loop.</summary>
    public EngineCounters Counters => _run?.Counters ?? new EngineCounters();

    /// <summary>Takes one message in; the answers are added to the effects.</summary>
    public void Handle(Message message, ICollection<Envelope> effects)
    {
        switch (message)
        {
            case Message.Load load:
                OnLoad(load, effects);
                break;
            case var _ when _run is not null:
                _run.Handle(message, effects);
                break;
            case Message.OpenSlice open:
                Lose(open.Id.Run, effects);
                break;
            case Message.Gather gather:
                Lose(gather.Run, effects);
                break;
            case Message.Reminder or Message.Share or Message.RepeatShare:
                break; // of a run that is not loaded
            default:
                throw new ArgumentException($"a domain has no use for {message.GetType().Name}", nameof(message));
        }
    }

    public void Dispose() => _run?.Dispose();

    private void OnLoad(Message.Load load, ICollection<Envelope> effects)
    {
        if (load.Run < _runNumber)
        {
            Lose(load.Run, effects);
            return;
        }

        if (load.Run > _runNumber)
        {
            foreach (ref readonly ParticleRecord particle in load.Particles.AsSpan())
            {
                ParticleCheck.Check(gas, particle.Id, particle.State);
            }

            _run?.Dispose();
            _run = load.Sharing is null ? new SoleDomain(domain, gas, load) : new SliceDomain(domain, gas, load);
            _runNumber = load.Run;
        }

        effects.Add(new Envelope(ActorAddress.Coordinator, new Message.Loaded(_runNumber, domain)));
    }

    private void Lose(int run, ICollection<Envelope> effects) =>
        effects.Add(new Envelope(ActorAddress.Coordinator, new Message.Lost(run, domain, _runNumber)));
}
