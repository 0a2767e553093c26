using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics.RandomNumbers;
using BenchmarkDotNet.Attributes;

namespace ActorMD.Benchmarks;

/// <summary>What does it cost to enter an event of a time slice and to take it out in its turn? Sorting them all for comparison.</summary>
public unsafe class SliceQueueBenchmarks
{
    private const int Events = 1 << 16;

    private readonly double[] _times = new double[Events];
    private readonly double[] _sorted = new double[Events];
    private NativeArray<int> _ids = null!;
    private SliceQueue? _queue;

    [GlobalSetup]
    public void Fill()
    {
        CounterRandom random = new(BenchmarkGases.Seed, RandomStream.Testing);
        foreach (ref double time in _times.AsSpan())
        {
            time = random.NextUniform();
        }

        _ids = new NativeArray<int>(2 * Events); // asked only for events at the same time
        _queue = new SliceQueue(_ids.Pointer, static _ => []);
    }

    [GlobalCleanup]
    public void Free()
    {
        _queue!.Dispose();
        _ids.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Events)]
    public double SortAll()
    {
        _times.CopyTo(_sorted, 0);
        Array.Sort(_sorted);
        return _sorted[^1];
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public double Queue()
    {
        _queue!.Begin(0, 1);
        for (int slot = 0; slot < Events; slot++)
        {
            _queue.Enter(_times[slot], slot, slot + Events, 0);
        }

        double last = 0;
        for (SliceEvent* next = _queue.Peek(); next != null; next = _queue.Peek())
        {
            last = next->Time;
            _queue.Pop();
        }

        return last;
    }
}
