using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Files.RunFolders;

/// <summary>One sample of a run: a row of thermo.csv. Null or not finite: undefined, an empty field.</summary>
public sealed record ThermoRow
{
    /// <summary>Simulation time.</summary>
    public required double Time { get; init; }

    /// <summary>Kinetic temperature of all particles, energy units.</summary>
    public double? Temperature { get; init; }

    /// <summary>Kinetic temperature of each species, in the order of <see cref="Gas.Species"/>.</summary>
    public required ImmutableArray<double?> TemperatureBySpecies { get; init; }

    /// <summary>Pressure from impulses since the previous row.</summary>
    public double? Pressure { get; init; }

    /// <summary>P V / (N T).</summary>
    public double? Z { get; init; }

    /// <summary>Kinetic energy.</summary>
    public double? Energy { get; init; }

    /// <summary>Total momentum.</summary>
    public Vec3 Momentum { get; init; }

    /// <summary>Total angular momentum about the origin; written only where the whole box is open.</summary>
    public Vec3 AngularMomentum { get; init; }
}
