using ActorMD.Physics;

namespace ActorMD.Files;

/// <summary>Makes a state out of a frame that came without a case.</summary>
internal static class FrameState
{
    /// <exception cref="InputFaultException">The frame lacks box, velocities, masses or radii, or a species has several sizes.</exception>
    public static (Gas Gas, SystemState State) Of(string path, ParticleFrame frame)
    {
        if (frame.Box is null || frame.Velocities is null || frame.Masses is null || frame.Radii is null)
        {
            throw Fault(
                path, "a state needs the box, and velocities, radii and masses of all particles",
                "convert a file that has them, such as ActorMD's extended XYZ");
        }

        Species?[] species = new Species?[frame.SpeciesNames.Length];
        for (int id = 0; id < frame.Count; id++)
        {
            ref Species? known = ref species[frame.Species[id]];
            Species found = new(frame.SpeciesNames[frame.Species[id]], frame.Masses[id], 2 * frame.Radii[id]);
            known ??= found;
            if (known != found)
            {
                throw Fault(
                    path, $"the particles of species {found.Name} have different masses or radii",
                    "give particles of one species the same mass and radius");
            }
        }

        Gas gas = new(frame.Box, [.. species.OfType<Species>()], []);
        ParticleState[] particles = frame.ToParticles(gas);
        double epochLength = EpochLength.For(gas, particles);
        double time = frame.Time ?? 0;
        long epoch = double.IsFinite(epochLength) ? (long)Math.Floor(time / epochLength) : 0;
        double offset = epoch == 0 ? time : time - epoch * epochLength;
        for (int id = 0; id < particles.Length; id++)
        {
            particles[id].Time = offset;
        }

        return (gas, new SystemState(particles, epochLength, epoch, offset));
    }

    private static InputFaultException Fault(string path, string problem, string remedy) =>
        new(new InputFault(path, null, null, problem, remedy));
}
