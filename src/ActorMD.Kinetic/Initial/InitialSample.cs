using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>
/// Particles of a file as initial data of a kinetic equation: f_0 is their empirical measure, sum over the particles of delta(x - x_i)
/// delta(v - v_i)/N_a for each species. The cells of the solver smooth it.
/// </summary>
public sealed class InitialSample
{
    private readonly ParticleState[][] _bySpecies;

    /// <param name="gas">Species, box.</param>
    /// <param name="particles">Of the file.</param>
    /// <param name="hasVelocities">Whether the velocities are those of the file.</param>
    public InitialSample(Gas gas, IReadOnlyList<ParticleState> particles, bool hasVelocities)
    {
        HasVelocities = hasVelocities;
        _bySpecies = [.. gas.Species.Select((_, a) => particles.Where(p => p.Kind == a).ToArray())];
    }

    /// <summary>
    /// Whether the velocities are those of the file; otherwise they are drawn from their law at the place of the particle.
    /// </summary>
    public bool HasVelocities { get; }

    /// <summary>Maxwellians with the temperatures and mean velocities of the particles: for estimates of scales.</summary>
    /// <param name="gas">Masses, dimension.</param>
    public ImmutableArray<VelocityLaw> Maxwellians(Gas gas) =>
    [
        .. _bySpecies.Select((own, a) =>
        {
            if (own.Length == 0)
            {
                return (VelocityLaw)new Maxwellian(0, Vec3.Zero);
            }

            Vec3 mean = Vec3.Zero;
            foreach (ParticleState particle in own)
            {
                mean += particle.Velocity * (1.0 / own.Length);
            }

            return new Maxwellian(gas.Species[a].Mass * own.Average(p => (p.Velocity - mean).LengthSquared) / gas.Dimension, mean);
        }),
    ];

    /// <summary>
    /// The particles for a number of draws: every one as often as all others, and what is left over once for particles chosen at random.
    /// With fewer draws than particles every draw is another one.
    /// </summary>
    /// <param name="species">a.</param>
    /// <param name="count">Draws.</param>
    /// <param name="random">Chooses those that come once more.</param>
    public ParticleState[] Draw(int species, int count, ref CounterRandom random)
    {
        ParticleState[] own = _bySpecies[species];
        ParticleState[] drawn = new ParticleState[count];
        int whole = own.Length == 0 ? 0 : count / own.Length * own.Length;
        for (int n = 0; n < whole; n++)
        {
            drawn[n] = own[n % own.Length];
        }

        int[] order = [.. Enumerable.Range(0, own.Length)];
        for (int n = whole; n < count; n++)
        {
            int chosen = random.NextInteger(own.Length - (n - whole));
            drawn[n] = own[order[chosen]];
            order[chosen] = order[own.Length - 1 - (n - whole)];
        }

        return drawn;
    }
}
