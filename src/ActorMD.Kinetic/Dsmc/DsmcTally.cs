using System.Collections.Immutable;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>What a DSMC solver has counted.</summary>
/// <param name="Attempts">Candidates of each channel that were looked at.</param>
/// <param name="Collisions">Candidates of each channel that collided.</param>
/// <param name="Raises">
/// How often a speed outgrew its cell's bound within a step, and the rest of the step was drawn anew with a larger one.
/// </param>
/// <param name="Moves">Particles moved times steps.</param>
public sealed record DsmcTally(ImmutableArray<long> Attempts, ImmutableArray<long> Collisions, long Raises, long Moves)
{
    /// <summary>What was counted between two moments.</summary>
    public static DsmcTally operator -(DsmcTally later, DsmcTally earlier) => new(
        [.. later.Attempts.Zip(earlier.Attempts, (a, b) => a - b)],
        [.. later.Collisions.Zip(earlier.Collisions, (a, b) => a - b)],
        later.Raises - earlier.Raises,
        later.Moves - earlier.Moves);
}
