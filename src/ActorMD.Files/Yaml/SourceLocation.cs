namespace ActorMD.Files.Yaml;

/// <summary>Where a value stands: a line of a file (from 1), or an option of the command line.</summary>
internal sealed record SourceLocation(string File, int? Line);
