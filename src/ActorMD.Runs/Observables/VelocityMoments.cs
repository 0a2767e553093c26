using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Runs.Observables;

/// <summary>
/// The conserved sums of a state and the temperatures that follow from them. All terms are added without rounding
/// (<see cref="ExactSum"/>), so the numbers do not depend on how the particles were divided over domains.
/// </summary>
/// <remarks>
/// Velocities change at events only, and x cross v is constant along free flight: no particle has to be moved to the
/// moment of the cut.
/// </remarks>
public sealed class VelocityMoments
{
    private readonly double[] _energies;
    private readonly Vec3[] _momenta;
    private readonly double[] _masses;
    private readonly int[] _counts;

    private VelocityMoments(Gas gas, ReadOnlySpan<ParticleState> particles)
    {
        int speciesCount = gas.Species.Length;
        _energies = new double[speciesCount];
        _momenta = new Vec3[speciesCount];
        _masses = new double[speciesCount];
        _counts = new int[speciesCount];
        ExactSum[] energies = Sums(speciesCount), x = Sums(speciesCount), y = Sums(speciesCount), z = Sums(speciesCount);
        double[] massOf = [.. gas.Species.Select(s => s.Mass)];
        bool planar = gas.Dimension == 2;
        foreach (ref readonly ParticleState particle in particles)
        {
            int a = particle.Species;
            double mass = massOf[a];
            _counts[a]++;
            energies[a].Add(0.5 * mass * Vec3.Dot(particle.Velocity, particle.Velocity));
            x[a].Add(mass * particle.Velocity.X);
            y[a].Add(mass * particle.Velocity.Y);
            if (!planar)
            {
                z[a].Add(mass * particle.Velocity.Z);
            }
        }

        for (int a = 0; a < speciesCount; a++)
        {
            _energies[a] = energies[a].Value;
            _momenta[a] = new Vec3(x[a].Value, y[a].Value, z[a].Value);
            _masses[a] = massOf[a] * _counts[a];
        }

        Dimension = gas.Dimension;
        Count = particles.Length;
        Mass = _masses.Sum();
        Energy = Total(energies);
        Momentum = new Vec3(Total(x), Total(y), Total(z));
        AngularMomentum = IsFree(gas.Box) ? SumAngularMomentum(massOf, particles) : null;
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>Number of particles.</summary>
    public int Count { get; }

    /// <summary>Total mass.</summary>
    public double Mass { get; }

    /// <summary>Kinetic energy: sum of M v^2 / 2.</summary>
    public double Energy { get; }

    /// <summary>Total momentum: sum of M v.</summary>
    public Vec3 Momentum { get; }

    /// <summary>sum of M x cross v about the origin; null unless all sides are open (it is not conserved otherwise).</summary>
    public Vec3? AngularMomentum { get; }

    /// <summary>T = 2 (E - P^2 / (2 M)) / (d N): energy units, the mean velocity of the whole gas removed.</summary>
    public double Temperature => Count == 0
        ? 0
        : Math.Max(0, 2 * (Energy - Momentum.LengthSquared / (2 * Mass)) / (Dimension * (double)Count));

    /// <summary>Temperature of one species, the mean velocity of the whole gas removed; null without particles of it.</summary>
    public double? TemperatureOf(int species)
    {
        if (_counts[species] == 0)
        {
            return null;
        }

        Vec3 mean = Momentum * (1 / Mass);
        double energy = _energies[species] - Vec3.Dot(mean, _momenta[species]) + 0.5 * _masses[species] * mean.LengthSquared;
        return Math.Max(0, 2 * energy / (Dimension * (double)_counts[species]));
    }

    /// <summary><see cref="TemperatureOf"/> of every species.</summary>
    public ImmutableArray<double?> TemperatureBySpecies => [.. Enumerable.Range(0, _counts.Length).Select(TemperatureOf)];

    /// <summary>Sums over all particles in id order.</summary>
    public static VelocityMoments Of(Gas gas, SystemState state) => new(gas, state.Particles);

    private static bool IsFree(Box box) => !box.Has(Boundary.Periodic) && !box.Has(Boundary.Reflecting);

    private static Vec3 SumAngularMomentum(double[] massOf, ReadOnlySpan<ParticleState> particles)
    {
        ExactSum x = new(), y = new(), z = new();
        foreach (ref readonly ParticleState particle in particles)
        {
            Vec3 spin = massOf[particle.Species] * Vec3.Cross(particle.Position, particle.Velocity);
            x.Add(spin.X);
            y.Add(spin.Y);
            z.Add(spin.Z);
        }

        return new Vec3(x.Value, y.Value, z.Value);
    }

    private static ExactSum[] Sums(int count)
    {
        ExactSum[] sums = new ExactSum[count];
        for (int i = 0; i < count; i++)
        {
            sums[i] = new ExactSum();
        }

        return sums;
    }

    private static double Total(ExactSum[] sums)
    {
        ExactSum total = new();
        foreach (ExactSum sum in sums)
        {
            total.Add(sum);
        }

        return total.Value;
    }
}
