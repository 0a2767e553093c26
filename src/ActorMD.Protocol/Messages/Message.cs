using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Protocol.Messages;

/// <summary>Everything that actors say to each other.</summary>
/// <remarks>
/// Any message may be lost, doubled, late or out of order. Requests carry what they belong to and change nothing when they
/// arrive again; an actor that waits in vain asks again (<see cref="Reminder"/>).
/// </remarks>
public abstract record Message
{
    private Message()
    {
    }

    // To itself.

    /// <summary>
    /// For any actor, from its runtime, at regular intervals: an actor that has come no further since the last one asks again for what it
    /// misses. (Not after silence: an actor that others keep asking would never ask itself.)
    /// </summary>
    public sealed record Reminder : Message
    {
        public static readonly Reminder Instance = new();
    }

    // Client and coordinator.

    /// <summary>Client to coordinator: begin a run from this cut.</summary>
    /// <param name="Run">Higher than that of every earlier run.</param>
    /// <param name="Incarnation">
    /// The incarnation of the coordinator that is meant: a late copy must not make a restarted coordinator repeat a run whose slices are
    /// known to others by the same numbers.
    /// </param>
    /// <param name="DomainCount">Domains that there are: no more of them are used than can share the run.</param>
    /// <param name="EpochLength">Simulation time of one epoch.</param>
    /// <param name="Cut">Where the states stand.</param>
    /// <param name="LogsEvents">Whether the client wants all events, for the event log.</param>
    /// <param name="Particles">All of them: the index is the id.</param>
    public sealed record Begin(
        int Run, int Incarnation, int DomainCount, double EpochLength, Cut Cut, bool LogsEvents,
        ImmutableArray<ParticleState> Particles) : Message;

    /// <summary>Coordinator to client: all domains have their particles.</summary>
    public sealed record Begun(int Run) : Message;

    /// <summary>Client to coordinator: go on up to and including an absolute time, then report. Replaces the request before.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Request">Counts the requests of a run, from 1.</param>
    /// <param name="Until">Simulation time; -infinity: stop where the next slice is done.</param>
    /// <param name="LogTaken">Bytes of the run's event log that the client has: they need not be kept any more.</param>
    /// <param name="SumsOnly">Whether the sums of the velocities will do; otherwise all particles are wanted.</param>
    /// <param name="Waypoints">Simulation times on the way of which the client wants to know sums and counts, in their order.</param>
    public sealed record Advance(
        int Run, long Request, double Until, long LogTaken, bool SumsOnly, ImmutableArray<double> Waypoints) : Message;

    /// <summary>Coordinator to client: a waypoint lies behind.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Time">Simulation time, as in the request.</param>
    /// <param name="Sums">Of the velocities at this moment.</param>
    /// <param name="Tally">Events since the run began, up to this moment.</param>
    public sealed record Passed(int Run, double Time, SumsRecord Sums, TallyRecord Tally) : Message;

    /// <summary>Coordinator to client: the time is reached, or so many events are to be logged that the client should take them.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Request">Which request is answered.</param>
    /// <param name="Cut">
    /// Where the states stand; beyond the time asked for only if that lay in the past, before it only with events.
    /// </param>
    /// <param name="Particles">All of them, the index is the id; none if sums were asked for.</param>
    /// <param name="Sums">Of the velocities, if they were asked for.</param>
    /// <param name="Tally">Events since the run began.</param>
    /// <param name="Work">What it has cost since the run began.</param>
    /// <param name="LogStart">Bytes of the run's event log that stand before <paramref name="Events"/>.</param>
    /// <param name="Events">The part of the event log from there up to the cut: <see cref="EventRecord"/>s.</param>
    public sealed record Reached(
        int Run, long Request, Cut Cut, ImmutableArray<ParticleState> Particles, SumsRecord? Sums, TallyRecord Tally, RunWork Work,
        long LogStart, ImmutableArray<byte> Events) : Message;

    /// <summary>Coordinator to client: the physics was violated.</summary>
    public sealed record Halted(int Run, Cut Cut, string Reason) : Message;

    /// <summary>
    /// Coordinator to client: the run is over, since an actor has lost its state. A new one begins from the client's last cut.
    /// </summary>
    /// <param name="Run">That of the request.</param>
    /// <param name="Incarnation">That of the coordinator that is there now.</param>
    /// <param name="RunLast">The highest number of a run that is known: the next one must be higher.</param>
    public sealed record RunLost(int Run, int Incarnation, int RunLast) : Message;

    // Coordinator and domain.

    /// <summary>Coordinator to domain: take over these particles.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="EpochLength">Simulation time of one epoch.</param>
    /// <param name="Cut">Where the states stand.</param>
    /// <param name="LogsEvents">Whether events are wanted.</param>
    /// <param name="Sharing">How domains share time slices; null: this domain computes the whole system.</param>
    /// <param name="Particles">Those in the domain's block, or all of them.</param>
    public sealed record Load(
        int Run, double EpochLength, Cut Cut, bool LogsEvents, SlicePartition? Sharing, ImmutableArray<ParticleRecord> Particles) : Message;

