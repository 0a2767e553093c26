using System.Collections.Immutable;
using ActorMD.Files.Studies;
using ActorMD.Physics;

namespace ActorMD.Studies.Convergence;

/// <summary>
/// I_phi f^(1) over bins [Mix 2.14, 5.3; High 3.1, 5.4]: (1/(N_a |B|)) sum over the a-particles in B of phi(v), for phi = 1, every
/// component of v, |v|^2, the square of the component along the axis of the bins, and exp(-|v|^2/(2 s^2)) with s the thermal speed.
/// </summary>
/// <remarks>
/// The last two change even where nothing depends on space: the others are conserved there. The last one is bounded, as the theorems have
/// it, and counts slow particles.
/// </remarks>
internal sealed class BinObservables
{
    private readonly Box _box;
    private readonly int _axis;
    private readonly int _dimension;
    private readonly double[] _halfInverseVariances;

    public BinObservables(Study study)
    {
        _box = study.Case.Gas.Box;
        _dimension = study.Case.Gas.Dimension;
        _axis = study.Axis;
        BinCount = study.BinCount;
        SpeciesCount = study.Case.Gas.Species.Length;
        FunctionNames =
        [
            "density", .. Enumerable.Range(0, _dimension).Select(axis => $"velocity_{"xyz"[axis]}"),
            "energy", $"energy_{"xyz"[_axis]}", "slow",
        ];
        ThermalSpeeds = Boltzmann.ThermalSpeeds.Of(study.Case);
        _halfInverseVariances = [.. ThermalSpeeds.Select(speed => 0.5 / (speed * speed))];
        Names = [.. study.Case.Gas.Species.SelectMany(s => FunctionNames.Select(name => $"{name}_{s.Name}"))];
    }

    public int BinCount { get; }

    public int SpeciesCount { get; }

    /// <summary>Names of phi: density, velocities, energy (|v|^2), energy of one axis (v_x^2), slow (exp(-|v|^2/(2 s^2))).</summary>
    public ImmutableArray<string> FunctionNames { get; }

    /// <summary>Names of the observables, species after species.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Functions phi of one species.</summary>
    public int FunctionCount => FunctionNames.Length;

    /// <summary>Per component and species: of f_0, or of the common equilibrium where it is larger.</summary>
    public ImmutableArray<double> ThermalSpeeds { get; }

    /// <summary>Values of all observables (rows as in <see cref="Names"/>) in all bins.</summary>
    public double[] Of(ReadOnlySpan<ParticleState> particles, double time)
    {
        double[] values = new double[Names.Length * BinCount];
        int[] counts = new int[SpeciesCount];
        foreach (ref readonly ParticleState particle in particles)
        {
            counts[particle.Kind]++;
            Vec3 v = particle.Velocity;
            int at = particle.Kind * FunctionCount * BinCount + Bin(particle.PositionAt(time));
            values[at]++;
            for (int axis = 0; axis < _dimension; axis++)
            {
                values[at += BinCount] += v[axis];
            }

            double squared = v.LengthSquared;
            values[at += BinCount] += squared;
            values[at += BinCount] += v[_axis] * v[_axis];
            values[at + BinCount] += Math.Exp(-squared * _halfInverseVariances[particle.Kind]);
        }

        for (int index = 0; index < values.Length; index++)
        {
            values[index] *= BinCount / (_box.Volume * Math.Max(counts[index / BinCount / FunctionCount], 1));
        }

        return values;
    }

    /// <summary>The bin of a position.</summary>
    public int Bin(Vec3 position)
    {
        double length = _box.Lengths[_axis], coordinate = position[_axis];
        coordinate -= _box.IsPeriodic(_axis) ? length * Math.Floor(coordinate / length) : 0;
        return Math.Clamp((int)(coordinate / length * BinCount), 0, BinCount - 1);
    }

    /// <summary>
    /// How the values of every observable are made comparable: those of velocities by the density times the thermal speed, all others by
    /// their mean square.
    /// </summary>
    /// <param name="means">Means of all values at the first time.</param>
    /// <param name="binCount">Bins in these values.</param>
    public ImmutableArray<ObservableRow> Rows(double[] means, int binCount)
    {
        return [.. Names.Select((_, row) =>
        {
            int first = row / FunctionCount * FunctionCount, function = row % FunctionCount;
            double density = MeanSquare(first), energy = MeanSquare(first + _dimension + 1);
            double scale = function >= 1 && function <= _dimension ? Math.Sqrt(density * energy) / _dimension : MeanSquare(row);
            return new ObservableRow(row * binCount, binCount, 1 / (scale * binCount));
        })];

        double MeanSquare(int row) => means.AsSpan(row * binCount, binCount).ToArray().Average(v => v * v);
    }
}
