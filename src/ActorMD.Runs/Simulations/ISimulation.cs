using ActorMD.Engine.Execution;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Protocol.Messages;

namespace ActorMD.Runs.Simulations;

/// <summary>A trajectory in the making. However it is computed, it is the same one, bit for bit.</summary>
public interface ISimulation : IDisposable
{
    /// <summary>Simulation time since the beginning of the run.</summary>
    double Time { get; }

    /// <summary>Events so far: as of the last time that was reached, or of the last <see cref="Capture"/>.</summary>
    EventTally Tally { get; }

    /// <summary>Events of order 2 and up so far, as well as they are known now: to show progress.</summary>
    long CollisionCount { get; }

    /// <summary>Bookkeeping of the event loops; differs from run to run of the same case.</summary>
    long CrossingCount { get; }

    /// <summary>Processor time that other processes have spent on it so far.</summary>
    double RemoteCpuSeconds => 0;

    /// <summary>What domains have cost so far; nothing where there are none.</summary>
    RunWork Work { get; }

    /// <summary>Goes on for about a tenth of a second at most, or so many steps, towards an absolute time.</summary>
    /// <returns>Whether the time was reached.</returns>
    /// <exception cref="PhysicsViolationException">The physics was violated.</exception>
    bool Advance(double until, long stepCountMax);

    /// <summary>
    /// Says at which times only sums and counts will be asked for, and no state: a simulation may then compute ahead of the time
    /// that it is told to reach, and answer from what it has noted.
    /// </summary>
    void Foresee(WaypointPlan plan)
    {
    }

    /// <summary>Computes no further than it is now, until it is told to go on.</summary>
    void Settle()
    {
    }

    /// <summary>
    /// Up to here everything is computed; a state is one of this time. It is later than <see cref="Time"/> only while waypoints that were
    /// foreseen are still to be reached, which then takes no time.
    /// </summary>
    double ComputedTime => Time;

    /// <summary>Whether <see cref="Advance"/> ends after the steps that it is given; otherwise only after its tenth of a second.</summary>
    bool CountsSteps => false;

    /// <summary>Threads of this process that compute it.</summary>
    int ThreadCount { get; }

    /// <summary>Processes that compute it.</summary>
    int NodeCount => 1;

    /// <summary>Domains that share it.</summary>
    int DomainCount => 1;

    /// <summary>Why fewer threads compute it than were asked for; null: all do.</summary>
    string? SharingObstacle => null;

    /// <summary>Work of the engine; null if it is spread over domains.</summary>
    EngineCounters? Engine => null;

    /// <summary>
    /// Events since the last call, in the order of the event log (<see cref="EventRecord"/>): as of the last time that was reached, or of
    /// the last <see cref="Capture"/>, perhaps more. Nothing if the run logs no events. They are good until the next call.
    /// </summary>
    /// <remarks>Where there is an <see cref="Unpacker"/>, it must be given all of them, in any one thread at a time.</remarks>
    ReadOnlyMemory<byte> TakeEvents();

    /// <summary>Makes records of events out of what <see cref="TakeEvents"/> gives; null if that are such records.</summary>
    EventUnpacker? Unpacker => null;

    /// <summary>The whole state in id order: a consistent cut at <see cref="Time"/>.</summary>
    SystemState Capture();

    /// <summary>What <see cref="Capture"/> gives.</summary>
    /// <param name="spent">The array of such a state that nobody needs any more: it may be used again. Null if there is none.</param>
    SystemState CaptureInto(ParticleState[]? spent) => Capture();

    /// <summary>
    /// The whole state at the end of the run. What only served to go on may be freed before: it is never told to advance again.
    /// </summary>
    SystemState CaptureLast() => Capture();

    /// <summary>Sums over all particles at a time that was reached.</summary>
    VelocitySums SumVelocities();

    /// <summary>
    /// The whole state for one that only looks at it and needs it no longer at its next call: large arrays are costly for the garbage
    /// collector.
    /// </summary>
    SystemState Look() => Capture();
}
