using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;

namespace ActorMD.Protocol.Geometry;

/// <summary>How many domains can share the time slices of a run, and why not more.</summary>
/// <param name="Count">As many as can, at most those that were wanted; 1 if none can share.</param>
/// <param name="Obstacle">Why not more; null: all that were wanted can.</param>
public sealed record DomainRoom(int Count, string? Obstacle)
{
    private const double ReachMargin = 1 + 1e-6;
    private const int MostAlongAnAxis = 1 << 20;

    /// <summary>Domains that can be asked for along an axis: each at least as wide as the largest diameter or reach of a zone.</summary>
    /// <param name="gas">What is simulated.</param>
    /// <param name="axis">0 to 2.</param>
    public static int MostAlong(Gas gas, int axis) => axis >= gas.Dimension
        ? 1
        : (int)Math.Clamp(Math.Floor(gas.Box.Lengths[axis] / (gas.ReachMax * ReachMargin)), 1, MostAlongAnAxis);

    /// <summary>The room for domains: stacks of layers of cells along x.</summary>
    /// <param name="gas">What is simulated.</param>
    /// <param name="state">Where it begins.</param>
    /// <param name="wanted">Number of domains that were asked for.</param>
    public static DomainRoom Of(Gas gas, SystemState state, int wanted)
    {
        int count = NodePlan.For(gas, state.Particles, state.Time, wanted)?.NodeCount ?? 1;
        return new DomainRoom(
            count,
            count >= wanted ? null
            : gas.Box.Has(Boundary.Open) ? "a gas with open sides is computed by one domain"
            : count > 1 ? FormattableString.Invariant($"the box has room for {count} domains along x")
            : "the box is too short along x for two domains, or some particles are much larger than the others: one domain computes it");
    }
}
