using System.Collections.Immutable;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>How many particles stand for a gas, and how many real ones each of them counts for.</summary>
/// <param name="Counts">Simulated particles of each species.</param>
/// <param name="Weight">Real particles for one simulated particle; the same for all species, or collisions would not conserve.</param>
public sealed record DsmcSize(ImmutableArray<int> Counts, double Weight)
{
    /// <summary>Simulated particles of all species.</summary>
    public int Total => Counts.Sum();

    /// <summary>About the wanted number of particles, divided among the species as the real ones are.</summary>
    /// <param name="counts">N_a of the gas.</param>
    /// <param name="wanted">How many simulated particles, above 0.</param>
    /// <remarks>
    /// The weight is the one for which the total is right. Rounding to whole particles changes the density of a species by a share
    /// of at most 0.5 / (its simulated particles).
    /// </remarks>
    public static DsmcSize For(ImmutableArray<int> counts, int wanted)
    {
        double total = counts.Sum(n => (double)n);
        ImmutableArray<int> simulated = [.. counts.Select(n => (int)Math.Round(n / total * wanted))];
        return new DsmcSize(simulated, total / Math.Max(simulated.Sum(n => (double)n), 1));
    }
}
