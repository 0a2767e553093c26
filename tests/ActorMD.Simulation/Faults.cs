using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Simulation;

/// <summary>How badly a simulated network and its computers behave. Times are ticks of the simulation.</summary>
/// <param name="DropShare">Share of messages that never arrive.</param>
/// <param name="DoubleShare">Share of messages that arrive twice.</param>
/// <param name="DelayMean">Mean time on the way, exponentially distributed: so messages overtake each other.</param>
/// <param name="PauseCount">How often an actor stands still for a while; its messages wait.</param>
/// <param name="NodeKillCount">How often a node dies and comes back empty; messages to it are lost meanwhile.</param>
/// <param name="CoordinatorKillCount">How often the coordinator does.</param>
/// <param name="ClientKillCount">How often the client does; it comes back with its last checkpoint.</param>
/// <param name="NodeCount">Domains are dealt out to so many nodes.</param>
/// <param name="VoidShare">Share of a domain's parts of shared slices that fail without need: such a slice has to be tried again everywhere.</param>
public sealed record Faults(
    double DropShare, double DoubleShare, double DelayMean, int PauseCount, int NodeKillCount, int CoordinatorKillCount,
    int ClientKillCount, int NodeCount, double VoidShare)
{
    /// <summary>No process is killed.</summary>
    public bool AreAllAlive => NodeKillCount + CoordinatorKillCount + ClientKillCount == 0;

    /// <summary>Everything from a quiet network to a hopeless one.</summary>
    public static Faults Draw(ulong seed)
    {
        CounterRandom random = new(seed, RandomStream.Testing, subject: 2);
        bool isQuiet = random.NextInteger(8) == 0;
        return new Faults(
            isQuiet ? 0 : 0.2 * random.NextUniform(),
            isQuiet ? 0 : 0.3 * random.NextUniform(),
            1 + random.NextInteger(60),
            random.NextInteger(6),
            random.NextInteger(3),
            random.NextInteger(3),
            random.NextInteger(2),
            1 + random.NextInteger(4),
            random.NextInteger(2) == 0 ? 0 : 0.15 * random.NextUniform());
    }
}
