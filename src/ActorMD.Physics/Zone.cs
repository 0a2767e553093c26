namespace ActorMD.Physics;

/// <summary>An interaction zone of order k: k particles interact when d_k reaches eps_k [High 1.9-1.10].</summary>
/// <param name="Order">k, at least 3.</param>
/// <param name="Distance">eps_k; d_k^2 is the sum of the squared distances of all pairs of the k particles.</param>
public sealed record Zone(int Order, double Distance)
{
    /// <summary>The largest distance of two members of a tuple at the zone: eps_k sqrt(2/k).</summary>
    public double Reach => Distance * Math.Sqrt(2.0 / Order);
}
