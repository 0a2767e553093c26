using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>The functions that an observable is made of.</summary>
public enum PhaseFactor
{
    /// <summary>1.</summary>
    Density,

    /// <summary>A component of v.</summary>
    Velocity,

    /// <summary>|v|^2.</summary>
    Energy,

    /// <summary>The square of a component of v.</summary>
    EnergyAlong,

    /// <summary>|v|^4.</summary>
    Fourth,

    /// <summary>exp(-|v|^2/(2 s^2)), s the thermal speed: bounded, as the theorems have it.</summary>
    Slow,

    /// <summary>2 cos(q x - phase) of the case's cosine density: its mean is the amplitude of that wave over the mean density.</summary>
    Wave,
}

/// <summary>phi of an observable I_phi f^(s) = integral of phi f^(s): a product over the tracked particles.</summary>
/// <param name="Name">As the user gave it.</param>
/// <param name="Factor">The function of one particle.</param>
/// <param name="Axis">Of a component.</param>
/// <param name="Species">Only tracked particles of this species have the factor, the others 1; null: all.</param>
public sealed record PhaseFunction(string Name, PhaseFactor Factor, int Axis, int? Species)
{
    private const string Wanted = "density, velocity_x, energy, energy_x, fourth, slow or wave, with _NAME of a species "
        + "behind it or without";

    /// <summary>Reads a name; the remedy if there is no such observable.</summary>
    /// <param name="name">Like <c>energy_A</c>, <c>velocity_x</c>, <c>wave</c>.</param>
    /// <param name="gas">Names of the species.</param>
    /// <param name="function">What it stands for.</param>
    /// <returns>Null, or what would be right.</returns>
    public static string? TryParse(string name, Gas gas, out PhaseFunction? function)
    {
        string rest = name;
        int? species = null;
        for (int a = 0; a < gas.Species.Length && species is null; a++)
        {
            string suffix = "_" + gas.Species[a].Name;
            if (name.EndsWith(suffix, StringComparison.Ordinal) && Find(name[..^suffix.Length], gas.Dimension) is not null)
            {
                species = a;
                rest = name[..^suffix.Length];
            }
        }

        function = Find(rest, gas.Dimension) is var (factor, axis) ? new PhaseFunction(name, factor, axis, species) : null;
        return function is null ? $"give {Wanted}" : null;
    }

    /// <summary>The product over particles.</summary>
    /// <param name="particles">Species of the tracked particles.</param>
    /// <param name="positions">Theirs.</param>
    /// <param name="velocities">Theirs.</param>
    /// <param name="scales">Thermal speeds and waves.</param>
    public double At(ReadOnlySpan<int> particles, ReadOnlySpan<Vec3> positions, ReadOnlySpan<Vec3> velocities, PhaseScales scales)
    {
        double product = 1;
        for (int i = 0; i < particles.Length; i++)
        {
            if (Species is null || Species == particles[i])
            {
                product *= Of(particles[i], positions[i], velocities[i], scales);
            }
        }

        return product;
    }

    private double Of(int species, Vec3 x, Vec3 v, PhaseScales scales)
    {
        double squared = v.LengthSquared;
        return Factor switch
        {
            PhaseFactor.Density => 1,
            PhaseFactor.Velocity => v[Axis],
            PhaseFactor.Energy => squared,
            PhaseFactor.EnergyAlong => v[Axis] * v[Axis],
            PhaseFactor.Fourth => squared * squared,
            PhaseFactor.Slow => PortableMath.Exp(-0.5 * squared / (scales.ThermalSpeeds[species] * scales.ThermalSpeeds[species])),
            _ => scales.WaveAt(x),
        };
    }

    private static (PhaseFactor Factor, int Axis)? Find(string name, int dimension)
    {
        int along = name.Length > 1 && name[^2] == '_' ? "xyz".IndexOf(name[^1], 0, dimension) : -1;
        return name switch
        {
            "density" => (PhaseFactor.Density, 0),
            "energy" => (PhaseFactor.Energy, 0),
            "fourth" => (PhaseFactor.Fourth, 0),
            "slow" => (PhaseFactor.Slow, 0),
            "wave" => (PhaseFactor.Wave, 0),
            _ when along >= 0 && name.StartsWith("velocity_", StringComparison.Ordinal) && name.Length == 10 =>
                (PhaseFactor.Velocity, along),
            _ when along >= 0 && name.StartsWith("energy_", StringComparison.Ordinal) && name.Length == 8 =>
                (PhaseFactor.EnergyAlong, along),
            _ => null,
        };
    }
}

/// <summary>Scales that observables need.</summary>
/// <param name="ThermalSpeeds">s of every species.</param>
/// <param name="Wave">The cosine of the initial density; null without one.</param>
/// <param name="Box">Sides.</param>
public sealed record PhaseScales(ImmutableArray<double> ThermalSpeeds, CosineProfile? Wave, Box Box)
{
    /// <summary>The scales of initial data.</summary>
    public static PhaseScales Of(Box box, InitialData data, ImmutableArray<double> thermalSpeeds) =>
        new(thermalSpeeds, data.Positions.Densities.OfType<CosineProfile>().FirstOrDefault(), box);

    /// <summary>2 cos(2 pi (waves x/L - phase)).</summary>
    public double WaveAt(Vec3 x)
    {
        double turns = Wave!.Waves * (x[Wave.Along] / Box.Lengths[Wave.Along]) - Wave.Phase;
        return 2 * PortableMath.SinCosTurns(turns - Math.Floor(turns)).Cosine;
    }
}
