using ActorMD.Engine.Execution;

namespace ActorMD.Engine.Tests;

/// <summary>A storm is told from a calm run by the time that passes between two looks.</summary>
public class StormWatchTests
{
    [Fact]
    public void Time_that_advances_is_no_storm_and_time_that_stands_still_is_one()
    {
        StormWatch watch = new(epochLength: 2, period: 10, now: 0.5);
        watch.Spend(4);
        Assert.Equal(6, watch.EventsLeft);
        watch.Spend(7);
        Assert.Equal(0, watch.EventsLeft);

        Assert.False(watch.IsStorm(0.5 + 3e-10));
        Assert.Equal(10, watch.EventsLeft);
        Assert.Equal(0.5 + 3e-10, watch.LookedAt);
        Assert.True(watch.IsStorm(0.5 + 4e-10));
    }

    [Fact]
    public void Where_nothing_moves_there_is_no_storm() =>
        Assert.False(new StormWatch(double.PositiveInfinity, period: 1, now: 0).IsStorm(0));
}
