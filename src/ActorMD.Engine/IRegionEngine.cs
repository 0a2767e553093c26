using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>
/// The event loop of a part of the system: only some of the particles are present, in the whole box. What it computes is the
/// truth only as long as nobody absent interferes; who uses it finds that out afterwards.
/// </summary>
/// <remarks>
/// Within a load, particles are numbered from zero in the order of their ids in the whole system, so that ties between events
/// are decided as they are in the whole system. Most particles of a load were in the one before, in the state that the ledger
/// left them in: an engine may keep its caches and replace only what differs.
/// </remarks>
public interface IRegionEngine : IDisposable
{
    /// <summary>Everything since <see cref="Load"/>.</summary>
    RegionLedger Ledger { get; }

    /// <summary>Work of the caches.</summary>
    EngineCounters Counters { get; }

    /// <summary>The region now consists of exactly these particles.</summary>
    /// <param name="ids">In the whole system; ascending.</param>
    /// <param name="states">Of these particles.</param>
    /// <param name="time">Offset in the epoch: all events of these particles up to here are done.</param>
    void Load(ReadOnlySpan<int> ids, ReadOnlySpan<ParticleState> states, double time);

    /// <summary>Runs all events up to and including a time.</summary>
    /// <returns>
    /// Null; or what went wrong, and when: the ledger then holds the events before. With particles absent or false that may be
    /// no fault of the system.
    /// </returns>
    RegionViolation? Run(double until);

    /// <summary>Takes back all events after a time, in the ledger and in what the engine keeps.</summary>
    void Undo(double time);
}

/// <summary>A region could not be run to the end.</summary>
/// <param name="Time">When: offset in the epoch.</param>
/// <param name="Message">What happened.</param>
public sealed record RegionViolation(double Time, string Message);
