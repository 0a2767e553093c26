using ActorMD.Engine.Particles;
using ActorMD.Physics;
using BenchmarkDotNet.Attributes;

namespace ActorMD.Benchmarks;

/// <summary>How long does it take to sort all particles along the space-filling curve?</summary>
public class SpatialOrderBenchmarks
{
    private Gas? _gas;
    private SystemState? _state;

    [Params(100_000, 1_000_000)]
    public int Particles { get; set; }

    [GlobalSetup]
    public void Fill() => (_gas, _state) = BenchmarkGases.Fluid(Particles);

    [Benchmark]
    public int[] Sort() => SpatialOrder.Of(_gas!, _state!, 1);
}
