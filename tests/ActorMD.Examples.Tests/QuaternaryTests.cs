namespace ActorMD.Examples.Tests;

public sealed class QuaternaryTests(ExampleRun<QuaternaryTests> run)
    : HigherOrderExampleTests(run), IExample, IClassFixture<ExampleRun<QuaternaryTests>>
{
    public static string Name => "quaternary";

    private protected override double[] Constants => [0.1, 0.05, 0.3];

    [Fact]
    public void All_three_orders_fire_many_times()
    {
        Assert.True(Run.Summary.Events["order2"] > 10_000);
        Assert.True(Run.Summary.Events["order3"] > 2500);
        Assert.True(Run.Summary.Events["order4"] > 1200);
    }

    [Fact]
    public void Pairs_collide_at_their_rate() => AssertRateAgrees(2, relativeErrorMax: 0.01, systematic: 0.02);

    [Fact]
    public void Triples_collide_at_their_rate() => AssertRateAgrees(3, relativeErrorMax: 0.02, systematic: 0.02);

    [Fact]
    public void Quadruples_collide_at_their_rate() => AssertRateAgrees(4, relativeErrorMax: 0.03, systematic: 0.02);
}
