using Serilog;

namespace ActorMD.Runs.Simulations;

/// <summary>What a simulation needs to know of the run that it computes: to write logs.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Folder">Absolute path of the run folder.</param>
/// <param name="Log">The log of the run.</param>
/// <param name="Requests">What people ask of the run: other processes of it may have been asked.</param>
/// <param name="LogsEvents">Whether all events are wanted: <see cref="ISimulation.TakeEvents"/>.</param>
/// <param name="Abort">Ends a search that takes too long after a stop was asked for; the simulation is of no use then.</param>
public sealed record RunContext(
    string Run, string Folder, ILogger Log, RunRequests Requests, bool LogsEvents = false, CancellationToken Abort = default);
