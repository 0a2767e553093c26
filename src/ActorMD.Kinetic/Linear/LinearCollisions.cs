using System.Collections.Immutable;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.Laws;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Linear;

/// <summary>
/// The linearised collision operator of a gas at equilibrium, of any species and orders, as a matrix in polynomials of the velocities (<see
/// cref="HermiteBasis"/>).
/// </summary>
/// <remarks>
/// With f_a = n_a M_a (1 + h_a) and functions phi_k/sqrt(n_a), the matrix is L_ij = -1/2 sum over kinds of collisions of their number per
/// volume and time times the mean of D_i D_j, where D is
/// the change of the sum of the function over the members in a collision at equilibrium. It is symmetric, never positive, and exactly zero
/// for what collisions keep. Means are
/// sampled; each kind of collision is then given its exact rate.
/// </remarks>
public sealed class LinearCollisions
{
    /// <summary>Blocks of draws: two halves of them tell the sampling error.</summary>
    internal const int BlockCount = 16;

    private readonly Gas _gas;
    private readonly double[] _densities;
    private readonly double _temperature;
    // With the factor that a check for mistakes has put on the rate; 1 otherwise.
    private readonly ImmutableArray<(CollisionChannel Channel, double Factor)> _channels;
    private readonly int _samplesPerBlock;
    private readonly ulong _seed;

    /// <param name="gas">Box, species, zones.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="temperature">Of all species.</param>
    /// <param name="degree">Largest degree of the polynomials.</param>
    /// <param name="samples">Draws of each kind of collision.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="alter">Changes every kind of collision, for checks that a wrong coefficient is noticed; null: none.</param>
    public LinearCollisions(
        Gas gas, ImmutableArray<int> counts, double temperature, int degree, int samples, ulong seed, Func<CollisionChannel,
            CollisionChannel>? alter = null)
    {
        _gas = gas;
        _densities = [.. counts.Select(n => n / gas.Box.Volume)];
        _temperature = temperature;
        _channels = [.. CollisionChannel.All(gas).Where(c => c.Multiplicities.Zip(counts).All(m => m.First == 0 || m.Second > 0))
            .Select(c => (c, alter is null ? 1 : alter(c).CrossSection / c.CrossSection))];
        _samplesPerBlock = Math.Max(samples / BlockCount, 1);
        _seed = seed;
        Basis = new HermiteBasis(gas.Dimension, degree);
        Size = gas.Species.Length * Basis.Functions.Length;
    }

    /// <summary>Functions of one species; those of the next one follow.</summary>
    internal HermiteBasis Basis { get; }

    /// <summary>Functions of all species.</summary>
    public int Size { get; }

    internal ImmutableArray<double> ThermalSpeeds => [.. _gas.Species.Select(s => Math.Sqrt(_temperature / s.Mass))];

    /// <summary>The matrix, row after row, from every block of draws by itself. The mean of them is the operator.</summary>
    /// <param name="workerCount">Threads; no number depends on them.</param>
    public double[][] Blocks(int workerCount)
    {
        double[][] blocks = new double[BlockCount][];
        Parallel.For(0, BlockCount, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(workerCount, 1) }, block =>
        {
            double[] matrix = new double[Size * Size];
            for (int channel = 0; channel < _channels.Length; channel++)
            {
                Add(_channels[channel].Channel, _channels[channel].Factor, channel, block, matrix);
            }

            blocks[block] = matrix;
        });
        return blocks;
    }

    /// <summary>The mean of some blocks.</summary>
    internal static double[] Mean(IReadOnlyList<double[]> blocks)
    {
        double[] mean = new double[blocks[0].Length];
        foreach (double[] block in blocks)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += block[i] / blocks.Count;
            }
        }

        return mean;
    }

    private void Add(CollisionChannel channel, double strength, int number, int block, double[] matrix)
    {
        int order = channel.Order, d = _gas.Dimension, functions = Basis.Functions.Length;
        StreamRandom random = new(new StepKey(_seed, RandomStream.LinearCollisions, number, block), 0);
        Vec3[] velocities = new Vec3[order], deviations = new Vec3[order], directions = new Vec3[order];
        double[] masses = [.. channel.Members.Select(a => _gas.Species[a].Mass)], speeds =
            [.. masses.Select(m => Math.Sqrt(_temperature / m))];
        int[] members = [.. channel.Members.Distinct()];
        // Reflection in x: functions of even and of odd degree along x do not mix; and the matrix is symmetric.
        int[][] partners = [.. Basis.Functions
            .Select(f => Enumerable.Range(0, functions).Where(j => (f.Along + Basis.Functions[j].Along) % 2 == 0).ToArray())];
        double[] change = new double[Size], sums = new double[Size * Size];
        double kernels = 0;
        for (int n = 0; n < _samplesPerBlock; n++)
        {
            Vec3 mean = Vec3.Zero;
            Array.Clear(change);
            for (int m = 0; m < order; m++)
            {
                velocities[m] = speeds[m] * random.NextNormalVector(d);
                mean += velocities[m] * (1.0 / order);
                Change(channel.Members[m], velocities[m] * (1 / speeds[m]), -1);
            }

            double spread = 0;
            for (int m = 0; m < order; m++)
            {
                deviations[m] = velocities[m] - mean;
                spread += deviations[m].LengthSquared;
            }

            double kernel = Math.Sqrt(order * spread); // G^2, the sum over pairs
            TupleDirection.Draw(deviations, d, ref random, directions);
            TupleEvent.Collide(directions, masses, velocities);
            for (int m = 0; m < order; m++)
            {
                Change(channel.Members[m], velocities[m] * (1 / speeds[m]), 1);
            }

            kernels += kernel;
            foreach (int a in members)
            {
                for (int i = a * functions; i < (a + 1) * functions; i++)
                {
                    double weighted = kernel * change[i];
                    foreach (int b in members)
                    {
                        foreach (int partner in partners[i - a * functions])
                        {
                            int j = b * functions + partner;
                            if (j > i)
                            {
                                break;
                            }

                            sums[i * Size + j] += weighted * change[j];
                        }
                    }
                }
            }
        }

        // Collisions of this kind per volume and time, exactly, over the sampled mean of G.
        double rate = CollisionFrequency.Composition(
            d, Distance(channel), channel.Multiplicities.AsSpan(), _densities,
                [.. _gas.Species.Select(s => _temperature / s.Mass)]) * strength;
        for (int a = 0; a < _gas.Species.Length; a++)
        {
            for (int i = a * functions; i < (a + 1) * functions; i++)
            {
                for (int b = 0; b < _gas.Species.Length; b++)
                {
                    double factor = -0.5 * rate / kernels / Math.Sqrt(_densities[a] * _densities[b]);
                    for (int j = b * functions; j < (b + 1) * functions; j++)
                    {
                        matrix[i * Size + j] += factor * sums[Math.Max(i, j) * Size + Math.Min(i, j)];
                    }
                }
            }
        }

        void Change(int species, Vec3 c, double sign) => Basis.Add(c, sign, change.AsSpan(species * functions, functions));
    }

    private double Distance(CollisionChannel channel) =>
        channel.Order == 2 ? _gas.ContactDistance(channel.Members[0], channel.Members[1]) : _gas.ZoneOf(channel.Order)!.Distance;
}
