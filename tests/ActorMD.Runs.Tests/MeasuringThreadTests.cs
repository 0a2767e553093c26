using ActorMD.Runs.Simulations;

namespace ActorMD.Runs.Tests;

public class MeasuringThreadTests
{
    [Fact]
    public void Work_is_done_in_order_however_much_of_it_waits()
    {
        List<int> done = [];
        using MeasuringThread thread = new();
        for (int k = 0; k < 20; k++)
        {
            int number = k;
            thread.Add(() => done.Add(number), 3 << 20); // two of them are more than may wait
        }

        thread.Finish();
        Assert.Equal(Enumerable.Range(0, 20), done);
    }

    [Fact]
    public void What_work_throws_is_thrown_to_who_waits_and_nothing_is_done_after_it()
    {
        bool isDone = false;
        using MeasuringThread thread = new();
        thread.Add(() => throw new InvalidDataException("broken"), 0);
        Assert.Throws<InvalidDataException>(() =>
        {
            thread.Add(() => isDone = true, 0);
            thread.Finish();
        });
        Assert.False(isDone);
    }
}
