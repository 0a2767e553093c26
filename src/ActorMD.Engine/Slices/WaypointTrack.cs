using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

/// <summary>The waypoints of an epoch that lie ahead of an event loop, and those that it has gone past.</summary>
internal sealed class WaypointTrack
{
    private readonly Queue<Waypoint> _passed = [];
    private (double Offset, double Time)[] _ahead = [];

    /// <summary>Events after this time are not wanted: an offset in the epoch.</summary>
    public double Limit { get; private set; } = double.NegativeInfinity;

    /// <summary>Sums at the end of the last slice; null if they are not known.</summary>
    public VelocitySums? SumsAtEnd { get; set; }

    /// <summary>Says what lies ahead.</summary>
    /// <param name="waypoints">Offsets in the epoch and simulation times, in their order.</param>
    /// <param name="limit">See <see cref="Limit"/>.</param>
    public void Plan((double Offset, double Time)[] waypoints, double limit) => (_ahead, Limit) = (waypoints, limit);

    /// <summary>Offsets of the waypoints in a slice: behind its beginning, and before a time at which the loop stops by itself.</summary>
    public double[] Within(double start, double stop) =>
        [.. _ahead.Select(waypoint => waypoint.Offset).Where(offset => offset > start && offset < stop)];

    /// <summary>The loop has gone past a waypoint.</summary>
    public void Pass(double offset, VelocitySums sums, EventTally tally)
    {
        double time = Array.Find(_ahead, waypoint => waypoint.Offset == offset).Time;
        _passed.Enqueue(new Waypoint(time, sums, tally));
    }

    /// <summary>The next waypoint that was gone past; null if there is none.</summary>
    public Waypoint? Take() => _passed.TryDequeue(out Waypoint? passed) ? passed : null;
}
