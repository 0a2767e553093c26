namespace ActorMD.Files;

/// <summary>Tells whether two cases have the same trajectory and averages, so that a checkpoint of one continues the other.</summary>
public static class CaseFingerprint
{
    /// <summary>
    /// SHA-256 of the resolved case without its name, the end and intervals of the run, and the output: 64 hexadecimal digits.
    /// </summary>
    public static string Of(Case @case) => throw new NotSupportedException();
}
