namespace ActorMD.Physics;

/// <summary>
/// What particles of one size and mass have in common. Most species are one kind; in one with a <see cref="SizeDistribution"/> every
/// particle is a kind of its own.
/// </summary>
/// <param name="Species">Index into <see cref="Gas.Species"/>.</param>
/// <param name="Mass">Above 0.</param>
/// <param name="Diameter">Above 0.</param>
public readonly record struct ParticleKind(int Species, double Mass, double Diameter);
