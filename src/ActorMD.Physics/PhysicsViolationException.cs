namespace ActorMD.Physics;

/// <summary>The simulated physics went wrong (overlap, event storm, a clock that runs backwards): exit code 3.</summary>
public sealed class PhysicsViolationException(string message) : Exception(message);
