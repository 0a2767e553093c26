using System.Runtime.ExceptionServices;

namespace ActorMD.Engine;

/// <summary>Threads that do equal parts of one work, again and again.</summary>
internal sealed class WorkTeam : IDisposable
{
    private readonly Barrier _start;
    private readonly Barrier _end;
    private readonly Thread[] _threads;
    private readonly Exception?[] _faults;
    private Action<int>? _work; // null: the threads end

    /// <param name="count">Number of threads, the caller's included.</param>
    public WorkTeam(int count)
    {
        Count = count;
        _start = new Barrier(count);
        _end = new Barrier(count);
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
    /// <exception cref="SlabConflictException">The first that any part has thrown; any other exception goes before it.</exception>
    public void Run(Action<int> work)
    {
        _work = work;
        _start.SignalAndWait();
        Do(work, 0);
        _end.SignalAndWait();
        Exception? first = _faults.FirstOrDefault(f => f is not null and not SlabConflictException) ?? _faults.FirstOrDefault(f => f is not null);
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    public void Dispose()
    {
        _work = null;
        _start.SignalAndWait();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _start.Dispose();
        _end.Dispose();
    }

    private void Serve(int number)
    {
        while (true)
        {
            _start.SignalAndWait();
            if (_work is not { } work)
            {
                return;
            }

            Do(work, number);
            _end.SignalAndWait();
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
}
