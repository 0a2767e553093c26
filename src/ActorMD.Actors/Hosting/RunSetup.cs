using ActorMD.Physics;
using ActorMD.Protocol.Coordination;
using ActorMD.Runs.Simulations;

namespace ActorMD.Actors.Hosting;

/// <summary>What a run begins with: made on the session's thread, so that what is wrong with it is thrown there.</summary>
/// <param name="Gas">What is simulated.</param>
/// <param name="DomainCount">Domains that share the run.</param>
/// <param name="Client">Has the initial state.</param>
/// <param name="Coordinator">Knows nothing yet.</param>
/// <param name="Board">What the session may know of the run.</param>
/// <param name="Context">Log and requests.</param>
internal sealed record RunSetup(
    Gas Gas, int DomainCount, ClientCore Client, CoordinatorCore Coordinator, RunBoard Board, RunContext Context)
{
    /// <summary>That of the coordinator's core: several of one run are told apart by their sessions.</summary>
    public const int Incarnation = 1;

    /// <param name="gas">What is simulated.</param>
    /// <param name="domainCount">Domains that share the run.</param>
    /// <param name="state">Where it begins.</param>
    /// <param name="tally">Events so far.</param>
    /// <param name="board">What the session may know of the run.</param>
    /// <param name="context">Log and requests.</param>
    public static RunSetup Of(Gas gas, int domainCount, SystemState state, EventTally tally, RunBoard board, RunContext context) => new(
        gas, domainCount, new ClientCore(domainCount, state, tally, incarnation: Incarnation, logsEvents: context.LogsEvents),
        new CoordinatorCore(gas, Incarnation), board, context);
}
