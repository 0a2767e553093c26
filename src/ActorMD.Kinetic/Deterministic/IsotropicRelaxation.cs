using System.Collections.Immutable;
using ActorMD.Kinetic.Theory;

namespace ActorMD.Kinetic.Deterministic;

/// <summary>
/// Solves the homogeneous Boltzmann equation of one species for isotropic velocities without random numbers: a Galerkin method in
/// Laguerre polynomials of the energy, for collisions of orders 2 and 3 together.
/// </summary>
/// <remarks>
/// f = Maxwellian times sum a_n L_n^(d/2-1)(M v^2/2T), a_0 = 1 and a_1 = 0 by conservation. The series converges where f is smooth
/// and its tail falls faster than a Maxwellian of twice the temperature. The matrix elements are integrals by quadrature
/// (<see cref="CollisionTensor"/>), time is integrated by Runge and Kutta's method of order 4.
/// </remarks>
public sealed class IsotropicRelaxation
{
    private readonly ImmutableArray<(CollisionTensor Tensor, double Rate)> _operators;
    private readonly double[] _norms;
    private readonly double[] _a;

    /// <param name="dimension">d.</param>
    /// <param name="density">n.</param>
    /// <param name="variance">T/M.</param>
    /// <param name="distances">Order k (2 or 3) and eps_k of every kind of collision.</param>
    /// <param name="coefficients">a_n at time 0; their number is that of the modes.</param>
    /// <param name="exponents">
    /// gamma of every kind of collision (<see cref="CollisionChannel.Exponent"/>); left out: 1. The rates at equilibrium stay.
    /// </param>
    public IsotropicRelaxation(
        int dimension,
        double density,
        double variance,
        IReadOnlyList<(int Order, double Distance)> distances,
        IReadOnlyList<double> coefficients,
        IReadOnlyList<double>? exponents = null)
    {
        _a = [.. coefficients];
        _norms = [.. _a.Select((_, n) => Laguerre.Norm(0.5 * dimension - 1, n))];
        // The rate of the closed form (CollisionFrequency.Tuple) is sqrt(k T/M) |E| ... times the mean of x_+^gamma, 1/sqrt(2 pi) for gamma
        // = 1.
        _operators = [.. distances.Select((d, n) => (
            new CollisionTensor(d.Order, dimension, _a.Length, exponents?[n] ?? 1),
            CollisionFrequency.Tuple(d.Order, dimension, density, d.Distance, variance) / NormalPowers.OfPositivePart(exponents?[n]
                ?? 1)))];
    }

    /// <summary>Simulation time.</summary>
    public double Time { get; private set; }

    /// <summary>Goes on to a later time.</summary>
    /// <param name="time">The time to reach.</param>
    /// <param name="stepCount">Steps of Runge and Kutta's method.</param>
    public void AdvanceTo(double time, int stepCount)
    {
        double step = (time - Time) / stepCount;
        int n = _a.Length;
        double[] k1 = new double[n], k2 = new double[n], k3 = new double[n], k4 = new double[n], probe = new double[n];
        for (int s = 0; s < stepCount; s++)
        {
            Slope(_a, k1);
            Slope(Moved(k1, 0.5 * step), k2);
            Slope(Moved(k2, 0.5 * step), k3);
            Slope(Moved(k3, step), k4);
            for (int i = 0; i < n; i++)
            {
                _a[i] += step / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
            }
        }

        Time = time;

        double[] Moved(double[] slope, double length)
        {
            for (int i = 0; i < n; i++)
            {
                probe[i] = _a[i] + length * slope[i];
            }

            return probe;
        }
    }

    /// <summary>
    /// The Taylor coefficients of a_n(t) about the present time, degree by degree: the terms of the Duhamel series of the homogeneous
    /// hierarchy, without random numbers.
    /// </summary>
    /// <param name="degreeMax">Of the last ones.</param>
    /// <remarks>
    /// Operators are products of their functions, so the coefficient of degree m + 1 is a sum over degrees that add up to m.
    /// </remarks>
    public double[][] Taylor(int degreeMax)
    {
        double[][] series = new double[degreeMax + 1][];
        series[0] = [.. _a];
        double[] part = new double[_a.Length];
        for (int degree = 0; degree < degreeMax; degree++)
        {
            double[] next = new double[_a.Length];
            foreach ((CollisionTensor tensor, double rate) in _operators)
            {
                for (int i = 0; i <= degree; i++)
                {
                    for (int j = tensor.Order == 3 ? 0 : degree - i; j <= degree - i; j++)
                    {
                        tensor.Apply(series[i], series[j], series[degree - i - j], part);
                        for (int m = 0; m < next.Length; m++)
                        {
                            next[m] += rate * part[m] / _norms[m] / (degree + 1);
                        }
                    }
                }
            }

            series[degree + 1] = next;
        }

        return series;
    }

    /// <summary>The mean of (M v^2/T)^p over its value for a Maxwellian: sum_n (-1)^n (p choose n) a_n.</summary>
    public double MomentRatio(int power) => MomentRatio(_a, power);

    /// <summary>The same of given coefficients.</summary>
    public static double MomentRatio(IReadOnlyList<double> coefficients, int power)
    {
        double sum = 0, binomial = 1;
        for (int n = 0; n <= power && n < coefficients.Count; n++)
        {
            sum += (n % 2 == 0 ? 1 : -1) * binomial * coefficients[n];
            binomial *= (double)(power - n) / (n + 1);
        }

        return sum;
    }

    /// <summary>Time derivatives of a_n.</summary>
    internal void Slope(ReadOnlySpan<double> a, Span<double> slope)
    {
        slope.Clear();
        Span<double> part = stackalloc double[a.Length];
        foreach ((CollisionTensor tensor, double rate) in _operators)
        {
            tensor.Apply(a, part);
            for (int m = 0; m < slope.Length; m++)
            {
                slope[m] += rate * part[m] / _norms[m];
            }
        }
    }
}
