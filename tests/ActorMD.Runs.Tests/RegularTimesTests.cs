using ActorMD.Observables.Plans;
using ActorMD.Runs.Sessions;

namespace ActorMD.Runs.Tests;

public class RegularTimesTests
{
    [Theory]
    [InlineData(0.1, 0.3, 3)]
    [InlineData(0.1, 0.35, 3)]
    [InlineData(0.05, 1.0, 20)]
    [InlineData(2.0, 1.0, 0)]
    [InlineData(double.PositiveInfinity, 1.0, 0)]
    [InlineData(0.7, 0.0, 0)]
    public void The_last_moment_is_the_last_multiple_before_the_end(double interval, double until, long last)
    {
        RegularTimes times = new(interval, until);

        Assert.Equal(last, times.LastIndex);
        Assert.Equal(0, times[0]);
        Assert.True(times[last] <= until);
        Assert.Equal(double.PositiveInfinity, times[last + 1]);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.0)]
    public void A_moment_is_the_decimal_that_was_meant_whatever_the_end(double until) =>
        Assert.Equal(0.3, new RegularTimes(0.1, until)[3]);

    [Fact]
    public void A_multiple_beyond_the_end_by_rounding_is_the_end()
    {
        double until = Math.BitDecrement(0.3);
        Assert.Equal(until, new RegularTimes(0.1, until)[3]);
    }

    [Fact]
    public void Moments_do_not_accumulate_rounding() => Assert.Equal(77777.7, new RegularTimes(0.1, 1e6)[777_777]);

    [Fact]
    public void Listed_moments_are_met_as_they_are_and_end_with_the_run()
    {
        RegularTimes times = new(1, 2, new TimeList([0.1, 0.7, 2, 3]));
        Assert.Equal([0, 0.1, 0.7, 2, double.PositiveInfinity], Enumerable.Range(0, 5).Select(k => times[k]));
        Assert.Equal(3, times.LastIndex);
        Assert.True(times.IsNext(2, 0.5));
        Assert.False(times.IsNext(1, 0.5));
    }

    [Fact]
    public void Logarithmic_moments_have_equal_ratios() =>
        Assert.Equal("[0, 0.01, 0.1, 1]", TimeList.Logarithmic(0.01, 1, 9).ToString());
}
