using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorMD.Runtime;

/// <summary>What a convergence study found.</summary>
/// <param name="Schema">actormd-convergence/1.</param>
/// <param name="Name">Of the study.</param>
/// <param name="Version">Of ActorMD.</param>
/// <param name="MeanFreeTimes">The last time in mean free times of the fastest species.</param>
/// <param name="Theorem">What the papers prove for these data.</param>
/// <param name="Rungs">Ladder of N.</param>
/// <param name="Fits">Exponent of the difference in eps, at every time.</param>
/// <param name="Warnings">What weakens the result.</param>
public sealed record ConvergenceResult(
    string Schema,
    string Name,
    string Version,
    double? MeanFreeTimes,
    string Theorem,
    ImmutableArray<LadderRung> Rungs,
    ImmutableArray<RateFit> Fits,
    ImmutableArray<string> Warnings)
{
    public const string SchemaName = "actormd-convergence/1";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Indented JSON with a newline at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";
}

/// <summary>One number of particles.</summary>
/// <param name="Particles">N.</param>
/// <param name="Epsilon">The largest diameter, or the zone of the highest order: the papers' eps.</param>
/// <param name="Replicas">Of the particle system.</param>
/// <param name="EndedBecause">Why no more replicas were drawn.</param>
/// <param name="Seconds">Wall time of the replicas.</param>
/// <param name="Acceptance">Accepted share of the redraws of the conditioned initial law.</param>
/// <param name="Times">Differences at every time.</param>
public sealed record LadderRung(
    int Particles,
    double Epsilon,
    int Replicas,
    string EndedBecause,
    double Seconds,
    double Acceptance,
    ImmutableArray<LadderDifference> Times);

/// <summary>The difference between both systems at one time.</summary>
/// <param name="Time">Simulation time.</param>
/// <param name="All">Root mean square over all observables and bins.</param>
/// <param name="Corrected">The same against the kinetic equation that carries the corrections of this N: conditioned initial law, contact values, accessible shares.</param>
/// <param name="Observables">One by one.</param>
/// <param name="Correlations">Chaos: mean of I f^(2) - (I f^(1))^2 for phi = 1 over well-separated bins, in units of f^2, by pair of species.</param>
public sealed record LadderDifference(
    double Time,
    MeasuredDifference All,
    MeasuredDifference Corrected,
    ImmutableSortedDictionary<string, MeasuredDifference> Observables,
    ImmutableSortedDictionary<string, MeasuredValue> Correlations);

/// <summary>A difference without the bias of statistical noise.</summary>
/// <param name="Value">Null when it is below its error.</param>
/// <param name="Error">Standard error of the value.</param>
/// <param name="Squared">Its square, which may be negative.</param>
/// <param name="SquaredError">Standard error of the square.</param>
public sealed record MeasuredDifference(double? Value, double? Error, double Squared, double SquaredError);

/// <summary>A mean over replicas.</summary>
public sealed record MeasuredValue(double Value, double Error);

/// <summary>difference ~ eps^exponent.</summary>
/// <param name="Time">Simulation time.</param>
/// <param name="Exponent">Weighted fit over the rungs whose difference is above its error; null with fewer than two.</param>
/// <param name="Lower">2.5 percent of the bootstrap samples lie below.</param>
/// <param name="Upper">2.5 percent lie above.</param>
/// <param name="Rungs">How many were used.</param>
public sealed record RateFit(double Time, double? Exponent, double? Lower, double? Upper, int Rungs);
