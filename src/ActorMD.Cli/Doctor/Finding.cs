namespace ActorMD.Cli.Doctor;

/// <summary>What one look at the machine has found.</summary>
/// <param name="Topic">What was looked at.</param>
/// <param name="Standing">How good that is.</param>
/// <param name="Found">What is there.</param>
/// <param name="Remedy">What to do; null where nothing is to be done.</param>
internal sealed record Finding(string Topic, Standing Standing, string Found, string? Remedy = null);

/// <summary>How good a finding is.</summary>
internal enum Standing
{
    /// <summary>It is there.</summary>
    There,

    /// <summary>It is missing or could be better, but the default run does not need it.</summary>
    Optional,

    /// <summary>It is missing, and the default run needs it.</summary>
    Missing,
}
