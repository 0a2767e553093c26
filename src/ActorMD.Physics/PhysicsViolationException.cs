using System.Collections.Immutable;

namespace ActorMD.Physics;

/// <summary>The simulated physics went wrong (overlap, event storm, a clock that runs backwards): exit code 3.</summary>
/// <param name="message">What was violated.</param>
/// <param name="particles">Ids of those that it concerns; none: all of them, or it is not known.</param>
public sealed class PhysicsViolationException(string message, params IEnumerable<int> particles) : Exception(message)
{
    /// <summary>Ids, ascending.</summary>
    public ImmutableArray<int> Particles { get; } = [.. particles.Order()];
}
