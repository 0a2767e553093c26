using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace ActorMD.Runs.Simulations;

/// <summary>A thread that does work in the order in which it is given.</summary>
/// <remarks>
/// It looks for work every millisecond and is woken by nobody: to wake a thread costs whoever does it ten microseconds and more on a
/// virtual machine, and this is for who must not wait. Work that waits has bounded size; beyond it, who adds more waits.
/// </remarks>
internal sealed class MeasuringThread : IDisposable
{
    private const long SizeMax = 4 << 20;
    private const int SizeMin = 1 << 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly ConcurrentQueue<(Action Work, int Size)> _waiting = new();
    private readonly Thread _thread;
    private long _size; // of what waits, or is being done
    private volatile bool _isEnding;
    private Exception? _error;

    public MeasuringThread()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "observables" };
        _thread.Start();
    }

    /// <summary>Adds work.</summary>
    /// <param name="work">Is not done if work before it has failed.</param>
    /// <param name="size">Bytes that it keeps.</param>
    public void Add(Action work, int size)
    {
        size = Math.Max(size, SizeMin);
        while (Volatile.Read(ref _size) is var before && before > 0 && before + size > SizeMax)
        {
            ThrowIfFailed();
            Thread.Sleep(Pause);
        }

        ThrowIfFailed();
        Interlocked.Add(ref _size, size);
        _waiting.Enqueue((work, size));
    }

    /// <summary>Waits until everything is done.</summary>
    public void Finish()
    {
        while (Volatile.Read(ref _size) > 0)
        {
            Thread.Sleep(Pause);
        }

        ThrowIfFailed();
    }

    /// <summary>Throws what work has thrown.</summary>
    public void ThrowIfFailed()
    {
        if (Volatile.Read(ref _error) is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    public void Dispose()
    {
        _isEnding = true;
        _thread.Join();
    }

    private void Run()
    {
        while (true)
        {
            bool isEnding = _isEnding; // before the look: nothing is added afterwards
            if (_waiting.TryDequeue(out (Action Work, int Size) next))
            {
                Do(next.Work);
                Interlocked.Add(ref _size, -next.Size);
            }
            else if (isEnding)
            {
                return;
            }
            else
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private void Do(Action work)
    {
        try
        {
            if (_error is null)
            {
                work();
            }
        }
        catch (Exception error)
        {
            Volatile.Write(ref _error, error);
        }
    }
}
