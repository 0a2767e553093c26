using System.Collections.Immutable;
using ActorMD.Observables;
using ActorMD.Observables.Plans;
using ActorMD.Physics;
using Serilog;

namespace ActorMD.Runs.Simulations;

/// <summary>A simulation on one thread with observables and without a run folder: for benchmarks and tests.</summary>
public sealed class ObservedSimulation : IDisposable
{
    private const long StepsPerCall = EventSlices.StepsPerTake;

    private readonly ObservableFeed _feed;

    /// <param name="gas">What is simulated.</param>
    /// <param name="state">Where it begins.</param>
    /// <param name="plans">What is measured, from the beginning on.</param>
    public ObservedSimulation(Gas gas, SystemState state, params ImmutableArray<ObservablePlan> plans)
    {
        double start = state.AbsoluteTime;
        _feed = new ObservableFeed(new ObservableSet(gas, state, plans, start, (plan, index) => start + After(plan, index)));
        Simulation = ExecutionPlan.Serial.Begin(
            gas, state, null, new RunContext("observed", "", Log.Logger, new RunRequests(), _feed.NeedsEvents));
        _feed.Reach(start, Simulation, state);
    }

    /// <summary>The simulation.</summary>
    public ISimulation Simulation { get; }

    /// <summary>What is measured.</summary>
    public ObservableSet Observables => _feed.Finished();

    /// <summary>From now on a thread of its own measures.</summary>
    public void MeasureApart() => _feed.BeginThread();

    /// <summary>Goes on to a time.</summary>
    public void AdvanceTo(double time)
    {
        while (Simulation.Time < time)
        {
            double due = Math.Min(time, _feed.NextDue);
            while (!Simulation.Advance(due, StepsPerCall))
            {
                _feed.AddEvents(Simulation.TakeEvents().Span, Simulation.Unpacker);
            }

            _feed.AddEvents(Simulation.TakeEvents().Span, Simulation.Unpacker);
            _feed.Reach(due, Simulation, state: null);
        }
    }

    private static double After(ObservablePlan plan, long index) => plan.Times is not { } times ? plan.Every * index
        : index < times.Count ? times[(int)index]
        : double.PositiveInfinity;

    public void Dispose()
    {
        _feed.Dispose();
        Simulation.Dispose();
    }
}
