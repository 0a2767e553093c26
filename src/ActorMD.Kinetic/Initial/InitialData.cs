using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>How the initial positions are found.</summary>
public enum PositionMethod
{
    /// <summary>The uniform law conditioned on the phase space, by Markov chain (physics: [Mix 5.2], [High Def. 5.2]).</summary>
    Conditioned,

    /// <summary>A regular lattice for any count in any box; species are placed at random on its sites.</summary>
    Lattice,

    /// <summary>Random positions, then growth to the full diameters while overlaps are pushed apart: a dense, disordered start.</summary>
    Growth,

    /// <summary>Everything is read from a file.</summary>
    File,
}

/// <summary>Positions at time 0.</summary>
/// <param name="Method">How they are found.</param>
/// <param name="Sweeps">Conditioned: how often every particle is redrawn; null chooses by the mixing criterion.</param>
/// <param name="File">File: the path, absolute.</param>
/// <param name="Densities">
/// Conditioned: relative density of each species, in the order of <see cref="Gas.Species"/>; null or left out: uniform.
/// </param>
public sealed record PositionPlan(
    PositionMethod Method, int? Sweeps = null, string? File = null, ImmutableArray<Profile?> Densities = default)
{
    /// <summary>Relative density of each species; empty when all are uniform.</summary>
    public ImmutableArray<Profile?> Densities { get; init; } = Densities.IsDefault ? [] : Densities;

    /// <summary>Lattice: the crystal that the particles form; null: a lattice for any count in any box.</summary>
    public CrystalKind? Crystal { get; init; }

    /// <summary>Relative density of a species; null for a uniform one.</summary>
    public Profile? DensityOf(int species) => Densities.IsEmpty ? null : Densities[species];

    /// <summary>Whether method, sweeps and profiles are the same.</summary>
    public bool Equals(PositionPlan? other) => other is not null && Method == other.Method && Sweeps == other.Sweeps && File == other.File
        && Crystal == other.Crystal && Densities.SequenceEqual(other.Densities);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Method, Sweeps, File);
}

/// <summary>Velocities at time 0.</summary>
/// <param name="Species">One law per species, in the order of <see cref="Gas.Species"/>.</param>
/// <param name="TotalMomentum">When given, velocities are shifted so that the total momentum is exactly this, to rounding.</param>
/// <param name="TotalEnergy">When given, velocities are scaled about the mean so that the kinetic energy is exactly this, to
/// rounding.</param>
/// <param name="Rescale">Scale the velocities of every species so that its temperature is exactly that of its law, to rounding.</param>
public sealed record VelocityPlan(
    ImmutableArray<VelocityLaw> Species, Vec3? TotalMomentum = null, double? TotalEnergy = null, bool Rescale = false);

/// <summary>The initial data of a case.</summary>
/// <param name="Positions">Positions at time 0.</param>
/// <param name="Velocities">Velocities at time 0.</param>
/// <param name="VelocitiesFromFile">
/// Positions are read from a file that holds velocities too, and these are taken as they are; <paramref name="Velocities"/> is not used.
/// </param>
public sealed record InitialData(PositionPlan Positions, VelocityPlan Velocities, bool VelocitiesFromFile = false)
{
    /// <summary>The particles of the file, for a kinetic solution; null for all other cases and uses.</summary>
    public InitialSample? Sample { get; init; }
}
