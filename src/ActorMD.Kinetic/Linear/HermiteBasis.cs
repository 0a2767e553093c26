using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Linear;

/// <summary>
/// Polynomials of the velocity, orthonormal for the Maxwellian and symmetric about the x axis: He_n(c_x)/sqrt(n!) times the m-th polynomial
/// in the square of the rest of c, of degree
/// n + 2m up to a largest one. c is the velocity in units of its own thermal speed.
/// </summary>
internal sealed class HermiteBasis
{
    private readonly int _dimension;
    private readonly int _degree;

    /// <param name="dimension">d.</param>
    /// <param name="degree">The largest n + 2m.</param>
    public HermiteBasis(int dimension, int degree)
    {
        _dimension = dimension;
        _degree = degree;
        Functions = [.. Enumerable.Range(0, degree / 2 + 1).SelectMany(m => Enumerable.Range(0, degree - 2 * m + 1).Select(n => (n, m)))];
    }

    /// <summary>n and m of every function; the first is 1.</summary>
    public ImmutableArray<(int Along, int Across)> Functions { get; }

    /// <summary>Number of the function n, m; -1 beyond the largest degree.</summary>
    public int IndexOf(int along, int across) => Functions.IndexOf((along, across));

    /// <summary>All functions at a velocity, times a factor, are added to sums.</summary>
    public void Add(Vec3 c, double factor, Span<double> sums)
    {
        Span<double> x = stackalloc double[_degree + 1], y = stackalloc double[_degree + 1];
        FillHermite(c.X, x);
        int acrossCount = _degree / 2 + 1;
        if (_dimension == 3)
        {
            // Laguerre's polynomials of half the square: c_y^2 + c_z^2 has an exponential law.
            double s = 0.5 * (c.Y * c.Y + c.Z * c.Z);
            y[0] = 1;
            for (int m = 0; m + 1 < acrossCount; m++)
            {
                y[m + 1] = ((2 * m + 1 - s) * y[m] - (m > 0 ? m * y[m - 1] : 0)) / (m + 1);
            }
        }
        else
        {
            FillHermite(c.Y, y);
            for (int m = 0; m < acrossCount; m++)
            {
                y[m] = y[2 * m];
            }
        }

        for (int f = 0; f < Functions.Length; f++)
        {
            (int n, int m) = Functions[f];
            sums[f] += factor * x[n] * y[m];
        }
    }

    private static void FillHermite(double x, Span<double> values)
    {
        values[0] = 1;
        for (int n = 0; n + 1 < values.Length; n++)
        {
            values[n + 1] = (x * values[n] - (n > 0 ? Math.Sqrt(n) * values[n - 1] : 0)) / Math.Sqrt(n + 1);
        }
    }
}
