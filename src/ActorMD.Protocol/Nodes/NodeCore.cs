using ActorMD.Protocol.Domains;

namespace ActorMD.Protocol.Nodes;

/// <summary>
/// One process of a cluster as the protocol sees it: obeys the coordinator of the highest session that it has heard of, and no other.
/// </summary>
/// <remarks>A pure state machine, like <see cref="DomainCore"/>: its shell makes the domains and sends the packets.</remarks>
/// <param name="self">This node.</param>
/// <param name="version">Of the program: all nodes must run the same one.</param>
public sealed class NodeCore(NodeId self, string version)
{
    /// <summary>The highest session that this node has heard of; 0: none.</summary>
    public long SessionHighest { get; private set; }

    /// <summary>Where the domains are, as far as this node knows; null: nowhere.</summary>
    public NodePacket.Placement? Placement { get; private set; }

    /// <summary>The node of the coordinator that has placed them.</summary>
    public NodeId Leader { get; private set; }

    /// <summary>A number for a session that begins in this process: higher than any that it has heard of.</summary>
    /// <param name="clock">
    /// Any clock that the processes share well enough; a number that is too low is refused by the others and raised.
    /// </param>
    public long NextSession(long clock) => Math.Max(SessionHighest + 1, clock);

    /// <summary>The coordinator of this process has ended, and its domains with it.</summary>
    public void Forget() => Placement = null;

    /// <summary>Takes a packet of another node in, or of the coordinator in this process.</summary>
    public void Handle(NodeId from, NodePacket packet, ICollection<NodeEffect> effects)
    {
        switch (packet)
        {
            case NodePacket.Placement placement:
                OnPlacement(from, placement, effects);
                break;
            case NodePacket.Dismiss dismiss:
                if (dismiss.Session >= SessionHighest)
                {
                    effects.Add(new NodeEffect.Dismissed(from));
                }

                break;
            case NodePacket.Ask ask:
                if (ask.Session == SessionHighest)
                {
                    effects.Add(new NodeEffect.Asked(from, ask.Request));
                }

                break;
            case NodePacket.Deliver deliver:
                // Of a session that is over: nodes that still take part in it are told. This node's own coordinator knows.
                if (deliver.Session < SessionHighest && from != Leader)
                {
                    effects.Add(new NodeEffect.Send(from, new NodePacket.Refused(SessionHighest, null)));
                }

                break;
            default:
                throw new ArgumentException($"a node has no use for {packet.GetType().Name}", nameof(packet));
        }
    }

    private void OnPlacement(NodeId from, NodePacket.Placement placement, ICollection<NodeEffect> effects)
    {
        if (placement.Version != version)
        {
            string reason = $"node {self} runs version {version}, not {placement.Version}";
            effects.Add(new NodeEffect.Refused(from, reason));
            effects.Add(new NodeEffect.Send(from, new NodePacket.Refused(SessionHighest, reason)));
            return;
        }

        // Of two coordinators with the same number the one that came first is obeyed, until the other one has raised its own.
        bool isOver = placement.Session < SessionHighest || (placement.Session == SessionHighest && from != Leader);
        if (isOver && from == Leader)
        {
            return; // a late copy: the coordinator has raised its number since, and a refusal would make it do so again
        }

        if (isOver)
        {
            effects.Add(new NodeEffect.Send(from, new NodePacket.Refused(SessionHighest, null)));
            return;
        }

        bool isNewSession = placement.Session > SessionHighest;
        if (isNewSession || Placement is null || Placement.Number < placement.Number)
        {
            (SessionHighest, Placement, Leader) = (placement.Session, placement, from);
            if (isNewSession)
            {
                if (from != self)
                {
                    effects.Add(new NodeEffect.Deposed(from));
                }

                effects.Add(new NodeEffect.Enter(placement, from));
            }

            effects.Add(new NodeEffect.Host(placement, from));
        }

        // A placement that has been overtaken by a later one of the same coordinator needs no answer.
        if (Placement.Number == placement.Number)
        {
            effects.Add(new NodeEffect.Send(from, new NodePacket.Placed(placement.Session, placement.Number)));
        }
    }
}
