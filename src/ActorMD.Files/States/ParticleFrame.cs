using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Files.States;

/// <summary>All particles at one moment, as particle files hold them. Arrays are in the order of the particles' ids.</summary>
public sealed class ParticleFrame
{
    /// <summary>d: 2 or 3. In two dimensions all z are 0.</summary>
    public required int Dimension { get; init; }

    /// <summary>Names of the species; the same list for all frames of a file.</summary>
    public required ImmutableArray<string> SpeciesNames { get; init; }

    /// <summary>Type number of each species, from 1 on; default where the file gives none: then the first species is type 1.</summary>
    public ImmutableArray<int> TypeNumbers { get; init; }

    /// <summary>Index into <see cref="SpeciesNames"/> of each particle.</summary>
    public required int[] Species { get; init; }

    /// <summary>Ids of the particles, ascending, as the file has them; null where there are no gaps: then an id is an index.</summary>
    public long[]? Ids { get; init; }

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

    /// <summary>Number of the time step or of the frame; null where the file has none.</summary>
    public long? Step { get; init; }

    /// <summary>Whether all particles have z = 0 and move in that plane: two dimensions may be meant.</summary>
    internal bool IsPlane { get; init; }

    /// <summary>
    /// The box, and the particles' z in it, that a frame of two dimensions has if its file means three; null where it says two.
    /// </summary>
    internal (Box Box, double Z)? Solid { get; init; }

    /// <summary>The file that the frame was read from; null when it was not.</summary>
    internal string? Source { get; init; }

    /// <summary>Line of each particle in the file that the frame was read from; null when it was not.</summary>
    internal int[]? Lines { get; init; }

    public int Count => Positions.Length;

    /// <summary>Type number of a species.</summary>
    public int TypeOf(int species) => TypeNumbers.IsDefault ? species + 1 : TypeNumbers[species];

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
            (species[id], masses[id], double diameter) = gas.Kinds[particle.Kind];
            positions[id] = Wrap(gas.Box, particle.PositionAt(state.Time));
            velocities[id] = particle.Velocity;
            radii[id] = 0.5 * diameter;
        }

        return new ParticleFrame
        {
            Dimension = gas.Dimension,
            SpeciesNames = [.. gas.Species.Select(s => s.Name)],
            TypeNumbers = NumbersOf(gas),
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
        ParticleFrame meant = InDimension(gas.Dimension);
        if (meant != this)
        {
            return meant.ToParticles(gas);
        }

        int[] speciesOf = FrameCheck.MatchSpecies(this, gas);
        if (Species.Any(species => speciesOf[species] < 0))
        {
            throw new ArgumentException("the frame's species are not those of the gas", nameof(gas));
        }

        int[] kinds = gas.KindTable.Of(Array.ConvertAll(Species, species => speciesOf[species]));
        ParticleState[] particles = new ParticleState[Count];
        for (int id = 0; id < Count; id++)
        {

            particles[id] = new ParticleState
            {
                Position = IntoBox(gas.Box, Positions[id], gas.Kinds[kinds[id]].Diameter),
                Velocity = Velocities is null ? Vec3.Zero : Velocities[id],
                Kind = kinds[id],
            };
        }

        return particles;
    }

    /// <summary>
    /// The frame as the case that uses it means it: a plane where the file leaves three dimensions open, and the other way round. The frame
    /// itself where it cannot be meant so.
    /// </summary>
    internal ParticleFrame InDimension(int dimension) => (dimension, Dimension) switch
    {
        (3, 2) when Solid is { } solid => With(3, solid.Box, solid.Z),
        (2, 3) when IsPlane || Positions.All(x => x.Z == 0) => With(
            2, Box is null ? null : new Box(2, Box.Lengths with { Z = 0 }, Box.BoundaryX, Box.BoundaryY, Boundary.Open), 0),
        _ => this,
    };

    /// <summary>The frame with the species of the whole file.</summary>
    /// <summary>The same particles with other names of their species.</summary>
    /// <param name="names">One for each of <see cref="SpeciesNames"/>, in their order, all different.</param>
    public ParticleFrame WithSpeciesNames(IReadOnlyList<string> names)
    {
        SpeciesTable table = new();
        for (int a = 0; a < SpeciesNames.Length; a++)
        {
            table.IndexOf(names[a], TypeNumbers.IsDefault ? null : TypeNumbers[a], out _);
        }

        return WithSpecies(table);
    }

    internal ParticleFrame WithSpecies(SpeciesTable species) => With(Dimension, Box, null, species);

    // Types that are numbers stay what they are.
    private static ImmutableArray<int> NumbersOf(Gas gas)
    {
        ImmutableArray<int?> numbers = [.. gas.Species.Select(s => SpeciesTable.NumberOf(s.Name))];
        return numbers.Contains(null)
            || numbers.Distinct().Count() < numbers.Length ? default : [.. numbers.Select(number => number!.Value)];
    }

    private ParticleFrame With(int dimension, Box? box, double? z, SpeciesTable? species = null) => new()
    {
        Dimension = dimension,
        SpeciesNames = species?.Names ?? SpeciesNames,
        TypeNumbers = species is null ? TypeNumbers : species.Numbers,
        Species = Species,
        Ids = Ids,
        Positions = z is double height ? [.. Positions.Select(x => x with { Z = height })] : Positions,
        Velocities = Velocities,
        Masses = Masses,
        Radii = Radii,
        Box = box,
        Time = Time,
        Step = Step,
        Source = Source,
        Lines = Lines,
        IsPlane = IsPlane,
        Solid = z is null ? Solid : null,
    };

    // Wrapped; between walls a surface that rounding has put beyond one is put back onto it.
    private static Vec3 IntoBox(Box box, Vec3 position, double diameter)
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
