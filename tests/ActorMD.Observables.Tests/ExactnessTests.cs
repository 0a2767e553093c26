using ActorMD.Engine;
using ActorMD.Files.Cases;
using ActorMD.Observables.Currents;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Paths;
using ActorMD.Observables.Plans;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Observables.Tests;

/// <summary>What is followed from event to event is what the states themselves give.</summary>
public class ExactnessTests
{
    private const double Every = 0.05;
    private const int SampleCount = 12;
    private const double Single = 1e-6; // origins of time are kept in single precision

    [Theory, MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Displacements_and_autocorrelations_are_those_of_the_states(string name)
    {
        Case @case = Cases.Named(name);
        LagPlan lags = new(SampleCount * Every, false, 100 * Every);
        PathCorrelations? paths = null;
        ObservablePlan plan = new("msd", ObservableKind.Msd, Every) { Lags = lags };
        List<SystemState> states = Follow(@case, (gas, speciesOf) =>
            [new PathObservable(plan, gas, paths = new PathCorrelations(gas, speciesOf, Every, lags), isOwner: true)]).States;
        bool isMoving = !@case.Gas.Box.Has(Boundary.Open) && !@case.Gas.Box.Has(Boundary.Reflecting);
        Vec3 drift = isMoving ? MeanVelocity.Of(@case.Gas, states[0]) : Vec3.Zero;
        for (int lag = 0; lag <= SampleCount; lag++)
        {
            for (int species = 0; species < @case.Gas.Species.Length; species++)
            {
                double squares = 0, products = 0;
                int count = 0;
                for (int id = 0; id < states[0].Particles.Length; id++)
                {
                    if (states[0].Particles[id].Kind != species)
                    {
                        continue;
                    }

                    Vec3 moved = Unwrapped(@case.Gas, states[lag], id) - Unwrapped(@case.Gas, states[0], id) - drift * (lag * Every);
                    squares += moved.LengthSquared;
                    products += Vec3.Dot(states[0].Particles[id].Velocity - drift, states[lag].Particles[id].Velocity - drift);
                    count++;
                }

                Assert.Equal(1, paths!.OriginCount(lag));
                Assert.Equal(squares / count, paths.Displacement(lag, species), Single * (1 + squares / count));
                Assert.Equal(products / count, paths.Velocity(lag, species), Single);
            }
        }
    }

    // In free space nothing is wrapped, so that G_ab = sum m x_a v_b and sum x_a m v^2/2 can be read off the states.
    [Theory, InlineData(false), InlineData(true)]
    public void Helfand_moments_are_those_of_the_states_in_free_space(bool hasZone)
    {
        Case @case = hasZone
            ? Cases.Ternary with { Gas = Cases.Ternary.Gas with { Box = Box.Cube(1, Boundary.Open), Zones = [new Zone(3, 0.2)] } }
            : Cases.Cloud;
        ObservablePlan plan = new("helfand", ObservableKind.Helfand, Every) { Lags = new LagPlan(SampleCount * Every, false, Every) };
        HelfandMoments? moments = null;
        (List<SystemState> states, EventTally tally) = Follow(@case, (gas, _) => [moments = new HelfandMoments(plan, gas)]);
        Assert.True(tally.OrderCounts[hasZone ? 3 : 2] > 5);
        Vec3 drift = MeanVelocity.Of(@case.Gas, states[0]);
        double[] expected = new double[9];
        foreach ((SystemState state, int sign, double time) in ((SystemState, int, double)[])[(states[^1], 1, SampleCount * Every),
            (states[0], -1, 0)])
        {
            for (int id = 0; id < state.Particles.Length; id++)
            {
                ParticleState p = state.Particles[id];
                double mass = sign * @case.Gas.Species[p.Kind].Mass;
                Vec3 r = p.PositionAt(state.Time) - drift * time, v = p.Velocity - drift;
                double energy = 0.5 * v.LengthSquared;
                double[] terms = [r.X * v.X, r.Y * v.Y, r.Z * v.Z, r.X * v.Y, r.X * v.Z, r.Y * v.Z, r.X * energy, r.Y * energy,
                    r.Z * energy];
                for (int k = 0; k < terms.Length; k++)
                {
                    expected[k] += mass * terms[k];
                }
            }
        }

        for (int k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k], moments!.Last[k], 1e-10 * Math.Abs(expected[k]) + 1e-10);
        }
    }

    [Theory, InlineData("mixture"), InlineData("ternary")]
    public void The_trace_of_the_momentum_moment_is_the_pressure(string name)
    {
        Case @case = Cases.Named(name);
        ObservablePlan plan = new("helfand", ObservableKind.Helfand, Every) { Lags = new LagPlan(SampleCount * Every, false, Every) };
        HelfandMoments? moments = null;
        (List<SystemState> states, EventTally tally) = Follow(@case, (gas, _) => [moments = new HelfandMoments(plan, gas)]);
        double kinetic = 3 * states[0].Particles.Length * Temperature.Of(@case.Gas, states[0]) * SampleCount * Every;
        double trace = moments!.Last[0] + moments.Last[1] + moments.Last[2];
        Assert.Equal(kinetic + tally.Virial.Value, trace, 1e-10 * trace);
    }

    private static (List<SystemState> States, EventTally Tally) Follow(Case @case, Func<Gas, int[], Observable[]> create)
    {
        SystemState state = Cases.Initial(@case);
        EventBatch log = new();
        using Simulator simulator = new(@case.Gas, state, log: log);
        ObservableSet set = new(@case.Gas, state, speciesOf => create(@case.Gas, speciesOf), 0, (plan, index) => plan.Every * index);
        set.Sample(set.TakeDue(0), 0, state, simulator.Tally);
        List<SystemState> states = [state];
        for (int n = 1; n <= SampleCount; n++)
        {
            simulator.Advance(n * Every);
            set.AddEvents(log.Take());
            set.AdvanceTo(n * Every);
            states.Add(simulator.Capture());
        }

        return (states, simulator.Tally);
    }

    private static Vec3 Unwrapped(Gas gas, SystemState state, int id)
    {
        ParticleState p = state.Particles[id];
        Vec3 lengths = gas.Box.Lengths;
        return p.PositionAt(state.Time) + new Vec3(p.Image.X * lengths.X, p.Image.Y * lengths.Y, p.Image.Z * lengths.Z);
    }
}
