using ActorMD.Observables.Plans;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Observables.Measuring;

/// <summary>One measurement in the making. It looks at states and events, and changes nothing.</summary>
/// <param name="plan">What is asked for.</param>
/// <param name="gas">What is simulated.</param>
internal abstract class Observable(ObservablePlan plan, Gas gas)
{
    public ObservablePlan Plan { get; } = plan;

    protected Gas Gas { get; } = gas;

    /// <summary>Whether it takes samples of the whole state, at multiples of <see cref="ObservablePlan.Every"/>.</summary>
    public virtual bool SamplesStates => false;

    /// <summary>Whether it begins at time 0 instead of where the averages start.</summary>
    public virtual bool BeginsAtOnce => false;

    /// <summary>Its own type, and others that do its work.</summary>
    public virtual IEnumerable<Type> TypesThatMeasure => [GetType()];

    /// <summary>Makes memory that <see cref="Begin"/> would have to make; it may be left out.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>The state and the counts from which on it measures.</summary>
    public virtual void Begin(SystemState state, EventTally tally)
    {
    }

    /// <summary>An event that is no pair collision, or one of those, in the order of time.</summary>
    public virtual void OnEvent(in EventView happened)
    {
    }

    /// <summary>Pair collisions that follow each other, in the order of time.</summary>
    public virtual void OnPairs(in PairList pairs)
    {
        Span<int> ids = stackalloc int[2], species = stackalloc int[2];
        Span<Vec3> before = stackalloc Vec3[2], after = stackalloc Vec3[2], offsets = stackalloc Vec3[2];
        offsets[0] = Vec3.Zero;
        foreach (ref readonly PairRecord record in pairs.Records)
        {
            (ids[0], ids[1]) = (record.First, record.Second);
            (species[0], species[1]) = (pairs.SpeciesOf(record.First), pairs.SpeciesOf(record.Second));
            (before[0], before[1], after[0], after[1]) = (record.FirstBefore, record.SecondBefore, record.FirstAfter, record.SecondAfter);
            offsets[1] = record.Impact;
            OnEvent(new EventView
            {
                Time = pairs.TimeOf(record),
                Order = 2,
                Ids = ids,
                Species = species,
                Before = before,
                After = after,
                Offsets = offsets,
            });
        }
    }

    /// <summary>All events up to a time have been given.</summary>
    public virtual void AdvanceTo(double time)
    {
    }

    /// <summary>Takes a sample of the state.</summary>
    public virtual void Sample(SystemState state, EventTally tally)
    {
    }

    /// <summary>The results so far.</summary>
    public abstract IEnumerable<ObservableTable> Tables();

    /// <summary>Writes everything from which it goes on, bit for bit.</summary>
    public abstract void Save(BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It did not write this.</exception>
    public abstract void Load(BinaryReader reader);
}
