using System.Collections.Immutable;
using ActorMD.Files.Cases;

namespace ActorMD.Files.Studies;

/// <summary>A validated convergence study. Made by <see cref="StudyFile"/>.</summary>
/// <param name="Name">Names the folder of the results.</param>
/// <param name="Seed">Of all draws.</param>
/// <param name="Case">The gas and its initial data; its limit constants are kept along the ladder, its run and output are not used.</param>
/// <param name="CasePath">Where the case stands.</param>
/// <param name="Ladder">Total numbers of particles, rising.</param>
/// <param name="Times">When both systems are compared, rising, in simulation time.</param>
/// <param name="Axis">Axis of the bins.</param>
/// <param name="BinCount">Bins of equal width along the axis.</param>
/// <param name="ReplicaMin">Replicas of every rung at least.</param>
/// <param name="ReplicaMax">Replicas of every rung at most.</param>
/// <param name="ReplicaParticles">Particles in all replicas of a rung together at most, unless these are fewer than the least number of replicas.</param>
/// <param name="ReferenceRuns">Independent runs of the kinetic solver.</param>
/// <param name="ReferenceParticles">Simulated particles of each of them.</param>
public sealed record Study(
    string Name,
    ulong Seed,
    Case Case,
    string CasePath,
    ImmutableArray<int> Ladder,
    ImmutableArray<double> Times,
    int Axis,
    int BinCount,
    int ReplicaMin,
    int ReplicaMax,
    int ReplicaParticles,
    int ReferenceRuns,
    int ReferenceParticles)
{
    /// <summary>
    /// Cells of the kinetic solver along the axis at least, for data that change within a few eps; 0: as many as the free path asks for.
    /// </summary>
    public int ReferenceCells { get; init; }

    /// <summary>The largest number of replicas of the rung of N particles: what is computed must not depend on a clock.</summary>
    public int ReplicasOf(int particles) => Math.Clamp(ReplicaParticles / particles, ReplicaMin, ReplicaMax);

    /// <summary>
    /// Whether the initial data are the same everywhere: then only velocities change, and the kinetic equation needs no space.
    /// </summary>
    public bool IsHomogeneous =>
        Case.Initial.Positions.Densities.All(d => d?.Axis is null) && Case.Initial.Velocities.Species.All(v => !v.Axes.Any())
        && !Enumerable.Range(0, Case.Gas.Dimension).Any(Case.Gas.Box.IsReflecting);
}
