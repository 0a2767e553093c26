using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorMD.Files.Series;

/// <summary>summary.json of <c>hierarchy</c>.</summary>
public sealed record HierarchySummary
{
    public const string SchemaName = "actormd-hierarchy/1";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
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
    public required double? OutOfReachFrom { get; init; }

    /// <summary>Z_N of the conditioned initial law; null where it has no part.</summary>
    public MeasuredValue? Normalisation { get; init; }

    /// <summary>The terms.</summary>
    public required ImmutableArray<TermEntry> Series { get; init; }

    /// <summary>What they add up to.</summary>
    public required ImmutableArray<SumEntry> Sums { get; init; }

    /// <summary>What the user should know.</summary>
    public required ImmutableArray<string> Notes { get; init; }

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
/// <param name="Mass">With all signs +, phi = 1 and everybody at the mean rates: the closed form.</param>
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
