using System.Collections.Immutable;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests.Dsmc;

/// <summary>Gases and starts of the DSMC tests.</summary>
internal static class DsmcGases
{
    /// <summary>A periodic box of volume 1 with the given species and zones.</summary>
    public static Gas Unit(int dimension, ImmutableArray<Species> species, params ImmutableArray<Zone> zones) =>
        new(dimension == 3 ? Box.Cube(1) : Box.Square(1), species, zones);

    /// <summary>Maxwellians at uniform positions, with the total momentum 0 and exactly the mean energy where asked for.</summary>
    public static ParticleState[] Maxwellians(
        Gas gas, ImmutableArray<int> counts, ReadOnlySpan<double> temperatures, ulong seed, bool exactEnergy = false)
    {
        ParticleState[] particles = new ParticleState[counts.Sum()];
        int id = 0;
        double energy = 0, wanted = 0;
        Vec3 momentum = Vec3.Zero;
        double mass = 0;
        for (int a = 0; a < counts.Length; a++)
        {
            double spread = Math.Sqrt(temperatures[a] / gas.Species[a].Mass);
            for (int n = 0; n < counts[a]; n++)
            {
                CounterRandom random = new(seed, RandomStream.Testing, (uint)id);
                particles[id].Velocity = spread * random.NextNormalVector(gas.Dimension);
                particles[id].Position = new Vec3(
                    random.NextUniform() * gas.Box.Lengths.X,
                    random.NextUniform() * gas.Box.Lengths.Y,
                    random.NextUniform() * gas.Box.Lengths.Z);
                particles[id].Kind = a;
                momentum += gas.Species[a].Mass * particles[id].Velocity;
                mass += gas.Species[a].Mass;
                wanted += 0.5 * gas.Dimension * temperatures[a];
                id++;
            }
        }

        foreach (ref ParticleState particle in particles.AsSpan())
        {
            particle.Velocity -= momentum * (1 / mass);
            energy += 0.5 * gas.Species[particle.Kind].Mass * particle.Velocity.LengthSquared;
        }

        if (exactEnergy)
        {
            double factor = Math.Sqrt(wanted / energy);
            foreach (ref ParticleState particle in particles.AsSpan())
            {
                particle.Velocity *= factor;
            }
        }

        return particles;
    }

    /// <summary>All particles of a solver.</summary>
    public static ParticleState[] Particles(this DsmcSolver solver)
    {
        ParticleState[] particles = new ParticleState[solver.ParticleCount];
        solver.CopyTo(particles);
        return particles;
    }

    /// <summary>Kinetic energy per particle, of one species or of all.</summary>
    public static double MeanEnergy(this DsmcSolver solver, Gas gas, int? species = null) => solver.Particles()
        .Where(p => species is null || p.Kind == species)
        .Average(p => 0.5 * gas.Species[p.Kind].Mass * p.Velocity.LengthSquared);
}
