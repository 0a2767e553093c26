using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Kinetic.Estimates;
using ActorMD.Runs.Observables;
using static System.FormattableString;

namespace ActorMD.Studies.Convergence;

/// <summary>What the particle systems of one rung of the ladder cost.</summary>
/// <param name="Particles">N.</param>
/// <param name="ReplicasMin">Replicas at least.</param>
/// <param name="ReplicasMax">Replicas at most.</param>
/// <param name="Replica">Of one of them.</param>
public sealed record RungCost(int Particles, int ReplicasMin, int ReplicasMax, CostEstimate Replica);

/// <summary>What a study will cost before it starts: of the right order of magnitude, as <see cref="CostEstimate"/>.</summary>
/// <param name="Rungs">Particle systems; none in a study of moments.</param>
/// <param name="MemoryBytes">Of the largest part of the study, on all threads.</param>
/// <param name="KineticSeconds">Wall time of the kinetic equation on all threads.</param>
/// <param name="WallSeconds">Wall time of everything, about the most that it can be.</param>
public sealed record StudyCost(ImmutableArray<RungCost> Rungs, double MemoryBytes, double KineticSeconds, double WallSeconds)
{
    /// <summary>The cost of a rung; one that cannot be run has no expected part.</summary>
    /// <param name="case">With the N of the rung.</param>
    /// <param name="replicasMin">Replicas at least.</param>
    /// <param name="replicasMax">Replicas at most.</param>
    /// <param name="last">Until when they run.</param>
    /// <param name="sample">Time between two looks at them.</param>
    /// <param name="stop">Ends the estimate.</param>
    internal static RungCost OfRung(Case @case, int replicasMin, int replicasMax, double last, double sample, CancellationToken stop)
    {
        RungCost rung = new(@case.ParticleCount, replicasMin, replicasMax, CostEstimate.Of(@case.Gas, @case.Counts, last, 0, scales: null));
        Case timed = @case with { Run = new RunPlan(0, last, sample, null) };
        return rung.Replica.Obstacle(double.PositiveInfinity) is null ? rung with { Replica = Expected.Of(timed, stop).Cost(timed) } : rung;
    }

    /// <summary>Puts the parts together.</summary>
    /// <param name="rungs">Particle systems.</param>
    /// <param name="kineticBytes">Memory of the kinetic equation on all threads.</param>
    /// <param name="kineticSeconds">Wall time of it on one thread.</param>
    /// <param name="workers">Threads.</param>
    public static StudyCost Of(ImmutableArray<RungCost> rungs, double kineticBytes, double kineticSeconds, int workers)
    {
        double kinetic = kineticSeconds / workers;
        double particles = rungs.Sum(r => r.ReplicasMax * (r.Replica.Seconds ?? 0) / workers);
        double memory = rungs.Select(r => r.Replica.MemoryBytes * workers).Append(kineticBytes).Max();
        return new StudyCost(rungs, memory, kinetic, kinetic + particles);
    }

    /// <summary>Why the study cannot end, and what would help; null: it can.</summary>
    /// <param name="memoryBytes">That this machine has.</param>
    public (string Key, string Problem, string Remedy)? Obstacle(double memoryBytes)
    {
        foreach (RungCost rung in Rungs)
        {
            if (rung.Replica.Obstacle(memoryBytes) is var (_, problem, _))
            {
                return ("ladder", Invariant($"with N = {rung.Particles} {problem}"), "give smaller N, smaller zones or earlier times");
            }
        }

        if (MemoryBytes > memoryBytes)
        {
            return (
                "ladder", Invariant($"the study needs about {MemoryBytes / 1e9:G3} GB of memory, and there are {memoryBytes / 1e9:G3} GB"),
                "give smaller N, fewer particles of the reference, or fewer --workers");
        }

        return WallSeconds > CostEstimate.SecondsMax
            ? ("times", Invariant($"the study would take {WallSeconds / 31_557_600:G2} years"), "give earlier times, a smaller ladder, fewer replicas or runs")
            : null;
    }
}
