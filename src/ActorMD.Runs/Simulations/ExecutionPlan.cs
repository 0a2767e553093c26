using ActorMD.Physics;
using ActorMD.Protocol.Geometry;

namespace ActorMD.Runs.Simulations;

/// <summary>How a run is computed. No result depends on it. As it is here: one domain, on threads that share its time slices.</summary>
/// <param name="Domains">Domains that are asked for: as many as the product says.</param>
/// <param name="Workers">Largest number of threads: they share the work of one domain, or have the domains.</param>
public record ExecutionPlan(Split Domains, int Workers)
{
    /// <summary>
    /// Fewer particles are not worth sharing among threads (as in SliceLoopBuilder), nor is a smaller part of them worth a domain.
    /// </summary>
    public const int SharedParticleCountMin = 20_000;

    /// <summary>One domain in one thread.</summary>
    public static ExecutionPlan Serial { get; } = new(Split.One, 1);

    /// <summary>What people ask of the run while it goes on.</summary>
    public RunRequests Requests { get; init; } = new();

    /// <summary>Name of the runtime, for summary.json.</summary>
    public virtual string Runtime => "local";

    /// <summary>Name of this process, for the log.</summary>
    public virtual string Node => Environment.MachineName;

    /// <summary>Threads that share the time slices of one domain: all, if their journals fit into the memory.</summary>
    /// <param name="counts">Particles of each species.</param>
    /// <param name="workers">Threads that may be used.</param>
    /// <param name="memory">Bytes that the process may use.</param>
    public static int ThreadsThatFit(IReadOnlyList<int> counts, int workers, long memory)
    {
        const double BytesPerParticle = 1000; // of the whole process, see docs/results.md
        return counts.Sum(n => (double)n) * BytesPerParticle < memory ? workers : 1;
    }

    /// <summary>Begins what takes time and needs no state, in the background.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>The simulation of a gas from a state on.</summary>
    public virtual ISimulation Begin(Gas gas, SystemState state, EventTally? tally, RunContext context) =>
        new SerialSimulation(gas, state, tally, Workers, context.LogsEvents, context.Abort);
}
