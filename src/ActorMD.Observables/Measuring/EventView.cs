using ActorMD.Physics;

namespace ActorMD.Observables.Measuring;

/// <summary>An event of the event log, unpacked.</summary>
internal readonly ref struct EventView
{
    /// <summary>Simulation time since the beginning of the run.</summary>
    public required double Time { get; init; }

    /// <summary>1 a bounce off a wall, 2 a pair collision, 3 and up a zone event.</summary>
    public required int Order { get; init; }

    /// <summary>The participants, ascending.</summary>
    public required ReadOnlySpan<int> Ids { get; init; }

    /// <summary>Species of each participant.</summary>
    public required ReadOnlySpan<int> Species { get; init; }

    /// <summary>Velocity of each participant before the event.</summary>
    public required ReadOnlySpan<Vec3> Before { get; init; }

    /// <summary>Velocity of each participant after the event.</summary>
    public required ReadOnlySpan<Vec3> After { get; init; }

    /// <summary>From the centre of the first participant to that of each, nearest image: zero for the first. Nothing for order 1.</summary>
    public required ReadOnlySpan<Vec3> Offsets { get; init; }
}
