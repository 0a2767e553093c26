using ActorMD.Physics;

namespace ActorMD.Files.States;

/// <summary>Boundaries as particle files name them. Numbers and unknown words are no boundaries.</summary>
internal static class BoundaryWords
{
    /// <summary>What can be given, for messages.</summary>
    public const string Possible = "periodic, reflecting or open";

    public static string Of(Boundary boundary) => boundary switch
    {
        Boundary.Periodic => "periodic",
        Boundary.Reflecting => "reflecting",
        Boundary.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(boundary), boundary, "no such boundary"),
    };

    public static Boundary? Parse(string? word) => word?.ToLowerInvariant() switch
    {
        "periodic" => Boundary.Periodic,
        "reflecting" => Boundary.Reflecting,
        "open" => Boundary.Open,
        _ => null,
    };

    /// <summary>A flag of <c>pbc</c>.</summary>
    public static Boundary? ParseFlag(string word) => word.ToLowerInvariant() switch
    {
        "t" or "true" or "1" => Boundary.Periodic,
        "f" or "false" or "0" => Boundary.Open,
        _ => null,
    };

    /// <summary>The two letters of LAMMPS for the lower and the upper face: p periodic, f fixed, s and m shrink-wrapped.</summary>
    public static Boundary? ParseLammps(string flags) => flags switch
    {
        "pp" => Boundary.Periodic,
        "ff" => Boundary.Reflecting,
        [('f' or 's' or 'm'), ('f' or 's' or 'm')] => Boundary.Open,
        _ => null,
    };

    public static string ToLammps(Boundary boundary) => boundary switch
    {
        Boundary.Periodic => "pp",
        Boundary.Reflecting => "ff",
        Boundary.Open => "ss",
        _ => throw new ArgumentOutOfRangeException(nameof(boundary), boundary, "no such boundary"),
    };
}
