namespace ActorMD.Protocol;

/// <summary>How thick halos are. The trajectory does not depend on it.</summary>
/// <param name="Layers">h: layers of cells around a block whose particles a domain simulates too. At least m + 1.</param>
/// <param name="Wander">m: layers that a domain's particles may leave its block in a window. At least 1.</param>
public sealed record WindowPlan(int Layers, int Wander)
{
    /// <summary>A halo of four layers.</summary>
    public static WindowPlan Default { get; } = new(4, 1);
}
