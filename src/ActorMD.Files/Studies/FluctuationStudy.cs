using System.Collections.Immutable;
using ActorMD.Files.Cases;

namespace ActorMD.Files.Studies;

/// <summary>A validated study of the fluctuations at equilibrium. Made by <see cref="FluctuationStudyFile"/>.</summary>
/// <param name="Name">Names the folder of the results.</param>
/// <param name="Seed">Of all draws.</param>
/// <param name="Case">A gas at equilibrium; its limit constants are kept along the ladder.</param>
/// <param name="CasePath">Where the case stands.</param>
/// <param name="Ladder">Total numbers of particles, rising.</param>
/// <param name="Times">Between the two moments whose densities are compared, rising, simulation time.</param>
/// <param name="Waves">Wave numbers, as whole waves in the box.</param>
/// <param name="Replicas">Of every rung.</param>
/// <param name="Origins">Moments of every replica from which the times count.</param>
public sealed record FluctuationStudy(
    string Name,
    ulong Seed,
    Case Case,
    string CasePath,
    ImmutableArray<int> Ladder,
    ImmutableArray<double> Times,
    ImmutableArray<int> Waves,
    int Replicas,
    int Origins);
