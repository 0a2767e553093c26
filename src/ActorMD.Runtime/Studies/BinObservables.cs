using System.Collections.Immutable;
using ActorMD.Files;
using ActorMD.Physics;

namespace ActorMD.Runtime;

/// <summary>
/// I_phi f^(1) over bins [Mix 2.14, 5.3; High 3.1, 5.4]: (1/(N_a |B|)) sum over the a-particles in B of phi(v), for phi = 1, every component of v
/// and |v|^2.
/// </summary>
internal sealed class BinObservables
{
    private readonly Box _box;
    private readonly int _axis;
    private readonly int _dimension;

    public BinObservables(Study study)
    {
        _box = study.Case.Gas.Box;
        _dimension = study.Case.Gas.Dimension;
        _axis = study.Axis;
        BinCount = study.BinCount;
        SpeciesCount = study.Case.Gas.Species.Length;
        Names =
        [
            .. study.Case.Gas.Species.SelectMany(s => Enumerable.Range(0, _dimension).Select(axis => $"velocity_{"xyz"[axis]}")
                .Prepend("density").Append("energy").Select(name => $"{name}_{s.Name}")),
        ];
    }

    public int BinCount { get; }

    public int SpeciesCount { get; }

    /// <summary>Names of the observables, species after species: density, velocities, energy (|v|^2).</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Functions phi of one species.</summary>
    public int FunctionCount => _dimension + 2;

    /// <summary>Values of all observables (rows as in <see cref="Names"/>) in all bins.</summary>
    public double[] Of(ReadOnlySpan<ParticleState> particles, double time)
    {
        double[] values = new double[Names.Length * BinCount];
        int[] counts = new int[SpeciesCount];
        double length = _box.Lengths[_axis];
        foreach (ref readonly ParticleState particle in particles)
        {
            counts[particle.Species]++;
            double place = particle.PositionAt(time)[_axis];
            place -= _box.IsPeriodic(_axis) ? length * Math.Floor(place / length) : 0;
            int bin = Math.Clamp((int)(place / length * BinCount), 0, BinCount - 1);
            int row = particle.Species * FunctionCount;
            values[row * BinCount + bin]++;
            for (int axis = 0; axis < _dimension; axis++)
            {
                values[(row + 1 + axis) * BinCount + bin] += particle.Velocity[axis];
            }

            values[(row + 1 + _dimension) * BinCount + bin] += particle.Velocity.LengthSquared;
        }

        for (int index = 0; index < values.Length; index++)
        {
            values[index] *= BinCount / (_box.Volume * Math.Max(counts[index / BinCount / FunctionCount], 1));
        }

        return values;
    }
}
