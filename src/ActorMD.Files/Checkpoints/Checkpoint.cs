using ActorMD.Files.Cases;
using ActorMD.Physics;

namespace ActorMD.Files.Checkpoints;

/// <summary>Everything from which a run goes on bit-identically.</summary>
/// <param name="Gas">What is simulated.</param>
/// <param name="Fingerprint">Of the case: <see cref="CaseFingerprint"/>.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Tally">Events so far.</param>
/// <param name="Progress">Where the outputs stand.</param>
public sealed record Checkpoint(Gas Gas, string Fingerprint, SystemState State, EventTally Tally, RunProgress Progress)
{
    /// <summary>What the observables have measured so far, in a form of their own; empty where there are none.</summary>
    public byte[] Observables { get; init; } = [];

    /// <summary>Writes <see cref="Observables"/> where they are in no array, which would have many megabytes; null if they are.</summary>
    public Action<Stream>? WriteObservables { get; init; }
}
