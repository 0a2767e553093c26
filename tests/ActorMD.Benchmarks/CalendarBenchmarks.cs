using ActorMD.Engine.Calendar;
using ActorMD.Engine.Particles;
using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;
using BenchmarkDotNet.Attributes;

namespace ActorMD.Benchmarks;

/// <summary>
/// What does one turn of the calendar cost: take the next event, enter its particle's new one? A binary heap for comparison.
/// </summary>
public unsafe class CalendarBenchmarks
{
    private const int Turns = 4096;

    private NativeArray<NextEvent> _events = null!;
    private double[] _waits = [];
    private EventCalendar? _calendar;
    private PriorityQueue<int, double> _heap = new();
    private double _now;
    private double _heapNow;

    [Params(4_000, 1_000_000)]
    public int Particles { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        CounterRandom random = new(BenchmarkGases.Seed, RandomStream.Testing);
        _waits = new double[Turns];
        foreach (ref double wait in _waits.AsSpan())
        {
            wait = -PortableMath.Log(random.NextPositiveUniform());
        }

        _events = new NativeArray<NextEvent>(Particles);
        _heap = new PriorityQueue<int, double>(Particles);
        _now = _heapNow = 0;
        for (int slot = 0; slot < Particles; slot++)
        {
            _events.Pointer[slot].Time = -PortableMath.Log(random.NextPositiveUniform());
            _heap.Enqueue(slot, _events.Pointer[slot].Time);
        }

        _calendar = new EventCalendar(_events.Pointer, Particles, 0, Particles, new BySlot());
        for (int slot = 0; slot < Particles; slot++)
        {
            _calendar.Insert(slot);
        }
    }

    [GlobalCleanup]
    public void Free()
    {
        _calendar!.Dispose();
        _events.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Turns)]
    public double BinaryHeap()
    {
        foreach (double wait in _waits)
        {
            _heap.TryPeek(out int slot, out _heapNow);
            _heap.DequeueEnqueue(slot, _heapNow + wait);
        }

        return _heapNow;
    }

    [Benchmark(OperationsPerInvoke = Turns)]
    public double Calendar()
    {
        foreach (double wait in _waits)
        {
            int slot = _calendar!.Next(double.MaxValue);
            _calendar.Pop();
            _now = _events.Pointer[slot].Time;
            _events.Pointer[slot].Time = _now + wait;
            _calendar.Insert(slot);
        }

        return _now;
    }

    private sealed class BySlot : ITieBreaker
    {
        public bool Precedes(int a, int b) => a < b;
    }
}
