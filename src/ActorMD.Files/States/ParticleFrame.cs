using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Files;

/// <summary>All particles at one moment, as particle files hold them. Arrays are in the order of the particles' ids.</summary>
public sealed class ParticleFrame
{
    /// <summary>d: 2 or 3. In two dimensions all z are 0.</summary>
    public required int Dimension { get; init; }

    /// <summary>Names of the species, each once.</summary>
    public required ImmutableArray<string> SpeciesNames { get; init; }

    /// <summary>Index into <see cref="SpeciesNames"/> of each particle.</summary>
    public required int[] Species { get; init; }

    /// <summary>Centres; wrapped into the box on periodic axes when ActorMD wrote them.</summary>
    public required Vec3[] Positions { get; init; }

    /// <summary>Null where the file has none.</summary>
    public Vec3[]? Velocities { get; init; }

    /// <summary>Mass of each particle; null where the file has none.</summary>
    public double[]? Masses { get; init; }

    /// <summary>Half the diameter of each particle; null where the file has none.</summary>
    public double[]? Radii { get; init; }

    /// <summary>Null where the file has none.</summary>
    public Box? Box { get; init; }

    /// <summary>Simulation time; null where the file has none.</summary>
    public double? Time { get; init; }

    /// <summary>Line of each particle in the file that the frame was read from; null when it was not.</summary>
    internal int[]? Lines { get; init; }

    public int Count => Positions.Length;

    /// <summary>The state of a run at its time, with wrapped positions.</summary>
    public static ParticleFrame Of(Gas gas, SystemState state)
    {
        int count = state.Particles.Length;
        int[] species = new int[count];
        Vec3[] positions = new Vec3[count], velocities = new Vec3[count];
        double[] masses = new double[count], radii = new double[count];
        for (int id = 0; id < count; id++)
        {
            ref readonly ParticleState particle = ref state.Particles[id];
            species[id] = particle.Species;
            positions[id] = Wrap(gas.Box, particle.PositionAt(state.Time));
            velocities[id] = particle.Velocity;
            masses[id] = gas.Species[particle.Species].Mass;
            radii[id] = 0.5 * gas.Species[particle.Species].Diameter;
        }

        return new ParticleFrame
        {
            Dimension = gas.Dimension,
            SpeciesNames = [.. gas.Species.Select(s => s.Name)],
            Species = species,
            Positions = positions,
            Velocities = velocities,
            Masses = masses,
            Radii = radii,
            Box = gas.Box,
            Time = state.AbsoluteTime,
        };
    }

    /// <summary>
    /// The particles as a state at time 0, positions wrapped on periodic axes; velocities are 0 where the frame has none.
    /// Only for a frame that was checked against the gas (<see cref="FrameCheck"/>).
    /// </summary>
    public ParticleState[] ToParticles(Gas gas)
    {
        int[] speciesOf = FrameCheck.MatchSpecies(this, gas);
        ParticleState[] particles = new ParticleState[Count];
        for (int id = 0; id < Count; id++)
        {
            int species = speciesOf[Species[id]];
            if (species < 0)
            {
                throw new ArgumentException("the frame's species are not those of the gas", nameof(gas));
            }

            particles[id] = new ParticleState
            {
                Position = Place(gas.Box, Positions[id], gas.Species[species].Diameter),
                Velocity = Velocities is null ? Vec3.Zero : Velocities[id],
                Species = species,
            };
        }

        return particles;
    }

    // Wrapped; between walls a surface that rounding has put beyond one is put back onto it.
    private static Vec3 Place(Box box, Vec3 position, double diameter)
    {
        for (int axis = 0; axis < box.Dimension; axis++)
        {
            if (box.IsReflecting(axis))
            {
                double margin = 0.5 * diameter;
                position = position.With(axis, Math.Clamp(position[axis], margin, box.Lengths[axis] - margin));
            }
        }

        return Wrap(box, position);
    }

    private static Vec3 Wrap(Box box, Vec3 position)
    {
        for (int axis = 0; axis < box.Dimension; axis++)
        {
            if (box.IsPeriodic(axis))
            {
                position = position.With(axis, Box.Wrap(position[axis], box.Lengths[axis], out _));
            }
        }

        return position;
    }
}
