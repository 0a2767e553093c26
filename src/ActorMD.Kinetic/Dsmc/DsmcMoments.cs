using ActorMD.Physics;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>Number, momentum and energy of the simulated particles of every cell and species at one moment.</summary>
public sealed class DsmcMoments
{
    private readonly int _speciesCount;
    private readonly double[] _masses;
    private readonly int[] _counts;
    private readonly Vec3[] _velocities;
    private readonly double[] _squares;

    internal DsmcMoments(Gas gas, int cellCount, double weight)
    {
        _speciesCount = gas.Species.Length;
        _masses = [.. gas.Species.Select(s => s.Mass)];
        Dimension = gas.Dimension;
        Weight = weight;
        _counts = new int[cellCount * _speciesCount];
        _velocities = new Vec3[_counts.Length];
        _squares = new double[_counts.Length];
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>Real particles for one simulated particle.</summary>
    public double Weight { get; }

    /// <summary>Simulated particles of a species in a cell.</summary>
    public int Count(int cell, int species) => _counts[cell * _speciesCount + species];

    /// <summary>Their mean velocity; null without particles.</summary>
    public Vec3? MeanVelocity(int cell, int species)
    {
        int key = cell * _speciesCount + species;
        return _counts[key] > 0 ? _velocities[key] * (1.0 / _counts[key]) : null;
    }

    /// <summary>
    /// Their temperature about their own mean velocity, (M/d) n/(n-1) (mean of v^2 - u^2), without bias; null below two particles.
    /// </summary>
    public double? Temperature(int cell, int species)
    {
        int key = cell * _speciesCount + species;
        int n = _counts[key];
        if (n < 2)
        {
            return null;
        }

        double spread = _squares[key] / n - (_velocities[key] * (1.0 / n)).LengthSquared;
        return Math.Max(0, _masses[species] * spread * n / (Dimension * (n - 1.0)));
    }

    /// <summary>Kinetic energy of the real gas.</summary>
    public double Energy
    {
        get
        {
            double sum = 0;
            for (int key = 0; key < _counts.Length; key++)
            {
                sum += 0.5 * _masses[key % _speciesCount] * _squares[key];
            }

            return sum * Weight;
        }
    }

    /// <summary>Momentum of the real gas.</summary>
    public Vec3 Momentum
    {
        get
        {
            Vec3 sum = Vec3.Zero;
            for (int key = 0; key < _counts.Length; key++)
            {
                sum += _masses[key % _speciesCount] * _velocities[key];
            }

            return sum * Weight;
        }
    }

    /// <summary>
    /// Temperature of one species or of all, the mean velocity of the whole gas removed, as in a run of particles; null without particles.
    /// </summary>
    public double? TotalTemperature(int? species = null)
    {
        double mass = 0, count = 0, energy = 0;
        Vec3 momentum = Vec3.Zero, own = Vec3.Zero;
        double ownMass = 0;
        for (int key = 0; key < _counts.Length; key++)
        {
            int a = key % _speciesCount;
            mass += _masses[a] * _counts[key];
            momentum += _masses[a] * _velocities[key];
            if (species is null || species == a)
            {
                count += _counts[key];
                energy += 0.5 * _masses[a] * _squares[key];
                own += _masses[a] * _velocities[key];
                ownMass += _masses[a] * _counts[key];
            }
        }

        if (count == 0)
        {
            return null;
        }

        Vec3 mean = momentum * (1 / mass);
        double thermal = energy - Vec3.Dot(mean, own) + 0.5 * ownMass * mean.LengthSquared;
        return Math.Max(0, 2 * thermal / (Dimension * count));
    }

    internal void Set(int key, int count, Vec3 velocitySum, double squareSum)
    {
        _counts[key] = count;
        _velocities[key] = velocitySum;
        _squares[key] = squareSum;
    }
}
