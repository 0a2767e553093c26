namespace ActorMD.Kinetic.Initial;

/// <summary>How the initial positions were found.</summary>
/// <param name="Method">The method.</param>
/// <param name="SweepCount">Conditioned: redraws tried per particle. Growth: sweeps over all overlaps. Lattice: 0.</param>
/// <param name="Acceptance">Conditioned: accepted share of the redraws; otherwise 1.</param>
/// <param name="RedrawCountMean">Conditioned: successful redraws per particle; otherwise 0.</param>
public sealed record InitialReport(PositionMethod Method, int SweepCount, double Acceptance, double RedrawCountMean);
