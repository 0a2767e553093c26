using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>
/// Simulated particles at time 0: draws from f_0, as the kinetic equation has it; nothing is conditioned. They are independent, but for
/// those of a file (<see cref="InitialSample"/>).
/// </summary>
public static class DsmcStart
{
    /// <summary>The particles of one run, species after species.</summary>
    /// <param name="gas">Box, species.</param>
    /// <param name="size">How many of each species, and their weight.</param>
    /// <param name="data">
    /// f_0: density profiles and laws of velocities. Totals of momentum and energy hold for the real gas; each run gets them exactly.
    /// </param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="run">Number of this among independent runs.</param>
    public static ParticleState[] Draw(Gas gas, DsmcSize size, InitialData data, ulong seed, int run)
    {
        ParticleState[] particles = new ParticleState[size.Total];
        Vec3[] velocities = new Vec3[particles.Length];
        double[] masses = new double[particles.Length];
        int id = 0;
        for (int a = 0; a < size.Counts.Length; a++)
        {
            PositionLaw position = new(gas.Box, 0, data.Positions.DensityOf(a));
            VelocityLaw law = data.Velocities.Species[a];
            CounterRandom choice = new(seed, RandomStream.KineticStart, uint.MaxValue - (uint)a, (ulong)run << 32);
            ParticleState[]? sample = data.Sample?.Draw(a, size.Counts[a], ref choice);
            for (int n = 0; n < size.Counts[a]; n++, id++)
            {
                CounterRandom random = new(seed, RandomStream.KineticStart, (uint)id, (ulong)run << 32);
                particles[id].Kind = a;
                particles[id].Position = sample?[n].Position ?? position.Draw(ref random);
                masses[id] = gas.Species[a].Mass;
                velocities[id] = data.Sample is { HasVelocities: true } ? sample![n].Velocity
                    : law.Draw(ref random, particles[id].Position, gas.Box, masses[id]);
            }
        }

        VelocityPlan plan = data.Velocities with
        {
            TotalMomentum = data.Velocities.TotalMomentum is { } momentum ? momentum * (1 / size.Weight) : null,
            TotalEnergy = data.Velocities.TotalEnergy / size.Weight,
        };
        VelocityStart.FixTotals(velocities, masses, plan, new Parts(velocities.Length, workerCount: 1, CancellationToken.None));
        for (id = 0; id < particles.Length; id++)
        {
            particles[id].Velocity = velocities[id];
        }

        return particles;
    }
}
