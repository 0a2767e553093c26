using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Nodes;

/// <summary>A particle as nodes send it to each other.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SharedParticle
{
    /// <summary>Number in the whole system.</summary>
    public int Id;

    /// <summary>1 if its Verlet sphere was moved by a strip, so that both nodes give it a new one; 0 otherwise.</summary>
    public int HasMoved;

    /// <summary>Position and velocity at its own time.</summary>
    public ParticleState State;
}

/// <summary>A flight that an event in a block has ended, close to the face below it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CutFlight
{
    /// <summary>Of a flight whose event was far from all faces.</summary>
    public const int Far = -2;

    /// <summary>Of a flight whose event cannot be rolled back by itself, since not all participants are known to the neighbour.</summary>
    public const int Alone = -1;

    /// <summary>Number of the particle in the whole system.</summary>
    public int Id;

    private int _mark; // twice the number of the event, and 1 more if the particle is deferred

    /// <summary>When it ended: an offset in the epoch.</summary>
    public double End;

    /// <summary>The particle's velocity after the event.</summary>
    public Vec3 Velocity;

    /// <summary>Number of the event at its end, <see cref="Far"/> or <see cref="Alone"/>.</summary>
    public readonly int Event => _mark >> 1;

    /// <summary>Whether the particle is deferred from this very moment.</summary>
    public readonly bool IsDeferred => (_mark & 1) != 0;

    /// <summary>Says how the flight ended.</summary>
    /// <param name="number">As in <see cref="Event"/>.</param>
    /// <param name="isDeferred">As in <see cref="IsDeferred"/>.</param>
    public void SetEvent(int number, bool isDeferred) => _mark = 2 * number + (isDeferred ? 1 : 0);
}

/// <summary>
/// Where a flight has ended that did not end where it led to: at the edge of the box, for example, on whose other side the particle goes on.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct CutPlace
{
    /// <summary>Index of the flight in its report.</summary>
    public int Flight;

    /// <summary>Boxes that the event has added to the particle's image.</summary>
    public Int3 Boxes;

    /// <summary>The particle's centre at the event.</summary>
    public Vec3 Position;
}

/// <summary>An event in a block whose participants all are close to the face below it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CutEvent
{
    /// <summary>Offset in the epoch.</summary>
    public double Time;

    /// <summary>1 a bounce off a wall, 2 a pair collision.</summary>
    public int Order;

    /// <summary>1 if it counts as a multiple collision.</summary>
    public int IsMultiple;

    /// <summary>1 if it counts as a grazing one.</summary>
    public int IsGrazing;

    private readonly int _padding;

    /// <summary>Its term of the virial, or of the walls' impulse.</summary>
    public double Impulse;
}

/// <summary>From some time on a particle's events are left to a strip.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CutDeferral
{
    /// <summary>Number of the particle in the whole system.</summary>
    public int Id;

    private readonly int _padding;

    /// <summary>Offset in the epoch.</summary>
    public double From;
}

/// <summary>What a block tells the node below it, which runs the strip around the face between them.</summary>
/// <param name="IsVoid">The slice has failed here: the rest is empty.</param>
/// <param name="Flights">In the order in which they ended.</param>
/// <param name="Places">Of the flights that did not end where they led to, in the order of <paramref name="Flights"/>.</param>
/// <param name="Events">Of these flights.</param>
/// <param name="Deferrals">Particles whose events the block has left to the strip.</param>
public sealed record BlockReport(
    bool IsVoid, ImmutableArray<CutFlight> Flights, ImmutableArray<CutPlace> Places, ImmutableArray<CutEvent> Events,
    ImmutableArray<CutDeferral> Deferrals)
{
    /// <summary>The slice has failed.</summary>
    public static BlockReport Void { get; } = new(true, [], [], [], []);
}

/// <summary>Particles that have come into the range of a node's neighbours, at a renewal of the ghosts.</summary>
/// <param name="Below">For the node below.</param>
/// <param name="Above">For the node above.</param>
public sealed record GhostReport(ImmutableArray<SharedParticle> Below, ImmutableArray<SharedParticle> Above);

/// <summary>What a strip tells the node above it.</summary>
/// <param name="IsVoid">The slice has failed here: the rest is empty.</param>
/// <param name="Changes">The new states of particles that the node above holds.</param>
/// <param name="RolledBack">
/// With an event log: which of the events that the block above has reported the strip has rolled back, by their indices in the report.
/// </param>
public sealed record StripReport(bool IsVoid, ImmutableArray<SharedParticle> Changes, ImmutableArray<int> RolledBack)
{
    /// <summary>The slice has failed.</summary>
    public static StripReport Void { get; } = new(true, [], []);
}

/// <summary>How a slice went at one node, and what the node wishes for the next.</summary>
/// <param name="IsVoid">It has failed here: nothing of it may stay anywhere.</param>
/// <param name="WantedLength">Of the next slice.</param>
/// <param name="Fastest">Speed of the fastest particle since the last renewal.</param>
/// <param name="WantsRenewal">Whether the next slice should renew the ghosts and place all particles anew.</param>
public readonly record struct NodeVerdict(bool IsVoid, double WantedLength, double Fastest, bool WantsRenewal)
{
    /// <summary>It is done, and nothing is wished.</summary>
    public static NodeVerdict Done { get; } = new(false, double.PositiveInfinity, 0, false);
}
