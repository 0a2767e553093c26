using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMD.Files.Inputs;

namespace ActorMD.Studies.Convergence;

/// <summary>What a convergence study found.</summary>
/// <param name="Schema">actormd-convergence/3.</param>
/// <param name="Name">Of the study.</param>
/// <param name="Version">Of ActorMD.</param>
/// <param name="MeanFreeTimes">The last time in mean free times of the fastest species.</param>
/// <param name="Theorem">What the papers prove for these data.</param>
/// <param name="Verdict">Whether the particle system tends to this kinetic equation.</param>
/// <param name="Rungs">Ladder of N.</param>
/// <param name="Fits">Exponent of the difference in eps, at every time: as it is, and after the corrections of each N.</param>
/// <param name="ChaosFits">Exponent of the correlations in eps, at every time and for every pair of species.</param>
/// <param name="KineticH">H of the kinetic solution at time 0 and at every time of the study.</param>
/// <param name="Refinement">What half the time step and half the cells' width change of the kinetic solution, at every time; empty without
/// space.</param>
/// <param name="Warnings">What weakens the result.</param>
public sealed record ConvergenceResult(
    string Schema,
    string Name,
    string Version,
    double? MeanFreeTimes,
    string Theorem,
    StudyVerdict Verdict,
    ImmutableArray<LadderRung> Rungs,
    ImmutableArray<RateFit> Fits,
    ImmutableArray<RateFit> ChaosFits,
    ImmutableArray<HValue> KineticH,
    ImmutableArray<MeasuredDifference> Refinement,
    ImmutableArray<string> Warnings)
{
    public const string SchemaName = "actormd-convergence/3";

    /// <summary>Of the fastest species at time 0, simulation time; null for a gas at rest.</summary>
    public double? MeanFreeTime { get; init; }

    /// <summary>What the papers prove, in numbers: the rate, 1/M, and the time up to which the proofs hold.</summary>
    public ProvedStatement? Proved { get; init; }

    /// <summary>Indented JSON with a newline at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonStyle.Reflected) + "\n";
}

/// <summary>One number of particles.</summary>
/// <param name="Particles">N.</param>
/// <param name="Epsilon">The largest diameter, or the zone of the highest order: the papers' eps.</param>
/// <param name="Replicas">Of the particle system.</param>
/// <param name="EndedBecause">Why no more replicas were drawn.</param>
/// <param name="Seconds">Wall time of the replicas.</param>
/// <param name="Acceptance">Accepted share of the redraws of the conditioned initial law.</param>
/// <param name="Crowding">Sizes of the effects of finite N: contact values by pair, accessible share and n eps_k^d by order.</param>
/// <param name="Times">Differences at every time.</param>
/// <param name="H">H of the particle system's first marginal at time 0 and at every time of the study.</param>
public sealed record LadderRung(
    int Particles,
    double Epsilon,
    int Replicas,
    string EndedBecause,
    double Seconds,
    double Acceptance,
    ImmutableSortedDictionary<string, double> Crowding,
    ImmutableArray<LadderDifference> Times,
    ImmutableArray<HValue> H)
{
    /// <summary>ln Z_N, the logarithm of the probability that N independent draws of f_0 lie in the phase space.</summary>
    public MeasuredValue? LogNormalisation { get; init; }
}

/// <summary>The difference between both systems at one time.</summary>
/// <param name="Time">Simulation time.</param>
/// <param name="All">Root mean square over all observables and bins.</param>
/// <param name="Effects">The effects of the present N, one after the other: each goes on from the last.</param>
/// <param name="Observables">One by one.</param>
/// <param name="Chaos">By pair of species.</param>
public sealed record LadderDifference(
    double Time,
    MeasuredDifference All,
    ImmutableArray<FiniteSizeEffect> Effects,
    ImmutableSortedDictionary<string, MeasuredDifference> Observables,
    ImmutableArray<ChaosDifference> Chaos)
{
    /// <summary>The difference to the kinetic equation that carries all effects.</summary>
    public MeasuredDifference Corrected => Effects.IsEmpty ? All : Effects[^1].Left;

    /// <summary>The largest difference over narrow bins, with phi of compact support.</summary>
    public SupDifference? Largest { get; init; }

    /// <summary>The same after all corrections of this N; null where there are none.</summary>
    public SupDifference? LargestCorrected { get; init; }

    /// <summary>Cumulants of the marginals of three and four particles.</summary>
    public ImmutableArray<CumulantDifference> Cumulants { get; init; } = [];
}

/// <summary>One effect of finite N on the kinetic equation.</summary>
/// <param name="Name">initial law, accessible share or density.</param>
/// <param name="Size">How much it changes the kinetic solution.</param>
/// <param name="Left">The difference of the particle system to the kinetic equation with this effect and those before it.</param>
public sealed record FiniteSizeEffect(string Name, MeasuredDifference Size, MeasuredDifference Left);

