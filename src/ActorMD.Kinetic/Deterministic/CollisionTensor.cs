using ActorMD.Kinetic.Theory;

namespace ActorMD.Kinetic.Deterministic;

/// <summary>
/// The matrix elements of the collision operator of order k between isotropic functions of one species, k = 2 or 3.
/// </summary>
/// <remarks>
/// With f = w sum a_n L_n(c^2/2), w the standard normal law in d dimensions and L_n = L_n^(d/2-1), the element of (m; n_1..n_k) is
/// the mean over shapes, positions on the ellipsoid and w of x_+^gamma L_n1(c_1) ... L_nk(c_k) (L_m(c_1*) - L_m(c_1)), where
/// x = sum u_i.c_i for a unit vector u of the relative space; b = sqrt(k) x [High 1.5].
/// Only the component z_i of c_i along u_i takes part in a collision: with q_i = |u_i|^2, x = sum sqrt(q_i) z_i, and
/// z_i* = z_i - 2 x sqrt(q_i). The other components are integrated exactly by the addition theorem
/// L_n^(alpha)(s + t) = sum_j L_(n-j)^(-1/2)(s) L_j^(alpha-1/2)(t) and orthogonality. What is left are k numbers z, of which one is
/// x (Gauss and Legendre on x > 0) and the others are normal (Gauss and Hermite, exact), and the shapes
/// (<see cref="EllipsoidShapes"/>). The momentum and energy rows vanish, and so does the action on the Maxwellian: tested.
/// </remarks>
internal sealed class CollisionTensor
{
    private const int ApproachNodeCount = 32;
    private const double ApproachMax = 13;

    private readonly int _dimension;
    private readonly double _exponent;
    private readonly int _modeCount;
    private readonly double[] _elements;
    private readonly double[] _norms;

    public CollisionTensor(int order, int dimension, int modeCount, double exponent = 1)
    {
        _exponent = exponent;
        Order = order;
        _dimension = dimension;
        _modeCount = modeCount;
        int columns = 1;
        for (int i = 0; i < order; i++)
        {
            columns *= modeCount;
        }

        _elements = new double[modeCount * columns];
        _norms = [.. Enumerable.Range(0, modeCount).Select(j => Laguerre.Norm(0.5 * (dimension - 3), j))];
        Fill();
    }

    /// <summary>k.</summary>
    public int Order { get; }

    /// <summary>sum over all n of the elements of (m; n) times a_n1 ... a_nk.</summary>
    public void Apply(ReadOnlySpan<double> a, Span<double> result) => Apply(a, a, a, result);

