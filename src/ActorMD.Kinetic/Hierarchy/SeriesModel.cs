using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>What a Duhamel series is of: a gas, its initial data, the tracked particles and the observables.</summary>
/// <remarks>
/// f^(s)(t) is the sum over k of trees that begin with the s tracked particles at time t and go back to time 0; k times one of them meets
/// new ones [Mix 6.4-6.9, High 6.7-6.16]. The tree's value is the product of the signs, the coefficients and the kernels, times the initial
/// data where it ends.
/// </remarks>
public sealed class SeriesModel
{
    /// <param name="gas">Box, species, zones.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="data">f_0; velocities have densities.</param>
    /// <param name="tracked">Species of the s particles of the observables.</param>
    /// <param name="observables">At least one.</param>
    /// <param name="thermalSpeeds">Of every species, for the observable <c>slow</c>.</param>
    /// <param name="flow">Which hierarchy.</param>
    public SeriesModel(
        Gas gas,
        ImmutableArray<int> counts,
        InitialData data,
        ImmutableArray<int> tracked,
        ImmutableArray<PhaseFunction> observables,
        ImmutableArray<double> thermalSpeeds,
        SeriesFlow flow)
    {
        Gas = gas;
        Counts = counts;
        Tracked = tracked;
        Observables = observables;
        Flow = flow;
        Scales = PhaseScales.Of(gas.Box, data, thermalSpeeds);
        Channels = CollisionChannel.All(gas);
        Additions = Addition.All(gas, Channels, flow == SeriesFlow.True);
        Initial = [.. gas.Species.Select((_, a) => new InitialDensity(gas, a, data))];
        Proposals = VelocityProposal.For(gas, data.Velocities.Species);
    }

    /// <summary>Box, species, zones.</summary>
    public Gas Gas { get; }

    /// <summary>N_a.</summary>
    public ImmutableArray<int> Counts { get; }

    /// <summary>Species of the s particles of the observables.</summary>
    public ImmutableArray<int> Tracked { get; }

    /// <summary>The functions phi of the tracked particles whose means are computed.</summary>
    public ImmutableArray<PhaseFunction> Observables { get; }

    /// <summary>How particles move between additions.</summary>
    public SeriesFlow Flow { get; }

    /// <summary>Units of the observables: thermal speeds, the wave of the density.</summary>
    public PhaseScales Scales { get; }

    /// <summary>Kinds of collisions of the gas.</summary>
    public ImmutableArray<CollisionChannel> Channels { get; }

    /// <summary>All kinds of steps.</summary>
    public ImmutableArray<Addition> Additions { get; init; }

    /// <summary>Whether the particles that a tree does not hold are drawn and must fit, too: the marginal of the conditioned law.</summary>
    public bool IsConditioned { get; init; }

    /// <summary>Trees of a larger sum of M v^2 are counted as cut off [Mix 3.6, 6.10].</summary>
    public double EnergyMax { get; init; } = double.PositiveInfinity;

    /// <summary>Trees with two times closer than this are counted as cut off [Mix 6.15].</summary>
    public double Separation { get; init; }

    /// <summary>Whether nothing depends on the position and no particle has a size: positions are not needed.</summary>
    public bool NeedsNoPositions =>
        Flow == SeriesFlow.Boltzmann && Initial.All(f => f.IsUniform) && Observables.All(o => o.Factor != PhaseFactor.Wave);

    /// <summary>1; -1 puts new particles on the wrong side, for a check that this is noticed.</summary>
    internal double Offset { get; init; } = 1;

    /// <summary>Changes every stratum, for checks that a wrong factor is noticed; null: none.</summary>
    internal Func<TreeStratum, TreeStratum>? Mistake { get; init; }

    internal ImmutableArray<InitialDensity> Initial { get; }

    internal ImmutableArray<VelocityProposal> Proposals { get; }

    /// <summary>All strata of a depth.</summary>
    public IEnumerable<TreeStratum> Strata(int depth) =>
        TreeStratum.All(Additions, Tracked, Counts, Gas.Box.Volume, depth, Flow != SeriesFlow.Boltzmann)
            .Select(s => Mistake?.Invoke(s) ?? s);
}
