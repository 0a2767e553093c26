using System.Diagnostics;
using ActorMD.Actors.Networks;
using ActorMD.Protocol.Domains;
using ActorMD.Protocol.Messages;
using Akka.Actor;

namespace ActorMD.Actors.Hosting;

/// <summary>The shell of one domain: hands messages to the core and sends its effects.</summary>
/// <remarks>Of one placement: a new one means a new actor, so messages that come late die by themselves.</remarks>
internal sealed class DomainActor : UntypedActor
{
    private readonly DomainCore _core;
    private readonly Wiring _wiring;
    private readonly DomainMeter _meter;
    private readonly List<Envelope> _effects = [];

    public DomainActor(int index, Wiring wiring, DomainMeter meter)
    {
        _core = new DomainCore(index, wiring.Placement.Gas);
        _wiring = wiring;
        _meter = meter;
    }

    public static Props Props(int index, Wiring wiring, DomainMeter meter) =>
        Akka.Actor.Props.Create(() => new DomainActor(index, wiring, meter)).WithDispatcher(HostConfig.ComputeDispatcher);

    protected override void PostStop() => _core.Dispose();

    protected override void OnReceive(object received)
    {
        Message message = (Message)received;
        if (_wiring.IsRetired)
        {
            return;
        }

        if (message is Message.Reminder)
        {
            _meter.CountReminder();
        }
        else if (message is Message.OpenSlice open)
        {
            _meter.SetSlice(open.Id.Slice);
        }

        long started = Stopwatch.GetTimestamp();
        try
        {
            Handle(message);
        }
        catch (Exception error)
        {
            throw new DomainException(_wiring, error);
        }

        _meter.CountTime(Stopwatch.GetTimestamp() - started);
        _meter.SetCrossings(_core.Counters.CrossingCount);
    }

    private void Handle(Message message)
    {
        _core.Handle(message, _effects);
        foreach (Envelope effect in _effects)
        {
            if (effect.Message is Message.SliceDone done)
            {
                _meter.CountEvents(done.Work.SimulatedEventCount);
            }

            _wiring.Post(effect);
        }

        _effects.Clear();
    }
}

/// <summary>A domain met what it cannot handle; for its node, which decides what follows.</summary>
internal sealed class DomainException(Wiring wiring, Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>The placement in which it happened.</summary>
    public Wiring Wiring => wiring;
}
