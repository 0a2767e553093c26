using ActorMD.Physics;
using ActorMD.Physics.Laws;
using ActorMD.Physics.RandomNumbers;
using BenchmarkDotNet.Attributes;

namespace ActorMD.Benchmarks;

/// <summary>What do the reference laws of a pair cost: the time of contact, and the elastic collision?</summary>
public class PairLawBenchmarks
{
    private const int Pairs = 1024;

    private readonly ParticleState[] _particles = new ParticleState[2 * Pairs];

    [GlobalSetup]
    public void Fill()
    {
        CounterRandom random = new(BenchmarkGases.Seed, RandomStream.Testing);
        foreach (ref ParticleState particle in _particles.AsSpan())
        {
            particle.Position = BenchmarkGases.Place(ref random, 1);
            particle.Velocity = random.NextNormalVector(3);
        }
    }

    [Benchmark(OperationsPerInvoke = Pairs)]
    public double Time()
    {
        double earliest = double.PositiveInfinity;
        for (int pair = 0; pair < Pairs; pair++)
        {
            earliest = Math.Min(earliest, PairEvent.Time(_particles[2 * pair], _particles[2 * pair + 1], Vec3.Zero, 1));
        }

        return earliest;
    }

    [Benchmark(OperationsPerInvoke = Pairs)]
    public double Collide()
    {
        double virial = 0;
        for (int pair = 0; pair < Pairs; pair++)
        {
            ref ParticleState a = ref _particles[2 * pair], b = ref _particles[2 * pair + 1];
            virial += PairEvent.Collide(b.Position - a.Position, 1, 2, ref a.Velocity, ref b.Velocity);
        }

        return virial;
    }
}
