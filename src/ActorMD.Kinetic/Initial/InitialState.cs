using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Makes the state at time 0 of a case.</summary>
public static class InitialState
{
    /// <inheritdoc
    /// cref="Build(Gas, ImmutableArray{int}, InitialData, ulong, out InitialReport, IProgress{double}?, CancellationToken, int)"/>
    public static SystemState Build(
        Gas gas,
        ImmutableArray<int> counts,
        InitialData data,
        ulong seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default,
        int workerCount = 1) =>
        Build(gas, counts, data, seed, out _, progress, cancellation, workerCount);

    /// <summary>
    /// Positions in the phase space of all orders, and velocities. The same arguments give the same bits on every machine.
    /// </summary>
    /// <param name="gas">Box, species and zones, already validated.</param>
    /// <param name="counts">N_a; ids 0..N_0-1 are of species 0, the next N_1 of species 1, and so on.</param>
    /// <param name="data">How positions and velocities are found; not <see cref="PositionMethod.File"/>, which the file room reads.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="report">How the positions were found.</param>
    /// <param name="progress">Gets the share of the work that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="workerCount">Largest number of threads; the result does not depend on it.</param>
    /// <exception cref="InitialStateException">There is no such state, or none was found.</exception>
    public static SystemState Build(
        Gas gas,
        ImmutableArray<int> counts,
        InitialData data,
        ulong seed,
        out InitialReport report,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default,
        int workerCount = 1)
    {
        if (counts.Length != gas.Species.Length || counts.Any(c => c < 0) || counts.Sum(c => (long)c) is < 1 or > int.MaxValue)
        {
            throw InitialStateException.Counts(gas, counts);
        }

        if (data.Velocities.Species.Length != gas.Species.Length)
        {
            throw InitialStateException.VelocityCount(gas, data.Velocities.Species.Length);
        }

        ThrowIfWiderThanWalls(gas, counts);
        int[] kinds = KindsOfIds(gas, counts);
        Vec3[] positions;
        (positions, report) = data.Positions.Method switch
        {
            PositionMethod.Lattice when data.Positions.Crystal is { } kind => Crystal.Start(gas, counts, kinds, kind, cancellation),
            PositionMethod.Lattice => LatticeStart.Draw(gas, counts, kinds, seed, cancellation),
            PositionMethod.Conditioned => ConditionedStart.Draw(
                gas, counts, kinds, data.Positions, seed, progress, cancellation, workerCount),
            PositionMethod.Growth => GrowthStart.Draw(gas, counts, kinds, seed, progress, cancellation),
            _ => throw new ArgumentException("positions from a file are not built here", nameof(data)),
        };

        Vec3[] velocities = VelocityStart.Draw(gas, kinds, positions, data.Velocities, seed, workerCount, cancellation);
        ParticleState[] particles = LargeArray.Of<ParticleState>(kinds.Length);
        Parts parts = new(kinds.Length, workerCount, cancellation);
        parts.ForIds(part =>
        {
            (int first, int end) = parts.IdsOf(part);
            for (int id = first; id < end; id++)
            {
                particles[id] = new ParticleState
                {
                    Position = positions[id],
                    Velocity = velocities[id],
                    Kind = kinds[id],
                };
            }
        });

        progress?.Report(1);
        return new SystemState(particles, EpochLength.For(gas, particles));
    }

    /// <summary>The state of particles that were read from a file; velocities are drawn, unless they come from the file too.</summary>
    /// <param name="gas">Box, species and zones, already validated.</param>
    /// <param name="particles">Positions in the phase space, species, and the file's velocities; taken over.</param>
    /// <param name="data">Tells where velocities come from.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="workerCount">Largest number of threads; the result does not depend on it.</param>
    public static SystemState Build(
        Gas gas, ParticleState[] particles, InitialData data, ulong seed, CancellationToken cancellation = default, int workerCount = 1)
    {
        if (!data.VelocitiesFromFile)
        {
            Vec3[] velocities = VelocityStart.Draw(
                gas, [.. particles.Select(p => p.Kind)], [.. particles.Select(p => p.Position)], data.Velocities, seed, workerCount,
                cancellation);
            for (int id = 0; id < particles.Length; id++)
            {
                particles[id].Velocity = velocities[id];
            }
        }

        return new SystemState(particles, EpochLength.For(gas, particles));
    }

    private static int[] KindsOfIds(Gas gas, ImmutableArray<int> counts)
    {
        int[] kinds = LargeArray.Of<int>(counts.Sum());
        int id = 0;
        for (int a = 0; a < counts.Length; a++)
        {
            for (int number = 0; number < counts[a]; number++)
            {
                kinds[id++] = gas.KindTable.Of(a, number);
            }
        }

        return kinds;
    }

    private static void ThrowIfWiderThanWalls(Gas gas, ImmutableArray<int> counts)
    {
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            foreach ((int a, _, double diameter) in gas.Kinds)
            {
                if (gas.Box.IsReflecting(axis) && counts[a] > 0 && diameter > gas.Box.Lengths[axis])
                {
                    throw InitialStateException.SphereWiderThanBox(
                        gas.Species[a] with { Diameter = diameter }, "xyz"[axis], gas.Box.Lengths[axis]);
                }
            }
        }
    }
}
