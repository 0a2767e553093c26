using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ActorMD.Files.Inputs;

/// <summary>How JSON looks: indented, keys in snake_case, letters of any language as they are.</summary>
public static class JsonStyle
{
    /// <summary>For what is written once, at the end of long work: its types are described by reflection.</summary>
    public static JsonSerializerOptions Reflected { get; } = Of(new DefaultJsonTypeInfoResolver());

    /// <summary>Settings in this style.</summary>
    /// <param name="types">What is written, described when the program is built: reflection would take a tenth of a second at every run.</param>
    internal static JsonSerializerOptions Of(IJsonTypeInfoResolver types) => new()
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
