using System.Diagnostics;
using ActorMD.Engine.Execution;

namespace ActorMD.Runs.Simulations;

/// <summary>Threads that do equal parts of one work, again and again.</summary>
/// <remarks>
/// They wait for each other without sleep for a while: many works take less time than it takes to wake a thread. They are started by the
/// first work that has more than one part.
/// </remarks>
/// <param name="count">Number of threads, the caller's included.</param>
internal sealed class ThreadTeam(int count) : IWorkTeam, IDisposable
{
    private readonly Round _begun = new();
    private readonly Round _done = new();
    private Thread[] _threads = [];
    private Action<int> _work = _ => { };
    private int _partCount;
    private bool _ends;
    private int _round;
    private int _leftCount; // threads that still work

    public int Count => count;

    public void Run(int parts, Action<int> work)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, count);
        if (parts > 1)
        {
            Start();
            (_partCount, _work) = (parts, work);
            Begin();
        }

        work(0);
        if (parts > 1)
        {
            _done.WaitFor(_round);
        }
    }

    public void Dispose()
    {
        _ends = true;
        Begin();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Start()
    {
        if (_threads.Length == 0)
        {
            _threads = [
                .. Enumerable.Range(1, count - 1).Select(k => new Thread(() => Serve(k)) { IsBackground = true, Name = $"slice {k}" })];
            Array.ForEach(_threads, thread => thread.Start());
        }
    }

    private void Begin()
    {
        _leftCount = _threads.Length;
        _begun.Reach(++_round);
    }

    private void Serve(int number)
    {
        for (int round = 1; ; round++)
        {
            _begun.WaitFor(round);
            if (_ends)
            {
                return;
            }

            if (number < _partCount)
            {
                _work(number);
            }

            if (Interlocked.Decrement(ref _leftCount) == 0)
            {
                _done.Reach(round);
            }
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
