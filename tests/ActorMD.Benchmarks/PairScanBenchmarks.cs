using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using BenchmarkDotNet.Attributes;

namespace ActorMD.Benchmarks;

/// <summary>What does the earliest contact with some candidates cost, and what do vectors and tables of species change?</summary>
/// <remarks>12 candidates: a neighbour list in a dense fluid. 36: the cells about a particle at packing 0.05.</remarks>
public unsafe class PairScanBenchmarks
{
    private const int Sets = 64;

    private NativeArray<Particle> _particles = null!;
    private NativeArray<int> _entries = null!;
    private NativeArray<int> _ids = null!;
    private NativeArray<double> _contacts = null!;
    private EqualSpheres _equal;
    private SpeciesTable _table;
    private int _stride;

    [Params(12, 36)]
    public int Candidates { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        Gas gas = new(Box.Cube(10), [new Species("A", 1, 1), new Species("B", 2, 0.6)], []);
        _contacts = ContactTable.Create(gas);
        _equal = EqualSpheres.Create(_contacts.Pointer, 1);
        _table = SpeciesTable.Create(_contacts.Pointer, 2);
        int perSet = Candidates + 1;
        _stride = Candidates + 4;
        _particles = new NativeArray<Particle>(Sets * perSet);
        _ids = new NativeArray<int>(Sets * perSet);
        _entries = new NativeArray<int>(Sets * _stride);
        CounterRandom random = new(BenchmarkGases.Seed, RandomStream.Testing);
        for (int slot = 0; slot < Sets * perSet; slot++)
        {
            // The first of each set looks; the others are around it, most of them out of its way.
            Vec3 position = slot % perSet == 0 ? Vec3.Zero : BenchmarkGases.Place(ref random, 2.5), velocity = random.NextNormalVector(3);
            _particles.Pointer[slot] = new Particle
            {
                X = position.X,
                Y = position.Y,
                Z = position.Z,
                Time = 0.05 * random.NextUniform(),
                VX = velocity.X,
                VY = velocity.Y,
                VZ = velocity.Z,
                Kind = slot % 2,
            };
            _ids.Pointer[slot] = slot;
            if (slot % perSet > 0)
            {
                _entries.Pointer[slot / perSet * _stride + slot % perSet - 1] = slot;
            }
        }
    }

    [GlobalCleanup]
    public void Free()
    {
        _particles.Dispose();
        _entries.Dispose();
        _ids.Dispose();
        _contacts.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Sets)]
    public double Scalar()
    {
        double sum = 0;
        for (int set = 0; set < Sets; set++)
        {
            sum += PairScan<EqualSpheres, NoImages>.EarliestScalar(
                _particles.Pointer, set * (Candidates + 1), _entries.Pointer + set * _stride, Candidates, _equal, default, _ids.Pointer,
                out _);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Sets)]
    public double Vectors()
    {
        double sum = 0;
        for (int set = 0; set < Sets; set++)
        {
            sum += PairScan<EqualSpheres, NoImages>.Earliest(
                _particles.Pointer, set * (Candidates + 1), _entries.Pointer + set * _stride, Candidates, _equal, default, _ids.Pointer,
                out _);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Sets)]
    public double Vectors_with_species()
    {
        double sum = 0;
        for (int set = 0; set < Sets; set++)
        {
            sum += PairScan<SpeciesTable, NoImages>.Earliest(
                _particles.Pointer, set * (Candidates + 1), _entries.Pointer + set * _stride, Candidates, _table, default, _ids.Pointer,
                out _);
        }

        return sum;
    }
}