/// <summary>A difference without the bias of statistical noise.</summary>
/// <param name="Value">Null when it is below its error.</param>
/// <param name="Error">Standard error of the value.</param>
/// <param name="Squared">Its square, which may be negative.</param>
/// <param name="SquaredError">Standard error of the square.</param>
public sealed record MeasuredDifference(double? Value, double? Error, double Squared, double SquaredError)
{
    /// <summary>The value with its error, or the error that it is below.</summary>
    internal string InWords => Value is { } value
        ? FormattableString.Invariant($"{value:G3} +- {Error:G2}")
        : FormattableString.Invariant($"below its error ({Math.Sqrt(SquaredError):G2})");
}

/// <summary>The largest difference over positions, relative to the largest value of phi.</summary>
/// <param name="Value">At the place that one half of the replicas and runs chose, read off the other half: not above the true largest one
/// but for its error.</param>
/// <param name="Error">Standard error of that.</param>
/// <param name="Raw">The largest of the measured differences; noise makes it too large.</param>
/// <param name="Noise">Root mean square of the statistical errors of one place.</param>
public sealed record SupDifference(double Value, double Error, double Raw, double Noise);

/// <summary>A cumulant of the marginal of s particles of given species in separated bins.</summary>
/// <param name="Species">Names, joined.</param>
/// <param name="Index">How many of each species.</param>
/// <param name="Size">s.</param>
/// <param name="All">Root mean square over observables and bins.</param>
/// <param name="Means">Mean over the bins, observable by observable.</param>
public sealed record CumulantDifference(string Species, string Index, int Size, MeasuredDifference All, ImmutableArray<CumulantMean> Means);

/// <summary>The mean of a cumulant over tuples of bins, phi the same for all particles.</summary>
public sealed record CumulantMean(string Phi, double Value, double Error);

/// <summary>Correlations of two particles of given species in separated bins.</summary>
/// <param name="Pair">The species.</param>
/// <param name="Index">s: how many of each species.</param>
/// <param name="All">Root mean square over all pairs of observables and bins.</param>
/// <param name="Means">Mean over the bins, observable by observable.</param>
public sealed record ChaosDifference(string Pair, string Index, MeasuredDifference All, ImmutableArray<ChaosMean> Means);

/// <summary>The mean of I_(phi x psi) f^(2) - I_phi f^(1) I_psi f^(1) over separated bins.</summary>
public sealed record ChaosMean(string Phi, string Psi, double Value, double Error);

/// <summary>A mean over replicas.</summary>
public sealed record MeasuredValue(double Value, double Error);

/// <summary>H per particle at a time.</summary>
public sealed record HValue(double Time, double Value, double Error);

/// <summary>difference ~ eps^exponent, by signed least squares over all observables, bins and rungs (<see cref="SignedFit"/>).</summary>
/// <param name="Of">difference, corrected, or the pair of species of a correlation.</param>
/// <param name="Time">Simulation time.</param>
/// <param name="Exponent">r of one power; null where nothing differs.</param>
/// <param name="Lower">2.5 percent of the bootstrap samples lie below.</param>
/// <param name="Upper">2.5 percent lie above.</param>
/// <param name="Rungs">How many were used: all.</param>
public sealed record RateFit(string Of, double Time, double? Exponent, double? Lower, double? Upper, int Rungs)
{
    /// <summary>Powers are sought from 0 to this.</summary>
    public const double PowerMax = 3;

    /// <summary>Whether the interval ends where the powers that are tried end: the true one may lie beyond.</summary>
    [JsonIgnore]
    public bool IsOpen => Lower <= 0 || Upper >= PowerMax;

    /// <summary>r1 of a eps^r1 + b eps^r2; null with fewer than three rungs.</summary>
    public PowerInterval? First { get; init; }

    /// <summary>r2.</summary>
    public PowerInterval? Second { get; init; }

    /// <summary>Squares that one power leaves, over their degrees of freedom.</summary>
    public double? SpreadOfOne { get; init; }

    /// <summary>The same of two powers.</summary>
    public double? SpreadOfTwo { get; init; }

    /// <summary>Where 1/M lies: below, inside or above the interval of one power.</summary>
    public string? NaturalRate { get; init; }

    /// <summary>Where 1 lies.</summary>
    public string? RateOne { get; init; }
}

/// <summary>The answer of a study.</summary>
/// <param name="Outcome">agrees, disagrees or undecided.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Limit">
/// The difference that is left in the limit eps -> 0: every observable of every bin extrapolated along the ladder, after the corrections of
/// each N.
/// </param>
public sealed record StudyVerdict(string Outcome, string Reason, MeasuredDifference Limit)
{
    public const string Agrees = "agrees", Disagrees = "disagrees", Undecided = "undecided";
}
