using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Events;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Observables;
using ActorMD.Observables.Measuring;
using ActorMD.Physics;
using ActorMD.Runs.Simulations;

namespace ActorMD.Runs.Sessions;

/// <summary>What follows a run event by event: its event log and its observables, if it has them.</summary>
internal sealed class EventFollowers : IDisposable
{
    private readonly EventLogWriter? _log;
    private readonly ObservableFeed? _observables;
    private readonly RunFolder? _folder; // null: no files are written
    private readonly bool _withParquet;

    private EventFollowers(Case @case, RunFolder? folder, SystemState state, EventLogWriter? log)
    {
        (_log, _folder, _withParquet) = (log, folder, @case.Output.Parquet);
        _observables = @case.Output.Observables.IsEmpty
            ? null
            : new ObservableFeed(new ObservableSet(
                @case.Gas, state, @case.Output.Observables, @case.Run.Equilibrate,
                (observable, index) => new RegularTimes(observable.Every, @case.Run.Until, observable.Times)[index]));
        if (folder is not null && Environment.ProcessorCount > 1)
        {
            _observables?.BeginPreparing();
        }
    }

    /// <summary>Whether the simulation must keep its events.</summary>
    public bool NeedEvents => _log is not null || _observables is { NeedsEvents: true };

    /// <summary>The next time at which the state is wanted; +infinity if never.</summary>
    public double NextDue => _observables?.NextDue ?? double.PositiveInfinity;

    /// <summary>Bytes of the event log so far.</summary>
    public long LogLength => _log?.Length ?? 0;

    /// <summary>Begins the files of a run.</summary>
    public static EventFollowers Begin(Case @case, RunFolder folder, SystemState initial) => new(
        @case, folder, initial,
        @case.Output.Events is { } plan ? EventLogWriter.Create(folder.EventsPath, plan, @case.Gas, initial) : null);

    /// <summary>Observables in memory alone, for a replica of an ensemble.</summary>
    public static EventFollowers InMemory(Case @case, SystemState initial) => new(@case, folder: null, initial, log: null);

    /// <summary>The same from a checkpoint on.</summary>
    /// <exception cref="InputFaultException">The checkpoint is of other observables.</exception>
    public static EventFollowers InMemory(Case @case, Checkpoint checkpoint)
    {
        EventFollowers followers = InMemory(@case, checkpoint.State);
        followers.Load(checkpoint, @case.Name);
        return followers;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <exception cref="InputFaultException">The event log has lost events, or the checkpoint is of other observables.</exception>
    public static EventFollowers Resume(Case @case, RunFolder folder, Checkpoint checkpoint)
    {
        EventFollowers followers = new(@case, folder, checkpoint.State, log: null);
        followers.Load(checkpoint, folder.CasePath);
        return @case.Output.Events is { } plan
            ? new(followers, EventLogWriter.Resume(folder.EventsPath, plan, checkpoint.Progress.EventsLength))
            : followers;
    }

    private EventFollowers(EventFollowers other, EventLogWriter log) =>
        (_observables, _folder, _withParquet, _log) = (other._observables, other._folder, other._withParquet, log);

    /// <summary>
    /// Lets a simulation go on, and takes its events: several times, where it counts steps, so that they are still in the cache.
    /// </summary>
    /// <returns>Whether the time was reached.</returns>
    public bool Advance(ISimulation simulation, double due, long stepCountMax)
    {
        if (_folder is not null && simulation.ThreadCount < Environment.ProcessorCount)
        {
            _observables?.BeginThread();
        }

        long left = stepCountMax;
        bool reached;
        do
        {
            long steps = NeedEvents && simulation.CountsSteps ? Math.Min(left, EventSlices.StepsPerTake) : left;
            reached = simulation.Advance(due, steps);
            Follow(simulation);
            left -= steps;
        }
        while (!reached && left > 0);
        return reached;
    }

    /// <summary>Takes the events that have happened since the last time.</summary>
    public void Follow(ISimulation simulation)
    {
        if (!NeedEvents)
        {
            return;
        }

        ReadOnlySpan<byte> events = simulation.TakeEvents().Span;
        if (_log is null)
        {
            _observables!.AddEvents(events, simulation.Unpacker);
        }
        else if (simulation.Unpacker is { } unpacker)
        {
            while (unpacker.Next(ref events) is { Length: > 0 } unpacked)
            {
                Log(unpacked);
            }
        }
        else
        {
            Log(events);
        }
    }

    /// <summary>Measures at a time that was reached; looks at the state only if it is wanted.</summary>
    /// <param name="time">The time.</param>
    /// <param name="simulation">At that time.</param>
    /// <param name="state">Its state, if somebody else has captured it.</param>
    public void MeasureAt(double time, ISimulation simulation, SystemState? state) =>
        _observables?.Reach(time, simulation, state);

    /// <summary>Hands the event log to the disk.</summary>
    public void FlushToDisk() => _log?.Flush(toDisk: true);

    /// <summary>What the observables have measured, for a checkpoint in memory.</summary>
    public byte[] SaveObservables() => _observables is null ? [] : _observables.Finished().Save();

    /// <summary>Writes what the observables have measured, for a checkpoint in a file: no array is made of it.</summary>
    public void SaveObservables(Stream stream) => _observables?.Finished().Save(stream);

    /// <summary>Writes the tables of the observables.</summary>
    public void WriteTables()
    {
        if (_observables is not null && _folder is not null)
        {
            ObservableTables.Write(_folder, Tables(), _withParquet);
        }
    }

    /// <summary>What the observables have measured.</summary>
    public IEnumerable<(string Name, ObservableTable Table)> Tables() =>
        _observables is null ? [] : ObservableTables.Of(_observables.Finished());

    /// <inheritdoc/>
    public void Dispose()
    {
        _observables?.Dispose();
        _log?.Dispose();
    }

    private void Log(ReadOnlySpan<byte> events)
    {
        _log!.Append(events);
        _observables?.AddEvents(events, unpacker: null);
    }

    private void Load(Checkpoint checkpoint, string source)
    {
        if (_observables?.Finished().Load(checkpoint.Observables) is { } problem)
        {
            throw new InputFaultException(new InputFault(
                source, null, "output.observables", problem, "restore output.observables, or start the run again with --force"));
        }
    }
}
