using System.Collections.Immutable;
using ActorMD.Files.Inputs;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>Makes a state out of a frame that came without a case.</summary>
internal static class FrameState
{
    /// <param name="path">The state's file: named in faults when the frame comes from none.</param>
    /// <param name="frame">The particles.</param>
    /// <exception cref="InputFaultException">
    /// The frame lacks box, velocities, masses or radii, or is no state of a gas that can be simulated.
    /// </exception>
    public static (Gas Gas, SystemState State) Of(string path, ParticleFrame frame)
    {
        path = frame.Source ?? path;
        if (frame.Box is null || frame.Velocities is null || frame.Masses is null || frame.Radii is null)
        {
            throw Fault(
                path, "a state needs the box, and velocities, radii and masses of all particles",
                "convert a file that has them, such as ActorMD's extended XYZ");
        }

        Gas gas = GasOf(path, frame, out int[] speciesOf);
        int[] counts = new int[gas.Species.Length];
        foreach (int species in frame.Species)
        {
            counts[speciesOf[species]]++;
        }

        ImmutableArray<GasFault> gasFaults = GasValidation.Check(gas, counts);
        if (!gasFaults.IsEmpty)
        {
            throw new InputFaultException(
                [.. gasFaults.Select(fault => new InputFault(path, null, fault.Subject, fault.Problem, fault.Remedy))]);
        }

        ImmutableArray<InputFault> faults = FrameCheck.Of(path, frame, gas, counts).Faults;
        return faults.IsEmpty ? (gas, StateOf(path, frame, gas)) : throw new InputFaultException(faults);
    }

    // Species in the order of their type numbers, which a state has no other place for.
    private static Gas GasOf(string path, ParticleFrame frame, out int[] speciesOf)
    {
        int[] used = [.. frame.Species.Distinct().OrderBy(frame.TypeOf)];
        bool areNames = used.All(s => SpeciesTable.NumberOf(frame.SpeciesNames[s]) == frame.TypeOf(s));
        if (!frame.TypeNumbers.IsDefault && !areNames && used.Where((s, k) => frame.TypeOf(s) != k + 1).Any())
        {
            throw Fault(
                path, Invariant(
                    $"a state numbers its species from 1 on, and cannot hold the types {string.Join(", ", used.Select(frame.TypeOf))}"),
                "choose another format, or give types without gaps");
        }

        speciesOf = new int[frame.SpeciesNames.Length];
        Species?[] species = new Species?[used.Length];
        for (int k = 0; k < used.Length; k++)
        {
            speciesOf[used[k]] = k;
        }

        List<int>[] members = [.. used.Select(_ => new List<int>())];
        for (int i = 0; i < frame.Count; i++)
        {
            members[speciesOf[frame.Species[i]]].Add(i);
        }

        for (int k = 0; k < used.Length; k++)
        {
            double[] masses = [.. members[k].Select(i => frame.Masses![i])], diameters = [.. members[k].Select(i => 2 * frame.Radii![i])];
            string name = frame.SpeciesNames[used[k]];
            if (Array.TrueForAll(masses, mass => mass == masses[0]) && Array.TrueForAll(diameters, diameter => diameter == diameters[0]))
            {
                species[k] = new Species(name, masses[0], diameters[0]);
                continue;
            }

            SizeDistribution sizes = SizeDistribution.OfEach(diameters, masses);
            species[k] = SizeForms.Problem(sizes) is { } problem
                ? throw Fault(path, $"the particles of species {name}: {problem}", "give masses and radii above 0")
                : Species.Of(name, sizes);
        }

        return new Gas(frame.Box!, [.. species.OfType<Species>()], []);
    }

    private static SystemState StateOf(string path, ParticleFrame frame, Gas gas)
    {
        ParticleState[] particles = frame.ToParticles(gas);
        double epochLength = EpochLength.For(gas, particles), time = frame.Time ?? 0;
        if (time < 0 || time / epochLength > 1e15 || !(epochLength > 0))
        {
            throw Fault(
                path, Invariant($"the time {time} is no time of a run"),
                "give a time from 0 on, and not too large for the particles' speeds");
        }

        long epoch = double.IsFinite(epochLength) ? (long)Math.Floor(time / epochLength) : 0;
        double offset = Epoch.OffsetOf(epoch, epochLength, time);
        for (int id = 0; id < particles.Length; id++)
        {
            particles[id].Time = offset;
        }

        return new SystemState(particles, epochLength, epoch, offset);
    }

    private static InputFaultException Fault(string path, string problem, string remedy) =>
        new(new InputFault(path, null, null, problem, remedy));
}
