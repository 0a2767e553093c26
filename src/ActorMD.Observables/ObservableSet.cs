using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Observables;

/// <summary>All observables of a run.</summary>
/// <remarks>
/// It is given the events in the order of the event log, and states at the times that <see cref="NextDue"/> names. Both are the same for
/// every split, runtime and interruption, and every sum is taken in their order: so are the results, to the last bit.
/// </remarks>
public sealed class ObservableSet
{
    private const int Version = 2;

    private readonly double _epochLength;
    private readonly int[] _speciesOf;
    private readonly Observable[] _all;
    private readonly Observable[] _withEvents;
    private readonly SampleSchedule _schedule;
    private readonly Vec3[] _before = new Vec3[GasValidation.OrderLimit];
    private readonly Vec3[] _after = new Vec3[GasValidation.OrderLimit];
    private readonly Vec3[] _offsets = new Vec3[GasValidation.OrderLimit];
    private readonly int[] _ids = new int[GasValidation.OrderLimit];
    private readonly int[] _species = new int[GasValidation.OrderLimit];
    private bool _followsEvents; // the averages have begun

    /// <param name="gas">What is simulated.</param>
    /// <param name="state">Species of the particles, and the length of an epoch.</param>
    /// <param name="plans">What is to be measured.</param>
    /// <param name="from">Time from which on averages are taken.</param>
    /// <param name="timeOf">The moment of a sample of an observable, from index 0 on, as for all outputs; +infinity after the end.</param>
    public ObservableSet(
        Gas gas, SystemState state, ImmutableArray<ObservablePlan> plans, double from, Func<ObservablePlan, long, double> timeOf)
        : this(gas, state, speciesOf => ObservableFactory.Create(gas, state, speciesOf, plans), from, timeOf)
    {
    }

    internal ObservableSet(
        Gas gas, SystemState state, Func<int[], Observable[]> create, double from, Func<ObservablePlan, long, double> timeOf)
    {
        _epochLength = state.EpochLength;
        _speciesOf = Array.ConvertAll(state.Particles, particle => gas.Kinds[particle.Kind].Species);
        _all = create(_speciesOf);
        _withEvents = [.. _all.Where(observable => observable.Plan.NeedsEvents)];
        _schedule = new SampleSchedule(_all, from, timeOf);
    }

    /// <summary>Whether <see cref="AddEvents"/> is to be called.</summary>
    public bool NeedsEvents => _withEvents.Length > 0;

    /// <summary>The next time at which <see cref="Sample"/> wants the state; +infinity if never.</summary>
    public double NextDue => _schedule.NextDue;

