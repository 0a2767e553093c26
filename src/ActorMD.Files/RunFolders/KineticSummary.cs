using System.Collections.Immutable;

namespace ActorMD.Files.RunFolders;

/// <summary>The part of summary.json that tells how a kinetic equation was solved, and how well.</summary>
/// <param name="Solver">dsmc.</param>
/// <param name="Runs">Independent runs; every number is their mean.</param>
/// <param name="SimulatedParticles">Of one run.</param>
/// <param name="Weight">Real particles for one simulated particle.</param>
/// <param name="Cells">Along each axis.</param>
/// <param name="TimeStep">Largest length of a step.</param>
/// <param name="Steps">Of one run.</param>
/// <param name="Coefficients">
/// In front of the collision operators: A_ab = N_b eps_ab^(d-1) by pair, a first [Mix 2.35], and c_l/l! by order [High 3.21].
/// </param>
/// <param name="Attempts">Candidates of collisions, over all runs.</param>
/// <param name="AcceptedShare">Share of the candidates that collided.</param>
/// <param name="MajorantRaises">How often a speed outgrew its cell's bound; the rest of the step was then drawn anew.</param>
/// <param name="StandardErrors">Of the averages after <c>equilibrate</c>, over the runs; null with a single run.</param>
/// <param name="Refinement">Results with smaller steps and cells; null when not asked for.</param>
public sealed record KineticSummary(
    string Solver,
    int Runs,
    int SimulatedParticles,
    double Weight,
    ImmutableArray<int> Cells,
    double TimeStep,
    long Steps,
    ImmutableSortedDictionary<string, double> Coefficients,
    long Attempts,
    double? AcceptedShare,
    long MajorantRaises,
    ImmutableSortedDictionary<string, double?>? StandardErrors,
    ImmutableArray<RefinementSummary>? Refinement);

/// <summary>The solution with another time step or other cells.</summary>
/// <param name="TimeStep">Largest length of a step.</param>
/// <param name="Cells">Along each axis.</param>
/// <param name="Differences">
/// Observable by observable: value, difference from the main solution, and the statistical error of the difference.
/// </param>
public sealed record RefinementSummary(
    double TimeStep, ImmutableArray<int> Cells, ImmutableSortedDictionary<string, RefinedValue> Differences);

/// <summary>One observable of a refined solution.</summary>
/// <param name="Value">Mean over the runs.</param>
/// <param name="Difference">From the main solution.</param>
/// <param name="Error">Standard error of the difference; null with a single run.</param>
public sealed record RefinedValue(double Value, double Difference, double? Error);