    /// <summary>Domain to coordinator: they are here.</summary>
    public sealed record Loaded(int Run, int Domain) : Message;

    /// <summary>Domain to coordinator: the state that your request builds on is not here.</summary>
    /// <param name="Run">That of the request.</param>
    /// <param name="Domain">The domain.</param>
    /// <param name="RunLast">The last run that the domain knows.</param>
    public sealed record Lost(int Run, int Domain, int RunLast) : Message;

    /// <summary>
    /// Coordinator to domain: all events up to <paramref name="Start"/> are done; what was computed beyond is void. Run the time slice
    /// from there up to and including <paramref name="End"/> with the others, or alone.
    /// </summary>
    /// <param name="Id">The slice.</param>
    /// <param name="Start">Its beginning.</param>
    /// <param name="End">An offset in the epoch of the start.</param>
    /// <param name="IsRenewed">Whether it begins with a renewal of the ghosts.</param>
    /// <param name="Waypoints">Moments within it, offsets in the epoch, up to which and between which changes are to be told apart.</param>
    public sealed record OpenSlice(SliceId Id, Cut Start, double End, bool IsRenewed, ImmutableArray<double> Waypoints) : Message;

    /// <summary>Domain to coordinator: how the slice went.</summary>
    /// <param name="Id">The slice.</param>
    /// <param name="Domain">Who says so.</param>
    /// <param name="Outcome">Whether it is done here, and what the next one should be.</param>
    /// <param name="Violation">Why the physics is violated in it, which ends the run; null: it is not, as far as this domain knows.</param>
    /// <param name="Work">What it has cost.</param>
    /// <param name="Stretches">What has changed up to each waypoint, and from the last one to the end; nothing if there are none.</param>
    /// <param name="Events">Those that count here, for the event log.</param>
    public sealed record SliceDone(
        SliceId Id, int Domain, NodeVerdict Outcome, string? Violation, DomainWork Work, ImmutableArray<StretchRecord> Stretches,
        ImmutableArray<byte> Events) : Message;

    /// <summary>
    /// Coordinator to domain: all events up to the cut are done; hand out your particles, or sums over them.
    /// </summary>
    /// <param name="Run">The run.</param>
    /// <param name="Slice">Number of the slice that will begin at the cut.</param>
    /// <param name="Cut">Where.</param>
    /// <param name="SumsOnly">Whether the sums of the velocities will do.</param>
    public sealed record Gather(int Run, long Slice, Cut Cut, bool SumsOnly) : Message;

    /// <summary>Domain to coordinator: the particles of one domain, or sums over them.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Slice">As in the request.</param>
    /// <param name="Domain">Whose.</param>
    /// <param name="Particles">In any order; none if sums were asked for.</param>
    /// <param name="Sums">Of the velocities, if they were asked for.</param>
    /// <param name="Tally">Events since the run began that count at this domain.</param>
    /// <param name="UndoneEventCount">Events since the run began that were rolled back here.</param>
    public sealed record Shard(
        int Run, long Slice, int Domain, ImmutableArray<ParticleRecord> Particles, SumsRecord? Sums, TallyRecord Tally,
        long UndoneEventCount) : Message;

    // Between domains.

    /// <summary>What a domain tells a neighbour in a time slice that they share.</summary>
    /// <param name="Id">The slice.</param>
    /// <param name="From">The sender.</param>
    /// <param name="Step">Which of the sender's messages of this slice it is.</param>
    public abstract record Share(SliceId Id, int From, ShareStep Step) : Message
    {
        /// <summary>Particles and flights that it tells of.</summary>
        public abstract int Count { get; }

        /// <summary>Length of its lists.</summary>
        public abstract long ByteCount { get; }

        /// <summary>Bytes of a list.</summary>
        protected static long BytesOf<T>(ImmutableArray<T> list)
            where T : unmanaged => list.Length * (long)Unsafe.SizeOf<T>();
    }

    /// <summary>Particles that have come into the range of the receiver, at a renewal of the ghosts.</summary>
    public sealed record Ghosts(SliceId Id, int From, ShareStep Step, ImmutableArray<SharedParticle> Particles) : Share(Id, From, Step)
    {
        public override int Count => Particles.Length;

        public override long ByteCount => BytesOf(Particles);
    }

    /// <summary>What has happened in the sender's block close to the face below it.</summary>
    public sealed record BlockDone(SliceId Id, int From, BlockReport Report) : Share(Id, From, ShareStep.Block)
    {
        public override int Count => Report.Flights.Length;

        public override long ByteCount => BytesOf(Report.Flights) + BytesOf(Report.Places) + BytesOf(Report.Events) + BytesOf(Report.Deferrals);
    }

    /// <summary>What the sender's strip has changed of particles that the receiver, above it, holds.</summary>
    public sealed record StripDone(SliceId Id, int From, StripReport Report) : Share(Id, From, ShareStep.Strip)
    {
        public override int Count => Report.Changes.Length;

        public override long ByteCount => BytesOf(Report.Changes) + BytesOf(Report.RolledBack);
    }

    /// <summary>Send me this message of yours again.</summary>
    public sealed record RepeatShare(SliceId Id, int From, ShareStep Step) : Message;
}
