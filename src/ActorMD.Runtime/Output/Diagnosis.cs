using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMD.Files;

namespace ActorMD.Runtime;

/// <summary><c>diagnosis.json</c>: what is known after a violation of the physics.</summary>
/// <param name="Schema">Format of this file.</param>
/// <param name="Message">What was violated.</param>
/// <param name="Name">Of the run.</param>
/// <param name="Version">Of ActorMD.</param>
/// <param name="Seed">With case.yaml it repeats the run to the last bit.</param>
/// <param name="Time">Simulation time.</param>
/// <param name="EventsByOrder">Index 1 wall bounces, 2 pair collisions, 3 and up zone events.</param>
/// <param name="MultipleEvents">Events at the same instant as an earlier one of a participant.</param>
/// <param name="GrazingEvents">Events with a vanishing approach speed.</param>
public sealed record Diagnosis(
    string Schema,
    string Message,
    string Name,
    string Version,
    ulong Seed,
    double Time,
    ImmutableArray<long> EventsByOrder,
    long MultipleEvents,
    long GrazingEvents)
{
    public static Diagnosis Of(Case @case, ISimulation simulator, string message) => new(
        "actormd-diagnosis/1", message, @case.Name, ProductVersion.Text, @case.Seed, simulator.Time,
        [.. simulator.Tally.OrderCounts], simulator.Tally.MultipleCount, simulator.Tally.GrazingCount);

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, DiagnosisJson.Default.Diagnosis) + "\n");
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class DiagnosisJson : JsonSerializerContext;
