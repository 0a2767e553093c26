using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Studies.Boltzmann;

/// <summary>Cases whose initial data are the particles of a file, for a kinetic solution.</summary>
public static class FileStart
{
    /// <summary>The case with its particles: the same for all other cases.</summary>
    /// <param name="load">A case without faults, with the particles that were read with it.</param>
    /// <param name="casePath">For faults.</param>
    /// <exception cref="InputFaultException">A particle lies outside the box.</exception>
    public static Case Of(CaseLoad load, string casePath)
    {
        Case @case = load.Case ?? throw new ArgumentException("the case has faults", nameof(load));
        if (load.Frame is not { } frame)
        {
            return @case;
        }

        Gas gas = @case.Gas;
        ParticleState[] particles = frame.ToParticles(gas);
        for (int id = 0; id < particles.Length; id++)
        {
            for (int axis = 0; axis < gas.Dimension; axis++)
            {
                double x = particles[id].Position[axis];
                if (gas.Box.IsOpen(axis) && !(x >= 0 && x <= gas.Box.Lengths[axis]))
                {
                    throw new InputFaultException(new InputFault(
                        casePath, null, "initial.positions.file",
                        FormattableString.Invariant($"particle {id} of the file lies at {"xyz"[axis]} = {x:G6}, outside the box, where the kinetic solver has no cells at time 0"),
                        "give a box that holds all particles, and shift them into it"));
                }
            }
        }

        InitialSample sample = new(gas, particles, @case.Initial.VelocitiesFromFile);
        return @case with
        {
            Initial = @case.Initial with
            {
                Sample = sample,
                Velocities = sample.HasVelocities ? @case.Initial.Velocities with { Species = sample.Maxwellians(gas) }
                    : @case.Initial.Velocities,
            },
        };
    }
}
