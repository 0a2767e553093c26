using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Simulation.Processes;

/// <summary>What happens to the processes of a simulated cluster and their network. Times are ticks of the simulation.</summary>
/// <param name="ProcessCount">How many there are when all are well.</param>
/// <param name="NodeCountWanted">How many the coordinator waits for.</param>
/// <param name="DropShare">Share of packets that never arrive.</param>
/// <param name="DoubleShare">Share of packets that arrive twice.</param>
/// <param name="DelayMean">Mean time on the way, exponentially distributed: so packets overtake each other.</param>
/// <param name="KillCount">How often a process dies; it comes back empty, as another node.</param>
/// <param name="PauseCount">
/// How often a process stands still; after a long pause it is removed, and ends soon after it has woken up.
/// </param>
/// <param name="PartCount">How often the network parts; after a while one side removes the other.</param>
/// <param name="FailureCount">How often a domain meets what it cannot handle.</param>
/// <param name="StrangerCount">How often a process of another version comes.</param>
/// <param name="AskCount">How often a person asks for a checkpoint through any process.</param>
/// <param name="BreaksLocks">
/// Whether the lock of a process that is removed is broken, so that it can write no more; otherwise it holds it to its end.
/// </param>
/// <param name="ClockSkew">
/// Sessions are numbered by clocks that differ by so much; 0: all of them stand still, so that only what nodes have heard counts.
/// </param>
public sealed record ProcessFaults(
    int ProcessCount, int NodeCountWanted, double DropShare, double DoubleShare, double DelayMean, int KillCount, int PauseCount,
    int PartCount, int FailureCount, int StrangerCount, int AskCount, bool BreaksLocks, int ClockSkew)
{
    /// <summary>Whether the network parts in the middle, and long enough for one half to be given up.</summary>
    public bool PartsInHalves { get; init; }

    /// <summary>No process is lost.</summary>
    public bool AreAllAlive => KillCount + PauseCount + PartCount + FailureCount == 0;

    /// <summary>Four processes; two lose the other two from sight, and nothing else happens but to packets.</summary>
    public static ProcessFaults Halves(ulong seed) => Draw(seed) with
    {
        ProcessCount = 4,
        NodeCountWanted = 4,
        KillCount = 0,
        PauseCount = 0,
        PartCount = 1,
        FailureCount = 0,
        StrangerCount = 0,
        PartsInHalves = true,
    };

    /// <summary>Everything from a quiet network to a hopeless one.</summary>
    public static ProcessFaults Draw(ulong seed)
    {
        CounterRandom random = new(seed, RandomStream.Testing, subject: 4);
        bool isQuiet = random.NextInteger(6) == 0, isPeaceful = random.NextInteger(10) == 0;
        int processes = 1 + random.NextInteger(6);
        int Some(int most) => isPeaceful ? 0 : random.NextInteger(most + 1);
        return new ProcessFaults(
            processes, 1 + random.NextInteger(1 + random.NextInteger(processes)), isQuiet ? 0 : 0.2 * random.NextUniform(),
            isQuiet ? 0 : 0.3 * random.NextUniform(), 1 + random.NextInteger(40), Some(5), Some(6), Some(2),
            random.NextInteger(4) == 0 ? Some(1) : 0, random.NextInteger(4) == 0 ? 1 : 0, random.NextInteger(3), random.NextInteger(4) != 0,
            random.NextInteger(3) switch { 0 => 0, 1 => 3, _ => 1000 });
    }
}
