namespace ActorMD.Files;

/// <summary>The JSON Schema (draft 2020-12) of the case file: every key with its meaning, unit and default.</summary>
public static class CaseSchema
{
    /// <summary>The schema as JSON text.</summary>
    public static string Text => throw new NotSupportedException();
}
