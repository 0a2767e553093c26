using ActorMD.Physics;

namespace ActorMD.Protocol.Messages;

/// <summary>What the events of one domain have changed in a stretch of a time slice: up to a waypoint, or from the last one to its end.</summary>
/// <param name="Gains">Of the velocities' sums.</param>
/// <param name="Tally">Events.</param>
public sealed record StretchRecord(SumsRecord Gains, TallyRecord Tally)
{
    /// <summary>The most waypoints that one request has, or one slice.</summary>
    public const int WaypointCountMax = 256;
}

/// <summary>A waypoint that a run has gone past, as the client knows it.</summary>
/// <param name="Time">Simulation time.</param>
/// <param name="Sums">Over all particles.</param>
/// <param name="Tally">Events up to there.</param>
public sealed record PassedWaypoint(double Time, SumsRecord Sums, EventTally Tally);
