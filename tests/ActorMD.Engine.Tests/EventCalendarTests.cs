using ActorMD.Engine.Calendar;
using ActorMD.Engine.Particles;
using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Engine.Tests;

/// <summary>The calendar against the obvious model: a sorted set of (time, id).</summary>
public unsafe class EventCalendarTests
{
    private const int SlotCount = 300;

    [Theory]
    [InlineData(300.0)] // about right
    [InlineData(0.5)] // everything in one bucket
    [InlineData(1e6)] // nearly all beyond the ring
    [InlineData(0.0)] // unknown
    public void Events_come_in_the_order_of_time_and_id(double rate)
    {
        using NativeArray<NextEvent> events = new(SlotCount);
        CounterRandom random = new(23, RandomStream.Testing);
        SortedSet<(double Time, int Slot)> model = [];
        for (int slot = 0; slot < SlotCount; slot++)
        {
            events.Pointer[slot].Time = Draw(0, ref random);
            model.Add((events.Pointer[slot].Time, slot));
        }

        using EventCalendar calendar = new(events.Pointer, SlotCount, 0, rate, new BySlot());
        for (int slot = 0; slot < SlotCount; slot++)
        {
            calendar.Insert(slot);
        }

        double now = 0;
        for (int step = 0; step < 30_000; step++)
        {
            (double time, int expected) = model.Min;
            if (double.IsPositiveInfinity(time))
            {
                Assert.Equal(-1, calendar.Next(1e300));
                break;
            }

            Assert.Equal(-1, calendar.Next(Math.BitDecrement(time)));
            Assert.Equal(expected, calendar.Next(now + 1e300));
            calendar.Pop();
            now = time;
            Change(expected, now);
            // Another particle, whose entry in the calendar becomes stale.
            Change(random.NextInteger(SlotCount), now);
        }

        void Change(int slot, double present)
        {
            model.Remove((events.Pointer[slot].Time, slot));
            events.Pointer[slot].Time = Draw(present, ref random);
            model.Add((events.Pointer[slot].Time, slot));
            calendar.Insert(slot);
        }
    }

    [Fact]
    public void An_empty_calendar_has_no_next_event()
    {
        using NativeArray<NextEvent> events = new(2);
        events.Pointer[0].Time = events.Pointer[1].Time = double.PositiveInfinity;
        using EventCalendar calendar = new(events.Pointer, 2, 0, 1, new BySlot());
        calendar.Insert(0);
        calendar.Insert(1);
        Assert.Equal(-1, calendar.Next(double.PositiveInfinity));
    }

    // Mostly exponential waits; some are zero, some equal (ties), some very long, some never end.
    private static double Draw(double now, ref CounterRandom random)
    {
        double wait = -PortableMath.Log(random.NextPositiveUniform());
        return random.NextInteger(50) switch
        {
            0 => now,
            1 => Math.Ceiling(now + 1),
            2 => now + 1000 * wait,
            3 => double.PositiveInfinity,
            _ => now + wait,
        };
    }

    private sealed class BySlot : ITieBreaker
    {
        public bool Precedes(int a, int b) => a < b;
    }
}
