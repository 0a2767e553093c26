using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Runs.Observables;

/// <summary>What is conserved in a state, and its temperatures.</summary>
/// <param name="gas">What is simulated.</param>
/// <param name="sums">Over all particles.</param>
public sealed class VelocityMoments(Gas gas, VelocitySums sums)
{
    /// <summary>Number of particles.</summary>
    public int Count { get; } = (int)sums.Count;

    /// <summary>Total mass.</summary>
    public double Mass { get; } = Enumerable.Range(0, sums.SpeciesCount).Sum(a => gas.Species[a].Mass * sums.CountOf(a));

    /// <summary>Kinetic energy: sum of M v^2 / 2.</summary>
    public double Energy { get; } = sums.Energy;

    /// <summary>Total momentum: sum of M v.</summary>
    public Vec3 Momentum { get; } = sums.Momentum;

    /// <summary>sum of M x cross v about the origin; null unless all sides are open (it is not conserved otherwise).</summary>
    public Vec3? AngularMomentum { get; } = sums.AngularMomentum;

    /// <summary>T = 2 (E - P^2 / (2 M)) / (d N): energy units, the mean velocity of the whole gas removed.</summary>
    public double Temperature => Count == 0
        ? 0
        : Math.Max(0, 2 * (Energy - Momentum.LengthSquared / (2 * Mass)) / (gas.Dimension * (double)Count));

    /// <summary>Temperatures of all species, the mean velocity of the whole gas removed; null without particles.</summary>
    public ImmutableArray<double?> TemperatureBySpecies => [.. Enumerable.Range(0, sums.SpeciesCount).Select(TemperatureOf)];

    /// <summary>Of a state.</summary>
    public static VelocityMoments Of(Gas gas, SystemState state) => new(gas, VelocitySums.Of(gas, state));

    private double? TemperatureOf(int species)
    {
        long count = sums.CountOf(species);
        if (count == 0)
        {
            return null;
        }

        Vec3 mean = Momentum * (1 / Mass);
        double energy = sums.EnergyOf(species) - Vec3.Dot(mean, sums.MomentumOf(species))
            + 0.5 * (gas.Species[species].Mass * count) * mean.LengthSquared;
        return Math.Max(0, 2 * energy / (gas.Dimension * (double)count));
    }
}
