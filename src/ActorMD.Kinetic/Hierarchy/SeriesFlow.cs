namespace ActorMD.Kinetic.Hierarchy;

/// <summary>Which hierarchy a Duhamel series belongs to, and how its particles move between additions.</summary>
public enum SeriesFlow
{
    /// <summary>The Boltzmann hierarchy: points, added where the tracked particle is; free flow [Mix Def. 8.1, High Def. 9.4].</summary>
    Boltzmann,

    /// <summary>
    /// The BBGKY hierarchy as the papers' pseudo-trajectories have it: particles are added at contact, and all fly freely, also through one
    /// another [Mix Def. 9.1, High Def. 10.1].
    /// </summary>
    Free,

    /// <summary>
    /// The exact BBGKY hierarchy: between additions the particles collide (recollisions), and several tracked particles may meet new ones.
    /// </summary>
    True,
}
