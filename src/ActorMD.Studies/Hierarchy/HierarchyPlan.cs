using System.Collections.Immutable;
using ActorMD.Kinetic.Hierarchy;

namespace ActorMD.Studies.Hierarchy;

/// <summary>A series that can be computed.</summary>
/// <param name="Model">What is computed; Z_N not yet known.</param>
/// <param name="Times">t, rising.</param>
/// <param name="Terms">Largest k.</param>
/// <param name="Samples">Trees of each k and time.</param>
/// <param name="Bound">The mass of the terms at the mean rates.</param>
/// <param name="IsWhole">Whether no larger k has a term: all particles are in it.</param>
/// <param name="NormalisationDraws">Draws of all N particles that Z_N is estimated from; 0 where it is not needed.</param>
/// <param name="Workers">Threads.</param>
/// <param name="Notes">What the user should know, one clause each.</param>
/// <param name="Wishes">What was asked for.</param>
public sealed record HierarchyPlan(
    SeriesModel Model,
    ImmutableArray<double> Times,
    int Terms,
    long Samples,
    BranchingBound Bound,
    bool IsWhole,
    int NormalisationDraws,
    int Workers,
    ImmutableArray<string> Notes,
    HierarchyWishes Wishes);
