using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Events;

/// <summary>Finds and applies the events of some particles one after the other, in the order of time.</summary>
/// <remarks>How the next event is found is left to the implementations and does not change the trajectory.</remarks>
internal interface IEventLoop : IDisposable
{
    /// <summary>Time of the last event, or where the loop was told to stop; offset from the start of the epoch.</summary>
    double Now { get; }

    /// <summary>The particles. They do not belong to the loop: they outlive it.</summary>
    ParticleStore Store { get; }

    /// <summary>Bytes of native memory held, without the particles.</summary>
    long ByteCount { get; }

    /// <summary>Threads that compute.</summary>
    int ThreadCount { get; }

    /// <summary>Whether some species are so large that they are searched apart.</summary>
    bool HasLargeSpecies { get; }

    /// <summary>Gets every event.</summary>
    IEventJournal Journal { get; set; }

    /// <summary>Runs all events up to a time (offset in this epoch), or a number of steps.</summary>
    /// <param name="until">The time.</param>
    /// <param name="steps">Steps left; a step is an event or what costs as much.</param>
    /// <returns>Whether the time was reached.</returns>
    bool Run(double until, ref long steps);
}
