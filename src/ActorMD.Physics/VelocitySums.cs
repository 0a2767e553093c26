using ActorMD.Physics.Numerics;

namespace ActorMD.Physics;

/// <summary>
/// The sums over particles from which energy, momentum and temperatures follow, for each species; without any rounding
/// (<see cref="ExactSum"/>), so they do not depend on how the particles were divided over domains.
/// </summary>
/// <remarks>
/// Velocities change at events only, and x cross v is constant along free flight: no particle has to be moved to the
/// moment of the cut.
/// </remarks>
public sealed class VelocitySums
{
    private const int Energies = 0, Momenta = 1, SumsPerSpecies = 4; // energy, three components of momentum

    private readonly Gas _gas;
    private readonly bool _isPlanar;
    private readonly long[] _counts;
    private readonly ExactSum[] _sums; // four for each species, then perhaps three of the angular momentum
    private readonly int _spin; // where those begin; 0 if there are none

    /// <summary>No particles yet.</summary>
    public VelocitySums(Gas gas)
    {
        _gas = gas;
        _isPlanar = gas.Dimension == 2;
        _counts = new long[gas.Species.Length];
        bool isFree = !gas.Box.Has(Boundary.Periodic) && !gas.Box.Has(Boundary.Reflecting);
        _spin = isFree ? SumsPerSpecies * _counts.Length : 0;
        _sums = [.. Enumerable.Range(0, SumsPerSpecies * _counts.Length + (isFree ? 3 : 0)).Select(_ => new ExactSum())];
    }

    // No particles yet, of the same gas.
    private VelocitySums(VelocitySums other)
    {
        (_gas, _isPlanar, _spin) = (other._gas, other._isPlanar, other._spin);
        _counts = new long[other._counts.Length];
        _sums = [.. other._sums.Select(_ => new ExactSum())];
    }

    /// <summary>Number of species.</summary>
    public int SpeciesCount => _counts.Length;

    /// <summary>Number of particles.</summary>
    public long Count => _counts.Sum();

    /// <summary>Kinetic energy of all: sum of M v^2 / 2.</summary>
    public double Energy => Total(Energies);

    /// <summary>Momentum of all: sum of M v.</summary>
    public Vec3 Momentum => new(Total(Momenta), Total(Momenta + 1), Total(Momenta + 2));

    /// <summary>sum of M x cross v about the origin; null unless all sides are open (it is not conserved otherwise).</summary>
    public Vec3? AngularMomentum => _spin == 0 ? null : new Vec3(_sums[_spin].Value, _sums[_spin + 1].Value, _sums[_spin + 2].Value);

    /// <summary>The sums over a state.</summary>
    public static VelocitySums Of(Gas gas, SystemState state)
    {
        VelocitySums sums = new(gas);
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            sums.Add(particle);
        }

        return sums;
    }

    /// <summary>Adds a particle.</summary>
    public void Add(in ParticleState particle) => Add(particle.Kind, particle.Position, particle.Velocity);

    /// <summary>Adds a particle.</summary>
    /// <param name="kind">Of the particle.</param>
    /// <param name="position">Anywhere on its flight.</param>
    /// <param name="velocity">Of the particle.</param>
    public void Add(int kind, Vec3 position, Vec3 velocity)
    {
        (int species, double mass, _) = _gas.Kinds[kind];
        int first = SumsPerSpecies * species;
        _counts[species]++;
        _sums[first + Energies].Add(0.5 * mass * Vec3.Dot(velocity, velocity));
        _sums[first + Momenta].Add(mass * velocity.X);
        _sums[first + Momenta + 1].Add(mass * velocity.Y);
        if (!_isPlanar)
        {
            _sums[first + Momenta + 2].Add(mass * velocity.Z);
        }

        if (_spin > 0)
        {
            Vec3 spin = mass * Vec3.Cross(position, velocity);
            _sums[_spin].Add(spin.X);
            _sums[_spin + 1].Add(spin.Y);
            _sums[_spin + 2].Add(spin.Z);
        }
    }

    /// <summary>A particle of a kind has another velocity now.</summary>
    /// <remarks>Not for a gas with an <see cref="AngularMomentum"/>: that would need the position.</remarks>
    public void Exchange(int kind, Vec3 before, Vec3 after)
    {
        (int species, double mass, _) = _gas.Kinds[kind];
        int first = SumsPerSpecies * species;
        _sums[first + Energies].Add(0.5 * mass * Vec3.Dot(after, after));
        _sums[first + Energies].Add(-(0.5 * mass * Vec3.Dot(before, before)));
        for (int axis = 0; axis < (_isPlanar ? 2 : 3); axis++)
        {
            _sums[first + Momenta + axis].Add(mass * after[axis]);
            _sums[first + Momenta + axis].Add(-(mass * before[axis]));
        }
    }

    /// <summary>Adds sums over other particles of the same gas.</summary>
    public void Add(VelocitySums other)
    {
        for (int species = 0; species < _counts.Length; species++)
        {
            _counts[species] += other._counts[species];
        }

        for (int k = 0; k < _sums.Length; k++)
        {
            _sums[k].Add(other._sums[k]);
        }
    }

    /// <summary>The same sums, apart.</summary>
    public VelocitySums Clone()
    {
        VelocitySums copy = new(this);
        copy.Add(this);
        return copy;
    }

    /// <summary>Forgets all particles.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Array.ForEach(_sums, sum => sum.Clear());
    }

    /// <summary>Particles of a species.</summary>
    public long CountOf(int species) => _counts[species];

    /// <summary>Kinetic energy of a species.</summary>
    public double EnergyOf(int species) => _sums[SumsPerSpecies * species + Energies].Value;

    /// <summary>Momentum of a species.</summary>
    public Vec3 MomentumOf(int species)
    {
        int first = SumsPerSpecies * species + Momenta;
        return new Vec3(_sums[first].Value, _sums[first + 1].Value, _sums[first + 2].Value);
    }

    /// <summary>Particles of each species.</summary>
    public long[] ExportCounts() => [.. _counts];

    /// <summary>The words of all sums, one after the other.</summary>
    public long[] Export() => [.. _sums.SelectMany(sum => sum.Export())];

    /// <summary>Adds sums over other particles of the same gas, as <see cref="ExportCounts"/> and <see cref="Export"/> gave them.</summary>
    /// <exception cref="InvalidDataException">They are of another gas.</exception>
    public void Add(ReadOnlySpan<long> counts, ReadOnlySpan<long> words)
    {
        if (counts.Length != _counts.Length || words.Length != _sums.Length * ExactSum.WordCount)
        {
            throw new InvalidDataException($"sums over {counts.Length} species do not belong to this gas: do all nodes run the same case?");
        }

        for (int species = 0; species < counts.Length; species++)
        {
            _counts[species] += counts[species];
        }

        for (int k = 0; k < _sums.Length; k++)
        {
            _sums[k].Add(ExactSum.Import(words.Slice(k * ExactSum.WordCount, ExactSum.WordCount)));
        }
    }

    private double Total(int quantity)
    {
        ExactSum total = new();
        for (int species = 0; species < _counts.Length; species++)
        {
            total.Add(_sums[SumsPerSpecies * species + quantity]);
        }

        return total.Value;
    }
}
