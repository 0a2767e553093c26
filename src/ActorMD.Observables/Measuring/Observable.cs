using ActorMD.Observables.Plans;
using ActorMD.Physics;

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

    /// <summary>The state and the counts from which on it measures.</summary>
    public virtual void Begin(SystemState state, EventTally tally)
    {
    }

    /// <summary>An event, in the order of time.</summary>
    public virtual void OnEvent(in EventView happened)
    {
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
