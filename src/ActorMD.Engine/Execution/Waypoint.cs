using ActorMD.Physics;

namespace ActorMD.Engine.Execution;

/// <summary>A moment on a simulation's way that it has gone past, and what was wanted of it.</summary>
/// <param name="Time">Simulation time since the beginning of the run.</param>
/// <param name="Sums">Over all particles, at this moment.</param>
/// <param name="Tally">Events up to this moment.</param>
public sealed record Waypoint(double Time, VelocitySums Sums, EventTally Tally);

/// <summary>What is known of the moments to come: a simulation need not stop where only sums are wanted.</summary>
/// <param name="Times">Waypoints in their order; simulation times since the beginning of the run.</param>
/// <param name="Limit">No event after this time may happen: there the whole state is wanted.</param>
public sealed record WaypointPlan(IReadOnlyList<double> Times, double Limit)
{
    /// <summary>Nothing is known.</summary>
    public static WaypointPlan None { get; } = new([], double.NegativeInfinity);
}
