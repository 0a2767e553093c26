using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Cases;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Theory;
using ActorMD.Runs.Observables;

namespace ActorMD.Studies.Boltzmann;

/// <summary>How a kinetic equation is solved. Made by <see cref="BoltzmannPlanner"/>.</summary>
/// <param name="Grid">Cells.</param>
/// <param name="Size">Simulated particles.</param>
/// <param name="TimeStep">Largest length of a step; steps are shortened so that a whole number fits between two outputs.</param>
/// <param name="RunCount">Independent runs.</param>
/// <param name="WorkerCount">Threads; no result depends on them.</param>
/// <param name="Channels">Kinds of collisions.</param>
public sealed record BoltzmannPlan(
    DsmcGrid Grid, DsmcSize Size, double TimeStep, int RunCount, int WorkerCount, ImmutableArray<CollisionChannel> Channels)
{
    /// <summary>Cells along each axis of the box.</summary>
    public ImmutableArray<int> Cells => [.. Enumerable.Range(0, Grid.Box.Dimension).Select(Grid.Count)];

    private const double BytesPerParticle = 120;
    private const double SecondsPerMove = 1.5e-8;
    private const double SecondsPerCandidate = 2e-7;

    /// <summary>Of all runs together, about.</summary>
    public double MemoryBytes => BytesPerParticle * RunCount * Size.Total;

    /// <summary>Wall time of one thread, about.</summary>
    public double Seconds(Case @case, Expected expected)
    {
        double steps = Math.Ceiling(@case.Run.Until / TimeStep) + @case.Run.Until / @case.Run.Sample;
        double rate = expected.Scales?.Species.Select((s, a) => s.Rate * Size.Counts[a]).Sum() ?? 0;
        return RunCount * (SecondsPerMove * steps * Size.Total + SecondsPerCandidate * rate * @case.Run.Until);
    }

    /// <summary>Simulated particles that were asked for; the sizes of all species are rounded.</summary>
    public int Wanted { get; init; } = Size.Total;

    /// <summary>gamma of the kernel of an order, by order; orders that are not there have 1.</summary>
    public ImmutableSortedDictionary<int, double> Exponents { get; init; } = ImmutableSortedDictionary<int, double>.Empty;

    /// <summary>The command that makes the same plan again.</summary>
    public string Command(bool refine) => FormattableString.Invariant(
        $"boltzmann --runs {RunCount} --particles {Wanted} --cells {string.Join('x', Cells)} --time-step {TimeStep:R}{(refine ? " --refine" : "")}{string.Concat(Exponents.Select(e => string.Create(CultureInfo.InvariantCulture, $" --kernel {e.Key}={e.Value:R}")))}");

    /// <summary>All kinds of collisions of a case, with these exponents; the rates at equilibrium stay those of spheres.</summary>
    public static ImmutableArray<CollisionChannel> ChannelsOf(Case @case, ImmutableSortedDictionary<int, double> exponents) =>
        [.. CollisionChannel.All(@case.Gas).Select(channel => exponents.TryGetValue(channel.Order, out double exponent)
            ? channel.WithExponent(exponent, @case.Gas.Dimension, channel.Members.Average(
                a => @case.Initial.Velocities.Species[a].TemperatureIn(@case.Gas.Box) / @case.Gas.Species[a].Mass))
            : channel)];
}
