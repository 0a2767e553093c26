using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Hierarchy;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Tests.Dsmc;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using static ActorMD.Kinetic.Tests.Hierarchy.SeriesRun;

namespace ActorMD.Kinetic.Tests.Hierarchy;

/// <summary>Partial sums of the series against the solver of the kinetic equation by simulated particles.</summary>
[Trait("Tier", "Validation")]
public class SeriesAgainstDsmcTests
{
    private const int ParticleCount = 4_000_000;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Orders_two_three_and_four_together_relax_the_fourth_moment_alike(int d)
    {
        Gas gas = d == 3
            ? Box(3, 1, [new Species("A", 1, 0.2)], new Zone(3, 0.45), new Zone(4, 0.75))
            : Box(2, 1, [new Species("A", 1, 0.1)], new Zone(3, 0.4), new Zone(4, 0.75));
        InitialData data = Data(FewFast(1, 0.35));
        Agree(gas, [1], data, "fourth", 0.02, v => v.LengthSquared * v.LengthSquared);
    }

    [Fact]
    public void A_mixture_exchanges_energy_alike()
    {
        Gas gas = Box(3, 1, [new Species("A", 1, 0.2), new Species("B", 4, 0.3)]);
        Agree(gas, [1, 2], Data(Warm(2), Warm(0.5)), "energy", 0.01, v => v.LengthSquared);
    }

    private static void Agree(Gas gas, int[] counts, InitialData data, string observable, double errorMax, Func<Vec3, double> phi)
    {
        double time = 0.3 * new BranchingBound(gas, [.. counts], [.. gas.Species.Select(_ => 1.0)]).Limit();
        SeriesTerm[] terms = [.. Terms(Model(gas, counts, data, SeriesFlow.Boltzmann, [0], [observable]), time, 3, 2_000_000)];
        DsmcSize size = DsmcSize.For([.. counts], ParticleCount);
        DsmcSolver solver = new(
            gas, DsmcGrid.Homogeneous(gas.Box), size.Weight, DsmcStart.Draw(gas, size, data, 1, 0), 1, channels: CollisionChannel.All(gas));
        double[] before = [.. solver.Particles().Where(p => p.Kind == 0).Select(p => phi(p.Velocity))];
        solver.Advance(time, 1);
        double[] after = [.. solver.Particles().Where(p => p.Kind == 0).Select(p => phi(p.Velocity))];
        // The change of every particle, so that the noise of the initial draw has no part.
        double change = after.Zip(before, (x, y) => x - y).Average(), series = terms.Skip(1).Sum(t => t.Estimate);
        double spread = Math.Sqrt(after.Zip(before, (x, y) => (x - y) * (x - y)).Average() / after.Length);
        double error = Math.Sqrt(terms.Skip(1).Sum(t => t.Error * t.Error) + spread * spread);
        Assert.True(error < errorMax, $"the error {error:G3} is above {errorMax}");
        Assert.True(Math.Abs(series) > 4 * error, "too little has happened");
        Assert.True(
            Math.Abs(series - change) < SigmaMax * error + 2 * Math.Abs(terms[3].Estimate),
            $"series {series:G5}, particles {change:G5}, error {error:G2}; "
            + string.Join(", ", terms.Select(t => $"{t.Estimate:G4}({t.Error:G2})")));
    }
}
