using System.Text.Json.Serialization;

namespace ActorMD.Files.Series;

/// <summary>How the summary of a hierarchy is written and read, made when the program is built.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(HierarchySummary))]
internal sealed partial class HierarchyJson : JsonSerializerContext;
