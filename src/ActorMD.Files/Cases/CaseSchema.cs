namespace ActorMD.Files.Cases;

/// <summary>The JSON Schema (draft 2020-12) of the case file: every key with its meaning, unit and default.</summary>
public static class CaseSchema
{
    private const string ResourceName = "case.schema.json";

    private static readonly Lazy<string> Resource = new(() =>
    {
        using Stream stream = typeof(CaseSchema).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"the resource {ResourceName} is missing");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    });

    /// <summary>The schema as JSON text.</summary>
    public static string Text => Resource.Value;
}
