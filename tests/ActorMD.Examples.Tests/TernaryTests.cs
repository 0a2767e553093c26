namespace ActorMD.Examples.Tests;

public sealed class TernaryTests(ExampleRun<TernaryTests> run)
    : HigherOrderExampleTests(run), IExample, IClassFixture<ExampleRun<TernaryTests>>
{
    public static string Name => "ternary";

    private protected override double[] Constants => [0.2, 0.1];

    [Fact]
    public void Both_orders_fire_many_times()
    {
        Assert.True(Run.Summary.Events["order2"] > 40_000);
        Assert.True(Run.Summary.Events["order3"] > 3000);
    }

    [Fact]
    public void Pairs_collide_at_their_rate() => AssertRateAgrees(2, relativeErrorMax: 0.006, systematic: 0.01);

    [Fact]
    public void Triples_collide_at_their_rate() => AssertRateAgrees(3, relativeErrorMax: 0.02, systematic: 0.01);
}
