using System.Collections.Immutable;

namespace ActorMD.Kinetic.Linear;

/// <summary>
/// How the density of every species follows a small density wave of any species by the linearised Boltzmann equation: in the limit also the
/// covariance of the density field of the
/// particles at equilibrium (Bodineau, Gallagher, Saint-Raymond, Simonella, arXiv 2012.03813, for one species and pairs).
/// </summary>
/// <remarks>
/// h = sum g_k phi_k exp(iqx) with d g/dt = -i q v_x g + L g; v_x is exact in the polynomials. With g = (-i)^n u, n the degree along x, all
/// numbers are real. Runge and Kutta's rule of order 4.
/// </remarks>
public sealed class LinearWaves
{
    // Over the largest sum of a row of the couplings, which no rate is above.
    private const double StepLength = 0.4;

    private readonly LinearCollisions _collisions;
    private readonly double[] _matrix;
    private readonly int _size;
    private readonly int _functions;

    /// <param name="collisions">The operator.</param>
    /// <param name="blocks">Of its matrix, as many as are wanted.</param>
    /// <param name="degree">Polynomials of a higher degree are left out: tells the error of the expansion; null: none are.</param>
    public LinearWaves(LinearCollisions collisions, IReadOnlyList<double[]> blocks, int? degree = null)
    {
        _collisions = collisions;
        _size = collisions.Size;
        _functions = collisions.Basis.Functions.Length;
        _matrix = LinearCollisions.Mean(blocks);
        for (int i = 0; i < _size; i++)
        {
            for (int j = 0; j < _size; j++)
            {
                int apart = Along(j) - Along(i);
                bool isLeftOut = degree is { } most && Math.Max(DegreeOf(i), DegreeOf(j)) > most;
                _matrix[i * _size + j] *= isLeftOut || apart % 2 != 0 ? 0 : apart % 4 == 0 ? 1 : -1;
            }
        }

        Degree = degree ?? int.MaxValue;
    }

    private int Degree { get; }

    /// <summary>
    /// rho_a(t)/sqrt(N_a) after rho_b(0)/sqrt(N_b) = 1, the wave of species b alone: [time][a][b]; in the limit the mean of rho_a(t)
    /// rho_b(0)* of the particles over sqrt(N_a N_b).
    /// </summary>
    /// <param name="waveNumber">q.</param>
    /// <param name="times">Rising.</param>
    public double[][][] Response(double waveNumber, ImmutableArray<double> times)
    {
        int species = _size / _functions;
        double[] couplings = Couplings(waveNumber);
        double step = StepLength / Enumerable.Range(0, _size)
            .Max(i => Enumerable.Range(0, _size).Sum(j => Math.Abs(couplings[i * _size + j])));
        double[][][] response = [.. times.Select(_ => Enumerable.Range(0, species).Select(_ => new double[species]).ToArray())];
        for (int b = 0; b < species; b++)
        {
            double[] state = new double[_size];
            state[b * _functions] = 1;
            double before = 0;
            for (int t = 0; t < times.Length; t++)
            {
                Advance(state, couplings, times[t] - before, step);
                before = times[t];
                for (int a = 0; a < species; a++)
                {
                    response[t][a][b] = state[a * _functions];
                }
            }
        }

        return response;
    }

    private int Along(int i) => _collisions.Basis.Functions[i % _functions].Along;

    private int DegreeOf(int i) => Along(i) + 2 * _collisions.Basis.Functions[i % _functions].Across;

    private double[] Couplings(double waveNumber)
    {
        double[] all = [.. _matrix];
        for (int i = 0; i < _size; i++)
        {
            (int n, int m) = _collisions.Basis.Functions[i % _functions];
            int first = i / _functions * _functions, above = _collisions.Basis.IndexOf(n + 1, m);
            double speed = _collisions.ThermalSpeeds[i / _functions];
            if (above >= 0 && DegreeOf(first + above) <= Degree)
            {
                double coupling = waveNumber * speed * Math.Sqrt(n + 1);
                all[i * _size + first + above] -= coupling;
                all[(first + above) * _size + i] += coupling;
            }
        }

        return all;
    }

    private void Advance(double[] state, double[] couplings, double duration, double stepMax)
    {
        int steps = Math.Max((int)Math.Ceiling(duration / stepMax), 1);
        double step = duration / steps;
        double[] k1 = new double[_size], k2 = new double[_size], k3 = new double[_size], k4 = new double[_size], probe = new double[_size];
        for (int s = 0; s < steps; s++)
        {
            Slope(state, k1);
            Slope(Moved(k1, 0.5 * step), k2);
            Slope(Moved(k2, 0.5 * step), k3);
            Slope(Moved(k3, step), k4);
            for (int i = 0; i < _size; i++)
            {
                state[i] += step / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
            }
        }

        double[] Moved(double[] slope, double length)
        {
            for (int i = 0; i < _size; i++)
            {
                probe[i] = state[i] + length * slope[i];
            }

            return probe;
        }

        void Slope(double[] from, double[] slope)
        {
            for (int i = 0; i < _size; i++)
            {
                double sum = 0;
                for (int j = 0; j < _size; j++)
                {
                    sum += couplings[i * _size + j] * from[j];
                }

                slope[i] = sum;
            }
        }
    }
}
