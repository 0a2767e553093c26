// ActorMD as a library: a gas, its start, its exact trajectory, and what kinetic theory says of it.
using ActorMD.Engine;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Scalings;
using ActorMD.Physics;

Gas gas = new(Box.Cube(10), [new Species("A", Mass: 1, Diameter: 1), new Species("B", Mass: 4, Diameter: 0.5)], []);
VelocityPlan velocities = new([new Maxwellian(1, Vec3.Zero), new Maxwellian(1, Vec3.Zero)], Vec3.Zero);
SystemState start = InitialState.Build(
    gas, [200, 200], new InitialData(new PositionPlan(PositionMethod.Conditioned), velocities), seed: 1);
using Simulator simulator = new(gas, start);
simulator.Advance(until: 20);

double measured = 2.0 * simulator.Tally.CollisionCount / (400 * simulator.Time);
double expected = GasScales.Of(gas, [200, 200], [1, 1]).Species.Average(species => species.Rate);
Console.WriteLine(FormattableString.Invariant($"{simulator.Tally.CollisionCount} collisions until time {simulator.Time}"));
Console.WriteLine(FormattableString.Invariant($"{measured:F3} per particle and time, expected {expected:F3}"));
Console.WriteLine(StateDigest.Of(simulator.Capture()));
