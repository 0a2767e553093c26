using ActorMD.Runs.Output;

namespace ActorMD.Runs.Tests;

/// <summary>The log of a long run stays small.</summary>
public class PulseClockTests
{
    [Theory]
    [InlineData(10, 4, 6)]
    [InlineData(24 * 3600, 2000, 3100)]
    [InlineData(7 * 24 * 3600, 3000, 4200)]
    [InlineData(365 * 24 * 3600, 4500, 6500)]
    public void Lines_come_often_at_first_and_then_ever_more_seldom(long seconds, int least, int most)
    {
        SteppedClock clock = new();
        PulseClock pulse = new(TimeSpan.FromSeconds(2), clock);
        int lines = 0;
        double due = 2;
        while (clock.Seconds < seconds)
        {
            // Asked twice a second, as a run does; a year of that would take too long, so that quiet stretches are left out.
            clock.Seconds = Math.Max(clock.Seconds + 0.5, due - 5);
            if (pulse.IsDue())
            {
                Assert.InRange(clock.Seconds, 0, due + 0.5);
                due = clock.Seconds + pulse.NextSeconds;
                lines++;
            }
        }

        Assert.InRange(lines, least, most);
    }

    private sealed class SteppedClock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
