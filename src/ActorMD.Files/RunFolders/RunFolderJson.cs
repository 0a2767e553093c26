using System.Text.Json.Serialization;

namespace ActorMD.Files.RunFolders;

/// <summary>
/// How summary.json is written and read, made when the program is built: reflection would take a tenth of a second at every run.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class RunFolderJson : JsonSerializerContext;
