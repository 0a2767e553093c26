using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ActorMD.Files.Inputs;

/// <summary>How the JSON files of run folders look: indented, keys in snake_case, letters of any language as they are.</summary>
internal static class JsonStyle
{
    /// <summary>Settings in this style.</summary>
    /// <param name="types">What is written, described when the program is built: reflection would take a tenth of a second at every run.</param>
    public static JsonSerializerOptions Of(IJsonTypeInfoResolver types) => new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = types,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
