using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing;

/// <summary>
/// Several threads run each slice: place all particles and find the first events, then run blocks, then strips. The trajectory is that
/// of one thread, bit for bit.
/// </summary>
/// <remarks>
/// Sorting and pairs are divided over slots and layers of cells, the events over blocks of layers (<see cref="BlockPartition"/>). If
/// anything reaches out of a strip, or two events at a boundary happen at the same instant, all events of the slice are rolled back and
/// one thread runs it: that is rare, and costs only time.
/// </remarks>
internal abstract unsafe class SharedSlices<TSizes> : SliceSharing
    where TSizes : struct, IContactDistances<TSizes>
{
    private const double ShareMin = 0.5; // of the planned length, for a slice worth sharing
    private const double ShareMax = 1.1; // rather one slice a little too long than two

    private readonly Gas _gas;
    private readonly ParticleStore _store;
    private readonly SliceLength _length;
    private readonly EventTally _tally;
    private readonly EngineCounters _counters;
    private readonly double _lengthShare;
    private readonly int _stripDepthMax;
    private readonly NativeArray<int>[] _counts; // of every thread's records, by cell
    private BlockPartition _partition;
    private int _recentConflictCount;
    private bool _isClosed; // threads have got in each other's way too often

    protected SharedSlices(SharedSlicesParts<TSizes> parts, double lengthShare)
    {
        (_gas, _store, _length) = (parts.Gas, parts.Store, parts.Length);
        (_tally, _counters) = (parts.Tally, parts.Counters);
        (_partition, _stripDepthMax, _lengthShare) = (parts.Partition, parts.StripDepthMax, lengthShare);
        (Grid, Members) = (parts.Grid, parts.Members);
        Parts = new WorkParts(parts.Team, parts.Partition.Count);
        OwnBlock = parts.OwnBlock;
        _counts = [.. Enumerable.Range(0, parts.Partition.Count).Select(k => new NativeArray<int>(Places(k) ? parts.Grid.Axes.CellCount : 1))];
    }

    public override int ThreadCount => _isClosed ? 1 : Parts.Count;

    public sealed override WorkParts Parts { get; }

    public override int StripDepth => _partition.Depth;

    public override long ByteCount => Members.ByteCount + _counts.Sum(c => c.ByteCount) + Blocks.Sum(b => b.ByteCount) + Strips.Sum(s => s.ByteCount);

    protected SliceGrid Grid { get; }

    internal Membership Members { get; }

    protected int ParticleCount => _store.Count;

    /// <summary>Number of blocks that this process runs.</summary>
    protected int OwnBlockCount => OwnBlock is null ? Parts.Count : 1;

    /// <summary>Room for what every worker adds to things of which a busy one adds so many.</summary>
    protected ShareRooms Rooms(int busy) => new(2 * Parts.Count, OwnBlock, busy);

    /// <summary>The block that this process runs; null if it runs all of them.</summary>
    protected int? OwnBlock { get; }

    /// <summary>One per thread.</summary>
    internal abstract IReadOnlyList<BlockWorker<TSizes>> Blocks { get; }

    /// <summary>One per thread.</summary>
    internal abstract IReadOnlyList<StripWorker<TSizes>> Strips { get; }

    public override bool IsWorthwhile(double start, double until, int sliceCount) =>
        !_isClosed && _length.Fastest > 0 && until - start >= ShareMin * 2 * _length.WantedHalf && sliceCount > 0;

    public override bool TryRun(
        double start, double until, EventLogWriter? log, WaypointTrack track, out SliceClock clock, out double now)
    {
        clock = new SliceClock(start, _length.Half(start, until, _lengthShare, ShareMax));
        double stop = Math.Min(clock.End, until);
        now = start;
        double[] waypoints = track.Within(start, stop);
        VelocitySums? sums = waypoints.Length == 0 ? null : track.SumsAtEnd ?? SumVelocities();
        track.SumsAtEnd = null;
        SharedSlice slice = new(
            clock, stop, _partition, waypoints, [.. Blocks.Select(b => b.BlockJournal)], [.. Blocks.Select(b => b.Deferrals)]);
        _counters.SharedSliceCount++;
        foreach (SharedWorker<TSizes> worker in Workers)
        {
            worker.EventLog.IsWanted = log is not null;
        }

        try
        {
            _counters.CrossingCount += PlacesAnew ? _store.Count : 0;
            _length.Learn(Place(slice), clock, _store.Count);
            Parts.Run(k => Blocks[k].FindFirstEvents());
            Deliver();
            Parts.Run(k => Blocks[k].Run());
            Parts.Run(k => Strips[k].Run());
        }
        catch (Exception conflict) when (conflict is SharingConflictException or PhysicsViolationException)
        {
            RollBack(SharingConflictException.NeedsRoom(conflict));
            return false; // if anything is wrong with the particles themselves, it comes up again
        }

        if (sums is not null)
        {
            Pass(waypoints, sums, track);
        }

        foreach (SharedWorker<TSizes> worker in Workers)
        {
            _tally.Add(worker.Tally);
            now = Math.Max(now, worker.Now);
        }

        log?.Write(Workers.Select(worker => worker.EventLog));

        End();
        clock = clock.EndingAt(stop < clock.End ? Math.BitIncrement(stop) : clock.End);
        _recentConflictCount -= _recentConflictCount > 0 && _counters.SharedSliceCount % 8 == 0 ? 1 : 0;
        return true;
    }

    public override void NoteRenumbering() => Members.ForgetStrips();

    public override void Dispose()
    {
        Members.Dispose();
        foreach (NativeArray<int> counts in _counts)
        {
            counts.Dispose();
        }

        foreach (SharedWorker<TSizes> worker in Workers)
        {
            worker.Dispose();
        }
    }

    /// <summary>Blocks, then strips.</summary>
    protected IEnumerable<SharedWorker<TSizes>> Workers => Blocks.Cast<SharedWorker<TSizes>>().Concat(Strips);

    /// <summary>A thread's counts of records, by cell.</summary>
    protected int* CountsOf(int thread) => _counts[thread].Pointer;

    /// <summary>The particles are placed in the grid, and every worker has begun the slice.</summary>
    /// <returns>What was learned of their flights.</returns>
    internal abstract PlacementCounts Place(SharedSlice slice);

    /// <summary>All first events are with their blocks.</summary>
    internal virtual void EndPlacement()
    {
    }

    /// <summary>A slice is over, whether it has succeeded or not.</summary>
    protected virtual void EndSlice()
    {
    }

    /// <summary>A node has one block of several: it finds only the first events in which particles of this block take part.</summary>
    internal abstract void FindOnlyFor(int block);

    /// <summary>A slice did not succeed: the next one places all particles anew.</summary>
    /// <param name="needsRoom">Whether it gets more room for what workers add.</param>
    internal abstract void StartAfresh(bool needsRoom);

    /// <summary>Threads stop sharing slices for good.</summary>
    protected abstract void Close();

    /// <summary>First slot of a worker's range: equal parts for all threads; a node's own block has all.</summary>
    protected int FirstSlot(int worker) =>
        OwnBlock is { } own ? (worker > own ? _store.Count : 0) : Parts.FirstOf(_store.Count, worker);

    // Whether there are slots in a worker's range.
    private bool Places(int worker) => OwnBlock is null || worker == OwnBlock;

    /// <summary>Of the planned length of a slice, how much a shared slice takes.</summary>
    public double LengthShare => _lengthShare;

    /// <summary>The next slice places all particles anew.</summary>
    internal virtual void PlaceAnew()
    {
    }

    /// <summary>Every thread counts its records; afterwards its counts say where the first record of each cell goes.</summary>
    /// <param name="count">Counts the records of some slots.</param>
    /// <param name="starts">Gets where the records of every cell begin.</param>
    protected PlacementCounts CountRecords(Func<int, PlacementCounts> count, int* starts)
    {
        PlacementCounts[] counted = new PlacementCounts[Parts.Count];
        int cells = Grid.Axes.CellCount;
        Parts.Run(k =>
        {
            if (Places(k))
            {
                new Span<int>(CountsOf(k), cells).Clear();
            }

            counted[k] = count(k);
        });
        NativeArray<int>[] kept = [.. _counts.Where((_, k) => Places(k))];
        int place = 0;
        for (int cell = 0; cell < cells; cell++)
        {
            starts[cell] = place;
            foreach (NativeArray<int> counts in kept)
            {
                int* records = counts.Pointer + cell;
                (*records, place) = (place, place + *records);
            }
        }

        (starts[cells], starts[cells + 1]) = (place, place);
        return counted.Aggregate((a, b) => a + b);
    }

    private void Deliver()
    {
        BlockWorker<TSizes>[] blocks = [.. Blocks];
        foreach (BlockWorker<TSizes> block in blocks)
        {
            block.Deliver(blocks);
        }

        EndPlacement();
    }

    // All events of the slice, those of the strips first.
    private void RollBack(bool needsRoom)
    {
        foreach (StripWorker<TSizes> strip in Strips)
        {
            strip.UndoAll();
        }

        foreach (BlockWorker<TSizes> block in Blocks)
        {
            block.BlockJournal.UndoAll();
        }

        _counters.RolledBackSliceCount++;
        End();
        StartAfresh(needsRoom);
        const int ConflictCountMax = 4;
        if (_partition.Depth < _stripDepthMax && _partition.Deeper(Grid.Axes.Across.IsPeriodic) is { } deeper)
        {
            _partition = deeper;
        }
        else if (++_recentConflictCount > ConflictCountMax)
        {
            _isClosed = true;
            Close();
        }
    }

    // From what they were at the beginning of the slice, sums and counts follow stretch by stretch.
    private void Pass(double[] waypoints, VelocitySums sums, WaypointTrack track)
    {
        EventTally tally = _tally.Clone();
        for (int stretch = 0; stretch <= waypoints.Length; stretch++)
        {
            foreach (SharedWorker<TSizes> worker in Workers)
            {
                worker.Stretches.AddTo(stretch, sums, tally);
            }

            if (stretch < waypoints.Length)
            {
                track.Pass(waypoints[stretch], sums.Clone(), tally.Clone());
            }
        }

        track.SumsAtEnd = sums;
    }

    private VelocitySums SumVelocities()
    {
        VelocitySums[] sums = new VelocitySums[Parts.Count];
        Parts.Run(k => sums[k] = _store.SumVelocities(_gas, Parts.FirstOf(_store.Count, k), Parts.FirstOf(_store.Count, k + 1)));
        foreach (VelocitySums other in sums[1..])
        {
            sums[0].Add(other);
        }

        return sums[0];
    }

    // Nothing of a slice is left that the next one, if it fails at its beginning, could take for its own.
    internal void End()
    {
        foreach (SharedWorker<TSizes> worker in Workers)
        {
            worker.End(_counters);
        }

        EndSlice();
    }
}

/// <summary>What shared slices are made of.</summary>
internal sealed class SharedSlicesParts<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    public required IWorkTeam Team { get; init; }

    public required Gas Gas { get; init; }

    public required ParticleStore Store { get; init; }

    public required SliceGrid Grid { get; init; }

    public required SliceLength Length { get; init; }

    public required EventTally Tally { get; init; }

    public required EngineCounters Counters { get; init; }

    public required BlockPartition Partition { get; init; }

    /// <summary>Strips do not become deeper than this, in planes.</summary>
    public required int StripDepthMax { get; init; }

    public required Membership Members { get; init; }

    /// <summary>The block that this process runs; null if it runs all of them.</summary>
    public required int? OwnBlock { get; init; }

    /// <summary>A worker of a number.</summary>
    public required Func<int, WorkerParts<TSizes>> WorkerOf { get; init; }
}
