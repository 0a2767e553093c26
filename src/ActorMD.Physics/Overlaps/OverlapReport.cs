using System.Collections.Immutable;

namespace ActorMD.Physics.Overlaps;

/// <summary>Particles that are closer than the phase space allows [Mix 2.5, High 1.24].</summary>
/// <param name="Order">1: a surface beyond a wall; 2: two spheres; k: k particles inside their zone.</param>
/// <param name="Relative">
/// How much is missing: 1 - |x_ij|/eps_ab, 1 - d_k/eps_k, or for a wall the depth over the diameter. Above 0.
/// </param>
/// <param name="Ids">The particles, ascending.</param>
public sealed record Overlap(int Order, double Relative, ImmutableArray<int> Ids);

/// <summary>The worst overlap of every order that has one.</summary>
/// <param name="WorstOfOrders">Ascending in the order.</param>
public sealed record OverlapReport(ImmutableArray<Overlap> WorstOfOrders)
{
    /// <summary>The worst overlap of all; null when there is none.</summary>
    public Overlap? Worst => WorstOfOrders.MaxBy(overlap => overlap.Relative);

    /// <summary>The worst overlap of one order; null when there is none.</summary>
    public Overlap? WorstOf(int order) => WorstOfOrders.FirstOrDefault(overlap => overlap.Order == order);
}
