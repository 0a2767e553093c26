using System.Collections.Immutable;
using ActorMD.Actors.Networks;
using ActorMD.Engine.Execution;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using Akka.Actor;
using Serilog;

namespace ActorMD.Actors.Hosting;

/// <summary>A message of the cores for coordinator or client.</summary>
internal sealed record Delivered(Envelope Envelope);

/// <summary>A packet that a node has sent: between the node actor and the run actor of one process.</summary>
internal sealed record Said(NodeId From, NodePacket Packet);

/// <summary>Run actor to node actor: the coordinator of a run is in this process from now on; it has the log.</summary>
internal sealed record Attach(ILogger Log);

/// <summary>Node actor to run actor: what it needs to begin.</summary>
/// <param name="Session">A number for its session.</param>
/// <param name="Members">The nodes that are there; later ones are told by <see cref="NodeEvent"/>s.</param>
/// <param name="Gateway">Takes packets for other nodes.</param>
internal sealed record Attached(long Session, ImmutableList<NodeId> Members, IActorRef Gateway);

/// <summary>Node actor to run actor: the domains of a placement that are to be here are here, and these are the ways to all.</summary>
internal sealed record Hosted(Wiring Wiring);

/// <summary>Node actor to run actor: another node leads.</summary>
internal sealed record DeposedBy(NodeId Node);

/// <summary>The host to its node actor: tell all nodes that the work is done. Answered when the packets are on their way.</summary>
internal sealed record Dismiss
{
    public static readonly Dismiss Instance = new();
}

/// <summary>A person's request by a signal: from the host to its node actor, and from there to the run actor, wherever that is.</summary>
internal sealed record Requested(NodeRequest Request);

/// <summary>
/// The run's session to the run actor: go on to a time, or for -infinity to where the next slice ends. Replaces the request before.
/// </summary>
/// <param name="Until">The time.</param>
/// <param name="SumsOnly">Whether the sums of the velocities will do; otherwise the state is wanted.</param>
/// <param name="Plan">What will be asked for after that.</param>
internal sealed record Reach(double Until, bool SumsOnly, WaypointPlan Plan);

/// <summary>The answer to <see cref="Reach"/>.</summary>
internal abstract record RunAnswer
{
    private RunAnswer()
    {
    }

    /// <summary>The time is reached.</summary>
    /// <param name="Time">It.</param>
    /// <param name="State">The state there; null if sums were asked for.</param>
    /// <param name="Sums">Of the velocities; null if the state is here.</param>
    /// <param name="Tally">Events so far.</param>
    /// <param name="Work">What it has cost so far.</param>
    public sealed record Reached(
        double Time, Physics.SystemState? State, Physics.VelocitySums? Sums, Physics.EventTally Tally, RunWork Work) : RunAnswer;

    /// <summary>The run is over.</summary>
    public sealed record Failed(Exception Error) : RunAnswer;

    /// <summary>Another request has replaced it.</summary>
    public sealed record Replaced : RunAnswer
    {
        public static readonly Replaced Instance = new();
    }
}
