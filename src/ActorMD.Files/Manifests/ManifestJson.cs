using System.Text.Json.Serialization;

namespace ActorMD.Files.Manifests;

/// <summary>How manifests are written and read, made when the program is built.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
