using System.Text.Json.Serialization;
using ActorMD.Files.Manifests;

namespace ActorMD.Files.RunFolders;

/// <summary>How the JSON files of a run folder are written and read, made when the program is built: reflection would take a tenth of a second at every run.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(RunManifest))]
internal sealed partial class RunFolderJson : JsonSerializerContext;
