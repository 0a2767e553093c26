using ActorMD.Physics;

namespace ActorMD.Protocol.Coordination;

/// <summary>How thick halos are. The trajectory does not depend on it.</summary>
/// <param name="Layers">h: layers of cells around a block whose particles a domain simulates too. At least m + 1.</param>
/// <param name="Drift">m: layers that a domain's particles may leave its block in a window. At least 1.</param>
public sealed record WindowPlan(int Layers, int Drift)
{
    // Measured, see docs/protocol.md: a dilute gas flies far in the windows that pay.
    private const double DilutePackingMax = 0.02;

    /// <summary>The halo for a gas.</summary>
    public static WindowPlan For(Gas gas, SystemState state) =>
        gas.Packing(state.CountSpecies(gas)) > DilutePackingMax ? new(4, 1) : new(6, 3);
}