    /// <summary>The same with another function for each particle; the third is not used for pairs.</summary>
    public void Apply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c, Span<double> result)
    {
        int n = _modeCount;
        int columns = _elements.Length / n;
        for (int m = 0; m < n; m++)
        {
            double sum = 0;
            for (int column = 0; column < columns; column++)
            {
                double product = a[column % n] * b[column / n % n];
                sum += _elements[m * columns + column] * (Order == 3 ? product * c[column / (n * n)] : product);
            }

            result[m] = sum;
        }
    }

    private void Fill()
    {
        int hermiteCount = 2 * (Order + 1) * (_modeCount - 1) / 2 + 1;
        (double Node, double Weight)[] normal = GaussHermite.Nodes(hermiteCount);
        (double Node, double Weight)[] approach = _exponent != 1 ? PowerNodes() : [.. GaussLegendre.Nodes(ApproachNodeCount).Select(p =>
        {
            double x = 0.5 * ApproachMax * (1 + p.Node);
            return (x, 0.5 * ApproachMax * p.Weight * x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI));
        })];
        double[] z = new double[Order];
        foreach ((double[] shares, double shapeWeight) in EllipsoidShapes.Of(Order, _dimension))
        {
            if (Order == 3 && shares[1] > shares[2])
            {
                continue; // counted twice with its mirror image: the last two functions are always the same
            }

            double[][] basis = Complement(shares);
            foreach ((double x, double xWeight) in approach)
            {
                foreach ((double y, double yWeight) in normal)
                {
                    if (Order == 2)
                    {
                        Deposit(z, shares, basis, x, y, 0);
                        Add(z, z[0] - 2 * x * Math.Sqrt(shares[0]), shapeWeight * xWeight * yWeight);
                        continue;
                    }

                    foreach ((double y2, double y2Weight) in normal)
                    {
                        Deposit(z, shares, basis, x, y, y2);
                        Add(z, z[0] - 2 * x * Math.Sqrt(shares[0]), 2 * shapeWeight * xWeight * yWeight * y2Weight);
                    }
                }
            }
        }
    }

    // x = y^2 makes x^gamma smooth enough for Gauss' rule.
    private (double Node, double Weight)[] PowerNodes() => [.. GaussLegendre.Nodes(2 * ApproachNodeCount).Select(p =>
    {
        double y = 0.5 * (1 + p.Node), x = ApproachMax * y * y;
        return (x, ApproachMax * y * p.Weight * Math.Pow(x, _exponent) * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI));
    })];

    private static void Deposit(double[] z, double[] shares, double[][] basis, double x, double y, double y2)
    {
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = x * Math.Sqrt(shares[i]) + y * basis[0][i] + (z.Length == 3 ? y2 * basis[1][i] : 0);
        }
    }

    // Unit vectors that complete sqrt(q) to an orthonormal basis.
    private static double[][] Complement(double[] shares)
    {
        double[] e = [.. shares.Select(Math.Sqrt)];
        if (e.Length == 2)
        {
            return [[e[1], -e[0]]];
        }

        // Perpendicular to e and to its smallest axis, then the cross product.
        int smallest = Array.IndexOf(e, e.Min());
        double[] first = new double[3], second = new double[3];
        int next = (smallest + 1) % 3, last = (smallest + 2) % 3;
        double length = Math.Sqrt(e[next] * e[next] + e[last] * e[last]);
        first[next] = e[last] / length;
        first[last] = -e[next] / length;
        for (int i = 0; i < 3; i++)
        {
            int j = (i + 1) % 3, k = (i + 2) % 3;
            second[i] = e[j] * first[k] - e[k] * first[j];
        }

        return [first, second];
    }

    private void Add(ReadOnlySpan<double> z, double collided, double weight)
    {
        int n = _modeCount;
        Span<double> first = stackalloc double[n], after = stackalloc double[n], second = stackalloc double[n],
            third = stackalloc double[n];
        Laguerre.Evaluate(-0.5, 0.5 * z[0] * z[0], first);
        Laguerre.Evaluate(-0.5, 0.5 * collided * collided, after);
        Laguerre.Evaluate(-0.5, 0.5 * z[1] * z[1], second);
        if (Order == 3)
        {
            Laguerre.Evaluate(-0.5, 0.5 * z[2] * z[2], third);
        }

        for (int i = 0; i < n; i++)
        {
            after[i] -= first[i];
        }

        int columns = _elements.Length / n;
        for (int m = 0; m < n; m++)
        {
            for (int n1 = 0; n1 < n; n1++)
            {
                double joint = 0;
                for (int j = 0; j <= Math.Min(m, n1); j++)
                {
                    joint += _norms[j] * first[n1 - j] * after[m - j];
                }

                joint *= weight;
                Span<double> row = _elements.AsSpan(m * columns, columns);
                for (int n2 = 0; n2 < n; n2++)
                {
                    double product = joint * second[n2];
                    if (Order == 2)
                    {
                        row[n1 + n * n2] += product;
                        continue;
                    }

                    for (int n3 = 0; n3 < n; n3++)
                    {
                        row[n1 + n * (n2 + n * n3)] += product * third[n3];
                    }
                }
            }
        }
    }
}
