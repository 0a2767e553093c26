using ActorMD.Files.Checkpoints;
using ActorMD.Physics;
using BenchmarkDotNet.Attributes;

namespace ActorMD.Benchmarks;

/// <summary>How long does a run stand still for a checkpoint, flushed to the disk of the temporary folder?</summary>
public class CheckpointBenchmarks
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private CheckpointStore? _store;
    private Checkpoint? _checkpoint;

    [Params(100_000, 1_000_000)]
    public int Particles { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        (Gas gas, SystemState state) = BenchmarkGases.Fluid(Particles);
        _checkpoint = new Checkpoint(gas, "none", state, new EventTally(1, 2), new RunProgress());
        _store = new CheckpointStore(_folder);
    }

    [GlobalCleanup]
    public void Remove() => _store!.RemoveAll();

    [Benchmark]
    public void Write() => _store!.Write(_checkpoint!);
}
