using System.Collections.Immutable;

namespace ActorMD.Studies.Boltzmann;

/// <summary>What a user asks of a kinetic solution; null leaves the choice to <see cref="BoltzmannPlanner"/>.</summary>
/// <param name="Particles">Simulated particles of one run.</param>
/// <param name="Cells">Along each axis.</param>
/// <param name="TimeStep">Length of a step.</param>
/// <param name="Runs">Independent runs.</param>
/// <param name="Workers">Threads.</param>
/// <param name="Exponents">gamma of the kernel of an order, by order; orders that are not there have 1.</param>
public sealed record BoltzmannWishes(
    int? Particles,
    ImmutableArray<int>? Cells, double? TimeStep, int Runs, int Workers, ImmutableSortedDictionary<int, double>? Exponents = null);
