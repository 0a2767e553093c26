using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMD.Files.Inputs;

namespace ActorMD.Files.Series;

/// <summary>summary.json of <c>hierarchy</c>.</summary>
public sealed record HierarchySummary
{
    public const string SchemaName = "actormd-hierarchy/1";

    private static readonly JsonSerializerOptions Options = new(JsonStyle.Of(HierarchyJson.Default))
    {
        // What is null is left out, and may be missing when it is read.
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = false,
    };

    public string Schema { get; init; } = SchemaName;

    public required string Name { get; init; }

    /// <summary>Version of ActorMD.</summary>
    public required string Version { get; init; }

    public required int Workers { get; init; }

    /// <summary>Of this session.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Of this session.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>boltzmann, free or true.</summary>
    public required string Flow { get; init; }

    /// <summary>Tracked particles of each species.</summary>
    public required ImmutableArray<int> Particles { get; init; }

    /// <summary>Collisions per particle and unit time of the tracked species.</summary>
    public required double Rate { get; init; }

    /// <summary>The time from which on the series is out of reach; null: there is none.</summary>
    public double? OutOfReachFrom { get; init; }

    /// <summary>Z_N of the conditioned initial law; null where it has no part.</summary>
    public MeasuredValue? Normalisation { get; init; }

    /// <summary>The terms.</summary>
    public required ImmutableArray<TermEntry> Series { get; init; }

    /// <summary>What they add up to.</summary>
    public required ImmutableArray<SumEntry> Sums { get; init; }

    /// <summary>What the user should know.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Shares of the unsigned weight with recollisions; null when not asked for.</summary>
    public ImmutableArray<RecollisionEntry>? Recollisions { get; init; }

    /// <summary>Powers of eps through them.</summary>
    public ImmutableArray<RecollisionFit>? RecollisionFits { get; init; }

    /// <summary>Bad sets, geometric lemmas, good configurations and pathological sets; null when not asked for.</summary>
    public ImmutableArray<BadSetEntry>? BadSets { get; init; }

    /// <summary>Indented JSON with a newline at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    public static HierarchySummary? TryParse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<HierarchySummary>(json, Options) is { Schema: SchemaName } summary ? summary : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A number with its standard error.</summary>
public sealed record MeasuredValue(double Value, double Error);

/// <summary>One term of a series.</summary>
/// <param name="Time">t.</param>
/// <param name="Observable">Its name.</param>
/// <param name="K">Additions.</param>
/// <param name="Estimate">The term.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Unsigned">With all signs +.</param>
/// <param name="UnsignedError">Standard error of that.</param>
/// <param name="Mass">With all signs +, phi = 1 and all particles at the mean rates: the closed form.</param>
/// <param name="CutByEnergy">What trees beyond --energy contribute; null where it was not given.</param>
/// <param name="CutBySeparation">What trees within --separation contribute; null where it was not given.</param>
/// <param name="Samples">Trees.</param>
public sealed record TermEntry(
    double Time, string Observable, int K, double Estimate, double Error, double Unsigned, double UnsignedError, double? Mass,
    double? CutByEnergy, double? CutBySeparation, long Samples);

/// <summary>The sum of the terms.</summary>
/// <param name="Time">t.</param>
/// <param name="Observable">Its name.</param>
/// <param name="Terms">Largest k.</param>
/// <param name="Estimate">The sum.</param>
/// <param name="Error">Standard error.</param>
/// <param name="MassLeftOut">Mass of all terms beyond, at the mean rates, relative to that of k = 0; 0 where none is left out.</param>
public sealed record SumEntry(double Time, string Observable, int Terms, double Estimate, double Error, double MassLeftOut);

/// <summary>The share of the unsigned weight of the trees that meets something which the free flow does not.</summary>
/// <param name="K">Additions.</param>
/// <param name="Separation">delta, in units of t.</param>
/// <param name="Epsilon">The largest reach, in flights of one mean free time at the thermal speed of the first species.</param>
/// <param name="Kind">overlap at an addition; a recollision of any kind; one that has an added particle, or none, by its order.</param>
/// <param name="Share">Of the weight.</param>
/// <param name="Error">Standard error.</param>
public sealed record RecollisionEntry(int K, double Separation, double Epsilon, string Kind, double Share, double Error);

/// <summary>
/// share = Constant eps^Exponent; in the plane with times at any distance also share = eps (LogSlope ln(1/eps) + LogOffset).
/// </summary>
public sealed record RecollisionFit(
    int K, double Separation, string Kind, double Exponent, double Lower, double Upper, double Constant, double? LogSlope,
    double? LogOffset);

/// <summary>One family of sets that grow with a parameter.</summary>
/// <param name="Set">Name.</param>
/// <param name="Order">k of the collision.</param>
/// <param name="Source">Paper and number.</param>
/// <param name="Parameter">What eta is.</param>
/// <param name="Proved">Exponent of the proved bound.</param>
/// <param name="Expected">Of the closed form; null: not known.</param>
/// <param name="Exponent">Fitted.</param>
/// <param name="Lower">95 percent interval of the fit.</param>
/// <param name="Upper">95 percent interval of the fit.</param>
/// <param name="Constant">Share over eta to the expected (or fitted) exponent, at the smallest eta of the fit.</param>
/// <param name="From">Largest eta of the fit.</param>
/// <param name="To">Smallest eta of the fit.</param>
public sealed record BadSetEntry(
    string Set, int Order, string Source, string Parameter, double Proved, double? Expected, double Exponent, double Lower, double Upper,
    double Constant, double From, double To);
