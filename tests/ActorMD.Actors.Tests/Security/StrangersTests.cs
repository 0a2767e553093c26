using ActorMD.Actors.Security;

namespace ActorMD.Actors.Tests.Security;

public sealed class StrangersTests
{
    [Fact]
    public void The_same_is_told_once_a_minute_with_how_often_it_was()
    {
        Clock clock = new();
        List<string> told = [];
        Strangers strangers = new(told.Add, clock);
        for (int k = 0; k < 1000; k++)
        {
            strangers.Refuse($"192.0.2.7:{k}", "it speaks no TLS");
        }

        strangers.Refuse("192.0.2.8:1", "it speaks no TLS");
        Assert.Equal(2, told.Count);
        Assert.Equal("Refused the connection with 192.0.2.7:0: it speaks no TLS", told[0]);
        clock.Now += TimeSpan.FromMinutes(2).Ticks;
        strangers.Refuse("192.0.2.7:9", "it speaks no TLS");
        Assert.Contains("(999 more", told[2]);
    }

    [Fact]
    public void What_is_remembered_and_told_does_not_grow_with_the_strangers()
    {
        List<string> told = [];
        Strangers strangers = new(told.Add, new Clock());
        for (int k = 0; k < 100_000; k++)
        {
            strangers.Refuse($"192.0.{k % 256}.{k / 256}:{k}", "it speaks no TLS");
        }

        Assert.InRange(told.Count, 10, 100);
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
