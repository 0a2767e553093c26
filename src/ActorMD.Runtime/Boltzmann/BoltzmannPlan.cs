using System.Collections.Immutable;
using ActorMD.Kinetic;

namespace ActorMD.Runtime;

/// <summary>How a kinetic equation is solved. Made by <see cref="BoltzmannPlanner"/>.</summary>
/// <param name="Grid">Cells.</param>
/// <param name="Size">Simulated particles.</param>
/// <param name="TimeStep">Largest length of a step; steps are shortened so that a whole number fits between two outputs.</param>
/// <param name="RunCount">Independent runs.</param>
/// <param name="WorkerCount">Threads; no result depends on them.</param>
/// <param name="Channels">Kinds of collisions.</param>
public sealed record BoltzmannPlan(
    DsmcGrid Grid, DsmcSize Size, double TimeStep, int RunCount, int WorkerCount, ImmutableArray<CollisionChannel> Channels)
{
    /// <summary>Cells along each axis of the box.</summary>
    public ImmutableArray<int> Cells => [.. Enumerable.Range(0, Grid.Box.Dimension).Select(Grid.Count)];

    /// <summary>Simulated particles that were asked for; the sizes of all species are rounded.</summary>
    public int Wanted { get; init; } = Size.Total;

    /// <summary>The command that makes the same plan again.</summary>
    public string Command(bool refine) => FormattableString.Invariant(
        $"boltzmann --runs {RunCount} --particles {Wanted} --cells {string.Join('x', Cells)} --time-step {TimeStep:R}{(refine ? " --refine" : "")}");
}
