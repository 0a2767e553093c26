using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>
/// The event loop of a part of the system: only some of the particles are present, in the whole box. What it computes is the
/// truth only as long as nobody absent interferes; who uses it finds that out afterwards.
/// </summary>
/// <remarks>
/// Particles are numbered from zero in the order of their ids in the whole system, so that ties between events are decided as
/// they are in the whole system.
/// </remarks>
public interface IRegionEngine : IDisposable
{
    /// <summary>Everything since <see cref="Load"/>.</summary>
    RegionLedger Ledger { get; }

    /// <summary>Work of the caches.</summary>
    EngineCounters Counters { get; }

    /// <summary>The region now consists of exactly these particles.</summary>
    /// <param name="states">In the order of ids.</param>
    /// <param name="time">Offset in the epoch: all events of these particles up to here are done.</param>
    void Load(ReadOnlySpan<ParticleState> states, double time);

    /// <summary>Runs all events up to and including a time.</summary>
    /// <returns>
    /// Null; or what went wrong, and when: the ledger then holds the events before. With particles absent or false that may be
    /// no fault of the system.
    /// </returns>
    RegionViolation? Run(double until);
}

/// <summary>A region could not be run to the end.</summary>
/// <param name="Time">When: offset in the epoch.</param>
/// <param name="Message">What happened.</param>
public sealed record RegionViolation(double Time, string Message);
