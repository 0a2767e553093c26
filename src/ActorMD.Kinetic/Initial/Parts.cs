using System.Runtime.ExceptionServices;

namespace ActorMD.Kinetic.Initial;

/// <summary>One work on many particles, in parts that any thread may do in any order.</summary>
/// <param name="particles">Their number: where they are few, the caller's thread does everything.</param>
/// <param name="workerCount">Largest number of threads.</param>
/// <param name="cancellation">Is looked at between parts.</param>
internal sealed class Parts(int particles, int workerCount, CancellationToken cancellation)
{
    private const int ParticlesMin = 10_000;
    private const int CountOfMany = 32;

    /// <summary>Into how many parts the particles are divided by their ids.</summary>
    public int Count => IsShared ? CountOfMany : 1;

    private bool IsShared => workerCount > 1 && particles >= ParticlesMin;

    /// <summary>The ids of a part.</summary>
    public (int First, int End) IdsOf(int part) =>
        ((int)((long)particles * part / Count), (int)((long)particles * (part + 1) / Count));

    /// <summary>Does work for every part of the ids.</summary>
    public void ForIds(Action<int> work) => For(Count, work);

    /// <summary>Does work 0, 1, ... count - 1; throws what one of them threw as it is.</summary>
    public void For(int count, Action<int> work)
    {
        if (!IsShared)
        {
            for (int part = 0; part < count; part++)
            {
                cancellation.ThrowIfCancellationRequested();
                work(part);
            }

            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = workerCount }, work);
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }
}
