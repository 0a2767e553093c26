using ActorMD.Actors.Networks;
using Akka.Actor;

namespace ActorMD.Actors.Mpi;

/// <summary>The gateway of a rank to the others.</summary>
internal sealed class MpiGateway(MpiNetwork network, IActorRef node) : UntypedActor
{
    protected override void PreStart() => network.Attach(node);

    protected override void OnReceive(object message)
    {
        if (message is Outgoing outgoing)
        {
            network.Send(outgoing.To, outgoing.Packet);
        }
        else
        {
            Unhandled(message);
        }
    }
}
