using System.Runtime.ExceptionServices;

namespace ActorMD.Studies.Boltzmann;

/// <summary>Does independent work on several threads, and throws what one of them threw as it is.</summary>
internal static class ParallelRuns
{
    /// <param name="count">Pieces of work, numbered from 0.</param>
    /// <param name="workerCount">Largest number of threads.</param>
    /// <param name="work">One piece.</param>
    public static void For(int count, int workerCount, Action<int> work)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(workerCount, 1, count) }, work);
        }
        catch (AggregateException errors)
        {
            // A cancellation stops the others too: an error that came first matters more.
            Exception first = errors.InnerExceptions.FirstOrDefault(e => e is not OperationCanceledException) ?? errors.InnerExceptions[0];
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
