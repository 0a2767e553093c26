using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace ActorMD.Engine.Sharing;

/// <summary>Threads that do equal parts of one work, again and again.</summary>
/// <remarks>They wait for each other without sleep for a while: many works take less time than it takes to wake a thread.</remarks>
internal sealed class WorkTeam : IDisposable
{
    private readonly Round _begun = new();
    private readonly Round _done = new();
    private readonly Thread[] _threads;
    private readonly Exception?[] _faults;
    private Action<int>? _work; // null: the threads end
    private int _round;
    private int _leftCount; // threads that still work

    /// <param name="count">Number of threads, the caller's included.</param>
    public WorkTeam(int count)
    {
        Count = count;
        _faults = new Exception?[count];
        _threads = new Thread[count - 1];
        for (int k = 1; k < count; k++)
        {
            int number = k;
            _threads[k - 1] = new Thread(() => Serve(number)) { IsBackground = true, Name = $"slab {number}" };
            _threads[k - 1].Start();
        }
    }

    /// <summary>Number of threads.</summary>
    public int Count { get; }

    /// <summary>First of so many things that a thread takes on.</summary>
    public int Share(int count, int thread) => (int)((long)count * thread / Count);

    /// <summary>Does a work's parts 0, 1, ... on one thread each, and waits for all.</summary>
    /// <exception cref="SharingConflictException">The first that any part has thrown; any other exception goes before it.</exception>
    public void Run(Action<int> work)
    {
        Begin(work);
        Do(work, 0);
        _done.WaitFor(_round);
        Exception? first = _faults.FirstOrDefault(f => f is not null and not SharingConflictException) ?? _faults.FirstOrDefault(f => f is not null);
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    public void Dispose()
    {
        Begin(null);
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Begin(Action<int>? work)
    {
        (_work, _leftCount) = (work, Count - 1);
        _begun.Reach(++_round);
    }

    private void Serve(int number)
    {
        for (int round = 1; ; round++)
        {
            _begun.WaitFor(round);
            if (_work is not { } work)
            {
                return;
            }

            Do(work, number);
            if (Interlocked.Decrement(ref _leftCount) == 0)
            {
                _done.Reach(round);
            }
        }
    }

    private void Do(Action<int> work, int number)
    {
        _faults[number] = null;
        try
        {
            work(number);
        }
        catch (Exception fault)
        {
            _faults[number] = fault;
        }
    }

    /// <summary>The number of a round that some threads reach and others wait for.</summary>
    private sealed class Round
    {
        private const double SecondsAwake = 100e-6;
        private const int Pauses = 20; // between two looks

        private static readonly long _ticksAwake = (long)(SecondsAwake * Stopwatch.Frequency);

        private readonly object _gate = new();
        private int _number;

        public void Reach(int number)
        {
            lock (_gate)
            {
                Volatile.Write(ref _number, number);
                Monitor.PulseAll(_gate);
            }
        }

        public void WaitFor(int number)
        {
            long asleepFrom = Stopwatch.GetTimestamp() + _ticksAwake;
            while (Stopwatch.GetTimestamp() < asleepFrom)
            {
                if (Volatile.Read(ref _number) == number)
                {
                    return;
                }

                Thread.SpinWait(Pauses);
            }

            lock (_gate)
            {
                while (_number != number)
                {
                    Monitor.Wait(_gate);
                }
            }
        }
    }
}