    /// <summary>
    /// Compiles what measures and makes its memory, in the caller's thread: while another one makes the simulation, so that the
    /// run need not wait for it.
    /// </summary>
    public void Prepare()
    {
        foreach (Observable observable in _all)
        {
            observable.Prepare();
        }

        foreach (Type type in _all.SelectMany(observable => observable.TypesThatMeasure).Distinct())
        {
            foreach (MethodInfo method in type.GetMethods(
                BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            {
                if (!method.IsAbstract && !method.ContainsGenericParameters)
                {
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
                }
            }
        }
    }

    /// <summary>What is due at a time that is reached: for <see cref="Sample"/>, which may come later, in another thread.</summary>
    public DueSamples TakeDue(double time) => _schedule.Take(time);

    /// <summary>Events since the last call, in the order of the log.</summary>
    public void AddEvents(ReadOnlySpan<byte> events)
    {
        if (!_followsEvents)
        {
            return;
        }

        while (events.Length > 0)
        {
            int pairs = PairsAtStart(events), size = pairs > 0 ? pairs * PairRecord.Size : EventRecord.SizeAt(events);
            if (pairs > 0)
            {
                PairList list = new(MemoryMarshal.Cast<byte, PairRecord>(events[..size]), _speciesOf, _epochLength);
                foreach (Observable observable in _withEvents)
                {
                    observable.OnPairs(list);
                }
            }
            else
            {
                Add(new EventRecord(events[..size]));
            }

            events = events[size..];
        }
    }

    /// <summary>The state at a time, all events up to it given: begins what begins there, and takes the samples that are due.</summary>
    public void Sample(DueSamples due, double time, SystemState state, EventTally tally)
    {
        AdvanceTo(time);
        foreach (Observable observable in _all)
        {
            if (observable.BeginsAtOnce ? due.BeginsAtOnce : due.Begins)
            {
                observable.Begin(state, tally);
            }
        }

        _followsEvents |= due.Begins;
        foreach (int k in due.Samples)
        {
            _all[k].Sample(state, tally);
        }
    }

    /// <summary>All events up to a time have been given.</summary>
    public void AdvanceTo(double time)
    {
        if (_followsEvents)
        {
            foreach (Observable observable in _withEvents)
            {
                observable.AdvanceTo(time);
            }
        }
    }

    /// <summary>The results so far, each with the name of its observable.</summary>
    public IEnumerable<(ObservablePlan Plan, ObservableTable Table)> Tables()
    {
        foreach (Observable observable in _all)
        {
            foreach (ObservableTable table in observable.Tables())
            {
                yield return (observable.Plan, table);
            }
        }
    }

    /// <summary>Everything from which it goes on, for a checkpoint.</summary>
    public byte[] Save()
    {
        using MemoryStream stream = new();
        Save(stream);
        return stream.ToArray();
    }

    /// <summary>Writes what <see cref="Save()"/> gives.</summary>
    public void Save(Stream stream)
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Version);
        writer.Write(Fingerprint());
        _schedule.Save(writer);
        foreach (Observable observable in _all)
        {
            observable.Save(writer);
        }
    }

    /// <summary>Restores what <see cref="Save()"/> gave.</summary>
    /// <returns>What is wrong; null if nothing.</returns>
    public string? Load(byte[] saved)
    {
        try
        {
            using BinaryReader reader = new(new MemoryStream(saved), Encoding.UTF8);
            if (saved.Length == 0 || reader.ReadInt32() != Version || reader.ReadString() != Fingerprint())
            {
                return "the run was begun with other observables";
            }

            _followsEvents = _schedule.Load(reader);
            foreach (Observable observable in _all)
            {
                observable.Load(reader);
            }

            return reader.BaseStream.Position == saved.Length ? null : "the state of the observables is longer than it can be";
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException or FormatException)
        {
            return $"the state of the observables is damaged: {error.Message.TrimEnd('.')}";
        }
    }

    private string Fingerprint() => string.Join('\n', _all.Select(observable => observable.Plan.ToString()));

    // Pair collisions before the first other event.
    private static int PairsAtStart(ReadOnlySpan<byte> events)
    {
        ReadOnlySpan<PairRecord> records = MemoryMarshal.Cast<byte, PairRecord>(events);
        int count = 0;
        while (count < records.Length && records[count].Order == 2)
        {
            count++;
        }

        return count;
    }

    private void Add(EventRecord happened)
    {
        int count = happened.Count, order = happened.Order;
        for (int k = 0; k < count; k++)
        {
            _ids[k] = happened.Id(k);
            _species[k] = _speciesOf[_ids[k]];
            _before[k] = happened.VelocityBefore(k);
            _after[k] = happened.VelocityAfter(k);
            _offsets[k] = k == 0 ? Vec3.Zero : happened.Impact(k - 1);
        }

        EventView view = new()
        {
            Time = EventTime.Of(happened.Epoch, happened.Time, _epochLength),
            Order = order,
            Ids = _ids.AsSpan(0, count),
            Species = _species.AsSpan(0, count),
            Before = _before.AsSpan(0, count),
            After = _after.AsSpan(0, count),
            Offsets = order == 1 ? [] : _offsets.AsSpan(0, count),
        };
        foreach (Observable observable in _withEvents)
        {
            observable.OnEvent(view);
        }
    }
}
