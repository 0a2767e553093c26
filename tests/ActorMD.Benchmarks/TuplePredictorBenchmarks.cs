using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using BenchmarkDotNet.Attributes;

namespace ActorMD.Benchmarks;

/// <summary>How does the search for the earliest event of order k grow with k?</summary>
/// <remarks>
/// Candidates fill the 27 cells about a particle, as wide as the reach, one on average in each; the horizon is one free flight
/// over two reaches.
/// </remarks>
public unsafe class TuplePredictorBenchmarks
{
    private const int Sets = 64;
    private const int Candidates = 27;

    private NativeArray<Particle> _particles = null!;
    private NativeArray<int> _entries = null!;
    private NativeArray<int> _ids = null!;
    private TuplePredictor? _predictor;

    [Params(3, 4, 5)]
    public int Order { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        Zone zone = new(Order, Math.Sqrt(0.5 * Order)); // reach 1
        Gas gas = new(Box.Cube(10), [new Species("A", 1, 0.05)], [zone]);
        const int PerSet = Candidates + 1;
        _particles = new NativeArray<Particle>(Sets * PerSet);
        _ids = new NativeArray<int>(Sets * PerSet);
        _entries = new NativeArray<int>(Sets * Candidates);
        CounterRandom random = new(BenchmarkGases.Seed, RandomStream.Testing);
        for (int slot = 0; slot < Sets * PerSet; slot++)
        {
            Vec3 position = slot % PerSet == 0 ? Vec3.Zero : BenchmarkGases.Place(ref random, 1.5), velocity = random.NextNormalVector(3);
            _particles.Pointer[slot] = new Particle
            {
                X = position.X,
                Y = position.Y,
                Z = position.Z,
                VX = velocity.X,
                VY = velocity.Y,
                VZ = velocity.Z,
            };
            _ids.Pointer[slot] = slot;
            if (slot % PerSet > 0)
            {
                _entries.Pointer[slot / PerSet * Candidates + slot % PerSet - 1] = slot;
            }
        }

        _predictor = new TuplePredictor(gas, _particles.Pointer, _ids.Pointer);
    }

    [GlobalCleanup]
    public void Free()
    {
        _particles.Dispose();
        _entries.Dispose();
        _ids.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Sets)]
    public double Earliest()
    {
        double sum = 0;
        for (int set = 0; set < Sets; set++)
        {
            double time = _predictor!.Earliest<NoImages>(
                set * (Candidates + 1), 0, _entries.Pointer + set * Candidates, Candidates, default, 2);
            sum += double.IsFinite(time) ? time : 0;
        }

        return sum;
    }
}
