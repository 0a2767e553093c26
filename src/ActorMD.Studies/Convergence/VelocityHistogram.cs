using ActorMD.Files.Studies;
using ActorMD.Physics;

namespace ActorMD.Studies.Convergence;

/// <summary>
/// H = sum over species and cells of (bin, velocity) of f ln f, per particle: what the H-theorem says can only fall in a solution of the
/// kinetic equation.
/// </summary>
/// <remarks>
/// Cells are as wide as 1 (d = 3) or 0.6 (d = 2) thermal speeds; the outermost hold all that is beyond. Taking means over cells lowers H,
/// and a finite sample raises it by (occupied cells - 1)/(2 n) in first order (Miller 1955), which is subtracted.
/// </remarks>
internal sealed class VelocityHistogram
{
    private const double Reach = 3;

    private readonly BinObservables _observables;
    private readonly int _dimension;
    private readonly int _perAxis;
    private readonly int _binCount;
    private readonly int _cellsOfSpecies;
    private readonly double[] _widths;

    public VelocityHistogram(Study study, BinObservables observables)
    {
        Gas gas = study.Case.Gas;
        _observables = observables;
        _dimension = gas.Dimension;
        _perAxis = _dimension == 3 ? 6 : 10;
        _binCount = study.IsHomogeneous ? 1 : study.BinCount;
        _cellsOfSpecies = _binCount * (int)Math.Round(Math.Pow(_perAxis, _dimension));
        CellCount = _cellsOfSpecies * gas.Species.Length;
        _widths = [.. observables.ThermalSpeeds.Select(speed => 2 * Reach * speed / _perAxis)];
    }

    public int CellCount { get; }

    /// <summary>Counts the particles of a state.</summary>
    public void Add(ReadOnlySpan<ParticleState> particles, double time, Span<int> counts)
    {
        foreach (ref readonly ParticleState particle in particles)
        {
            int cell = _binCount == 1 ? 0 : _observables.Bin(particle.PositionAt(time));
            for (int axis = 0; axis < _dimension; axis++)
            {
                double position = particle.Velocity[axis] / _widths[particle.Kind] + 0.5 * _perAxis;
                cell = cell * _perAxis + Math.Clamp((int)Math.Floor(position), 0, _perAxis - 1);
            }

            counts[particle.Kind * _cellsOfSpecies + cell]++;
        }
    }

    /// <summary>H of all groups together, its error by leaving out one group after the other.</summary>
    /// <param name="groups">Counts of independent groups of states.</param>
    public MeasuredValue H(IReadOnlyList<int[]> groups)
    {
        long[] all = new long[CellCount];
        foreach (int[] group in groups)
        {
            for (int c = 0; c < all.Length; c++)
            {
                all[c] += group[c];
            }
        }

        double value = H(all), spread = 0;
        foreach (int[] group in groups)
        {
            double deviation = H([.. all.Select((n, c) => n - group[c])]) - value;
            spread += deviation * deviation;
        }

        return new MeasuredValue(value, Math.Sqrt(spread * (groups.Count - 1) / groups.Count));
    }

    private double H(long[] counts)
    {
        double total = counts.Sum(), h = 0;
        for (int a = 0; a < _widths.Length; a++)
        {
            // Volumes relative to the box, and velocities to the cells' width of the first species.
            double cellVolume = Math.Pow(_widths[a] / _widths[0], _dimension) / _binCount;
            double occupied = 0;
            foreach (long count in counts.AsSpan(a * _cellsOfSpecies, _cellsOfSpecies))
            {
                if (count > 0)
                {
                    h += count / total * Math.Log(count / total / cellVolume);
                    occupied++;
                }
            }

            h -= Math.Max(occupied - 1, 0) / (2 * total);
        }

        return h;
    }
}
