using System.Collections.Immutable;

namespace ActorMD.Studies.Hierarchy;

/// <summary>What a user asks of <c>hierarchy</c>; null: the default.</summary>
/// <param name="Times">t of the observables.</param>
/// <param name="Terms">Largest k.</param>
/// <param name="Samples">Trees of each k and time.</param>
/// <param name="Flow">boltzmann, free or true.</param>
/// <param name="Particles">How many particles of each species are tracked.</param>
/// <param name="Observables">Their names.</param>
/// <param name="EnergyMax">R^2: trees of more energy count as cut off.</param>
/// <param name="Separation">delta: trees with closer times count as cut off.</param>
/// <param name="Workers">Threads.</param>
/// <param name="Trajectories">Pseudo-trajectories to draw.</param>
/// <param name="Recollisions">Whether recollisions are counted.</param>
/// <param name="BadSets">Whether bad sets are measured.</param>
public sealed record HierarchyWishes(
    ImmutableArray<double>? Times,
    int Terms,
    long Samples,
    string Flow,
    ImmutableArray<int>? Particles,
    ImmutableArray<string> Observables,
    double? EnergyMax,
    double? Separation,
    int Workers,
    int Trajectories = 0,
    bool Recollisions = false,
    bool BadSets = false);
