using ActorMD.Physics.Events;

namespace ActorMD.Physics.Tests;

public class EventBatchTests
{
    private static readonly Gas _gas = new(Box.Of(3, new Vec3(9, 9, 9), Boundary.Periodic), [new Species("A", 1, 1)], []);

    [Theory, InlineData(false), InlineData(true)]
    public void Events_come_out_in_the_order_of_the_log_and_an_open_instant_stays(bool isPacked)
    {
        Random random = new(1);
        for (int round = 0; round < 200; round++)
        {
            EventBatch batch = new() { IsPacked = isPacked };
            List<(double Time, int First)> waiting = []; // as the batch should have them, in the order of adding
            double time = 0;
            for (int take = 0; take < 5; take++)
            {
                int count = random.Next(6);
                for (int k = 0; k < count; k++)
                {
                    time += random.Next(3) - (random.Next(8) == 0 ? 1 : 0); // some at the same instant, some too late
                    (double Time, int First) added = (time, random.Next(4));
                    Add(batch, added);
                    waiting.Add(added);
                }

                bool withLastInstant = random.Next(2) == 0;
                int taken = waiting.Count;
                while (!withLastInstant && taken > 0 && waiting[taken - 1].Time == waiting[^1].Time)
                {
                    taken--;
                }

                IEnumerable<(double, int)> expected = waiting.Take(taken).OrderBy(e => e.Time).ThenBy(e => isPacked ? 0 : e.First);
                Assert.Equal(expected, Read(batch.Lend(withLastInstant).Span));
                waiting.RemoveRange(0, taken);
                Assert.Equal(waiting.Count * (isPacked ? PackedPair.Size : PairRecord.Size), batch.Length);
            }
        }
    }

    private static void Add(EventBatch batch, (double Time, int First) added)
    {
        if (!batch.IsPacked)
        {
            ParticleState[] states = new ParticleState[2];
            batch.Add(_gas, 0, added.Time, 2, [added.First, 9], states, states);
            return;
        }

        ref PackedPair record = ref batch.NextPair();
        record = new PackedPair { Time = added.Time, Order = 2, Count = PackedPair.Plain, First = added.First, Second = 9 };
        batch.AddPair();
    }

    private static List<(double, int)> Read(ReadOnlySpan<byte> events)
    {
        List<(double, int)> read = [];
        for (; events.Length > 0; events = events[EventBatch.SizeAt(events)..])
        {
            EventRecord record = new(events[..EventBatch.SizeAt(events)]);
            read.Add((record.Time, record.Id(0)));
        }

        return read;
    }
}
