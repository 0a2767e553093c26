using ActorMD.Engine.Events;

namespace ActorMD.Engine.Slices;

/// <summary>What event loops in time slices can do whatever their particles are.</summary>
internal interface ISliceEventLoop : IEventLoop
{
    /// <summary>Gets the events of slices that threads share; null if the journal is for something else, and threads share none.</summary>
    EventLogWriter? EventLog { set; }

    /// <summary>Waypoints that slices which threads share may go past.</summary>
    WaypointTrack Track { get; }

    /// <summary>Layers of cells on either side of a boundary between threads that belong to its strip; 0 if one thread runs all slices.</summary>
    int StripDepth { get; }
}
