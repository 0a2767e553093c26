namespace ActorMD.Physics;

/// <summary>A kind of hard sphere (disk in two dimensions).</summary>
/// <param name="Name">Unique within a gas; appears in column names.</param>
/// <param name="Mass">M_a &gt; 0.</param>
/// <param name="Diameter">eps_a &gt; 0; unlike spheres touch at (eps_a + eps_b)/2 [Mix 2.1].</param>
public sealed record Species(string Name, double Mass, double Diameter);
