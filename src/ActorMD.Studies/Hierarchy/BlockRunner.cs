using System.Diagnostics;
using ActorMD.Studies.Boltzmann;

namespace ActorMD.Studies.Hierarchy;

/// <summary>Draws all blocks of all works on several threads, tells how it goes on and keeps what is done.</summary>
internal sealed class BlockRunner(IReadOnlyList<BlockWork> works, BlockStore store, int workerCount, Action<WorkPace> advanced)
{
    private const int SecondsPerCheckpoint = 30;
    private const int PollMilliseconds = 100;

    /// <summary>The sums of every work, block by block. Goes on from a checkpoint if told to; leaves one when stopped.</summary>
    /// <param name="resumes">Whether there is a checkpoint.</param>
    /// <param name="stop">Ends the work after the blocks that are being drawn.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyDictionary<string, double[][]> Run(bool resumes, CancellationToken stop)
    {
        Dictionary<string, double[]?[]> blocks = works.ToDictionary(w => w.Name, w => new double[]?[w.Count]);
        if (resumes)
        {
            store.Read(blocks);
        }

        (BlockWork Work, int Number)[] open =
            [.. works.SelectMany(w => Enumerable.Range(0, w.Count).Where(n => blocks[w.Name][n] is null), (w, n) => (w, n))];
        int total = works.Sum(w => w.Count), done = 0, nextOpen = -1;
        long started = Stopwatch.GetTimestamp(), saved = started;
        // The next open block for whoever is free, in order: so the noun of the progress is that of the last one.
        Task drawing = Task.Run(() => ParallelRuns.For(Math.Max(workerCount, 1), workerCount, _ =>
        {
            int mine;
            while (!stop.IsCancellationRequested && (mine = Interlocked.Increment(ref nextOpen)) < open.Length)
            {
                (BlockWork work, int number) = open[mine];
                Volatile.Write(ref blocks[work.Name][number], work.Draw(number));
                Interlocked.Increment(ref done);
            }
        }), CancellationToken.None);
        while (Task.WaitAny([drawing], PollMilliseconds) < 0)
        {
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            int now = Volatile.Read(ref done), at = Math.Clamp(Volatile.Read(ref nextOpen), 0, open.Length - 1);
            advanced(new WorkPace(
                open[at].Work.Noun, (double)(total - open.Length + now) / total, now > 0 ? seconds / now * (open.Length - now) : null));
            if (Stopwatch.GetElapsedTime(saved).TotalSeconds > SecondsPerCheckpoint)
            {
                store.Write(blocks);
                saved = Stopwatch.GetTimestamp();
            }
        }

        drawing.GetAwaiter().GetResult(); // throws what went wrong, as it is
        if (stop.IsCancellationRequested)
        {
            store.Write(blocks);
            throw new OperationCanceledException(stop);
        }

        return blocks.ToDictionary(b => b.Key, b => b.Value.Select(sums => sums!).ToArray());
    }
}
