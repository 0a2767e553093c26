namespace ActorMD.Physics;

/// <summary>A species of hard spheres (disks in two dimensions).</summary>
/// <param name="Name">Unique within a gas; appears in column names.</param>
/// <param name="Mass">M_a &gt; 0; the mean of its particles' where they have <see cref="Sizes"/>.</param>
/// <param name="Diameter">
/// eps_a &gt; 0; the mean where there are <see cref="Sizes"/>. Unlike spheres touch at (eps_a + eps_b)/2 [Mix 2.1].
/// </param>
public sealed record Species(string Name, double Mass, double Diameter)
{
    /// <summary>Diameters and masses of the particles, where every one has its own; null where all are alike.</summary>
    public SizeDistribution? Sizes { get; init; }

    /// <summary>A species whose particles have their own diameters and masses.</summary>
    public static Species Of(string name, SizeDistribution sizes)
    {
        (double[] diameters, double[] masses) = sizes.Draw();
        return new Species(name, SizeDistribution.Mean(masses), SizeDistribution.Mean(diameters)) { Sizes = sizes };
    }
}
