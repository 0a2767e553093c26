using ActorMD.Physics.Events;

namespace ActorMD.Physics.Tests;

public class EventBatchTests
{
    [Fact]
    public void Events_come_out_in_the_order_of_the_log_and_an_open_instant_stays()
    {
        Random random = new(1);
        for (int round = 0; round < 200; round++)
        {
            EventBatch batch = new();
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

                IEnumerable<(double, int)> expected = waiting.Take(taken).OrderBy(e => e.Time).ThenBy(e => e.First);
                Assert.Equal(expected, Read(batch.Lend(withLastInstant).Span));
                waiting.RemoveRange(0, taken);
                Assert.Equal(waiting.Count * PairRecord.Size, batch.Length);
            }
        }
    }

    private static void Add(EventBatch batch, (double Time, int First) added)
    {
        ref PairRecord record = ref batch.NextPair();
        record = new PairRecord { Time = added.Time, Order = 2, Count = 2, First = added.First, Second = 9 };
        batch.AddPair();
    }

    private static List<(double, int)> Read(ReadOnlySpan<byte> events)
    {
        List<(double, int)> read = [];
        for (; events.Length > 0; events = events[EventRecord.SizeAt(events)..])
        {
            EventRecord record = new(events[..EventRecord.SizeAt(events)]);
            read.Add((record.Time, record.Id(0)));
        }

        return read;
    }
}
