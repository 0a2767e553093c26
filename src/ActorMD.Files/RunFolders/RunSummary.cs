using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;

namespace ActorMD.Files.RunFolders;

/// <summary>summary.json: the result of a run. What is undefined is null, never NaN. Averages start after <c>equilibrate</c>.</summary>
public sealed record RunSummary
{
    /// <summary>The only format so far.</summary>
    public const string SchemaName = "actormd-summary/1";

    private static readonly JsonSerializerOptions Options = new(JsonStyle.Of(RunFolderJson.Default))
    {
        Converters = { new FiniteNumberConverter() },
    };

    public string Schema { get; init; } = SchemaName;

    public required string Name { get; init; }

    /// <summary>Version of ActorMD.</summary>
    public required string Version { get; init; }

    /// <summary>local, mpi or akka.</summary>
    public required string Runtime { get; init; }

    /// <summary>Split of the box, <c>2x2x1</c>.</summary>
    public required string Domains { get; init; }

    public required int Workers { get; init; }

    /// <summary>N.</summary>
    public required int Particles { get; init; }

    /// <summary>Simulation time reached.</summary>
    public required double Time { get; init; }

    /// <summary>Over all resumes.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Over all processes, workers and resumes, without the making of the initial state.</summary>
    public required double CpuSeconds { get; init; }

    public required long PeakRssBytes { get; init; }

    /// <summary>
    /// Counts since time 0: <c>order2</c>, <c>order3</c>, ..., <c>walls</c>, <c>crossings</c>; see <see cref="SummaryKeys"/>.
    /// </summary>
    public required ImmutableSortedDictionary<string, long> Events { get; init; }

    /// <summary>Events of order 2 and up per CPU second of the event loop, in the last session.</summary>
    public required double? CollisionsPerCpuSecond { get; init; }

    public required EnergySummary Energy { get; init; }

    /// <summary>
    /// Largest deviation of the total momentum, relative to sqrt(2 M E), the largest possible sum of |momenta|; null where it is not
    /// conserved.
    /// </summary>
    public required double? MomentumDrift { get; init; }

    /// <summary>The same of the angular momentum; null where it is not conserved.</summary>
    public double? AngularMomentumDrift { get; init; }

    public required TemperatureSummary Temperature { get; init; }

    public required PressureSummary Pressure { get; init; }

    /// <summary>
    /// Per particle of the first-named species and unit time, by pair (<c>AA</c>, <c>AB</c>) and order (<c>order3</c>: per
    /// particle); see <see cref="SummaryKeys"/>.
    /// </summary>
    public required ImmutableSortedDictionary<string, double?> CollisionFrequency { get; init; }

    public required PathologySummary Pathologies { get; init; }

    public required WindowSummary Windows { get; init; }

    /// <summary>Of this session, where several threads shared the work of one domain; left out elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SharedSliceSummary? SharedSlices { get; init; }

    /// <summary>The same under its former names, for one version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SharedSlabSummary? SharedSlabs =>
        SharedSlices is { } s ? new SharedSlabSummary(s.Count, s.RolledBack, s.RolledBackEvents) : null;

    /// <summary>How the work was shared; left out where several runs are averaged.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SharingSummary? Sharing { get; init; }

    /// <summary>Largest relative overlap of any order in the final state; rounding leaves some 1e-13.</summary>
    public double OverlapMax { get; init; }

    /// <summary><c>sha256:</c> of the final state.</summary>
    public required string Digest { get; init; }

    /// <summary>Of a kinetic solution (<c>actormd boltzmann</c>): how it was computed; left out in a run of particles.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KineticSummary? Kinetic { get; init; }

    /// <summary>Of an ensemble (<c>actormd ensemble</c>): all numbers are means over its replicas; left out in a single run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EnsembleSummary? Ensemble { get; init; }

    /// <summary>Indented JSON with a newline at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <exception cref="InputFaultException">The text is not the summary of a run.</exception>
    public static RunSummary Parse(string json, string file)
    {
        try
        {
            RunSummary summary = JsonSerializer.Deserialize<RunSummary>(json, Options)
                ?? throw Fault(file, null, null, "the summary is null");
            return summary.Schema == SchemaName
                ? summary
                : throw Fault(file, null, "schema", $"the format '{summary.Schema}' is not known");
        }
        catch (JsonException error)
        {
            int? line = error.LineNumber is long number ? (int)number + 1 : null;
            throw Fault(file, line, error.Path, $"the file is not a run's summary: {error.Message.Split(" Path:")[0].TrimEnd('.')}");
        }
    }

    /// <summary>Writes the file in one step: readers see the old one or the new one.</summary>
    public void Write(string path) => WholeFile.Write(path, ToJson());

    /// <exception cref="InputFaultException">The file is missing or not a summary.</exception>
    public static RunSummary Read(string path) => File.Exists(path)
        ? Parse(File.ReadAllText(path), path)
        : throw Fault(path, null, null, "the file does not exist");

    private static InputFaultException Fault(string file, int? line, string? key, string problem) =>
        new(new InputFault(file, line, key, problem, $"give the summary.json of a finished run in the format {SchemaName}"));
}

/// <summary>Kinetic energy.</summary>
public sealed record EnergySummary(double Initial, double Final, double? RelativeDrift);

/// <summary>Mean kinetic temperature.</summary>
public sealed record TemperatureSummary(double? Overall, ImmutableSortedDictionary<string, double?> BySpecies);

/// <summary>Mean pressure and Z = P V / (N T).</summary>
/// <param name="Value">By the virial theorem.</param>
/// <param name="Z">Compressibility factor.</param>
/// <param name="Walls">Force per area on reflecting walls; null without such walls.</param>
public sealed record PressureSummary(double? Value, [property: JsonPropertyName("Z")] double? Z, double? Walls = null);

/// <summary>Multiple and grazing events [Mix Def. 3.1, High Def. 2.5].</summary>
public sealed record PathologySummary(long Multiple, long Grazing);

/// <summary>How threads that share time slices got along.</summary>
/// <param name="Count">Slices that were shared.</param>
/// <param name="RolledBack">Slices among them that were rolled back and run by one thread.</param>
/// <param name="RolledBackEvents">Events that were rolled back by themselves.</param>
public sealed record SharedSliceSummary(long Count, long RolledBack, long RolledBackEvents);

/// <summary><see cref="SharedSliceSummary"/> under its former names.</summary>
public sealed record SharedSlabSummary(long Count, long TakenBack, long TakenBackEvents);

/// <summary>Time slices of domains, of the last session of a run: the former name of what <see cref="SharingSummary"/> says.</summary>
/// <param name="Committed">Slices that are done; 0 without domains.</param>
/// <param name="RolledBack">Slices that were void, and tried again.</param>
/// <param name="MeanLength">Of a slice, simulation time.</param>
/// <param name="RedundantEventFraction">Share of all simulated events that did not count, since they were rolled back.</param>
public sealed record WindowSummary(long Committed, long RolledBack, double? MeanLength, double? RedundantEventFraction);
