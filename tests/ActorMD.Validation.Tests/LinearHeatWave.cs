using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Validation.Tests.Statistics;

namespace ActorMD.Validation.Tests;

/// <summary>
/// A temperature wave of small amplitude and any length in a gas of hard spheres by the linear Boltzmann equation, without particles: what
/// a wave in the DSMC solver must do at the same wave number. Its limit of long waves is Chapman and Enskog's conductivity.
/// </summary>
/// <remarks>
/// f = M (1 + h_c cos qx + h_s sin qx): d h_c/dt = -q v_x h_s + L h_c, d h_s/dt = q v_x h_c + L h_s. With the functions
/// psi_rl = N L_r^(l+1/2)(c^2/2) c^l P_l(v_x/c), orthonormal for M, even l belong to the cosine and odd l to the sine. L couples equal l
/// only: psi_a L psi_b = -(pi eps^2/4) mean of |g| D_a D_b, with D the change of psi in a collision of both particles: by sampling. All
/// elements are then multiplied by one factor, near 1, that makes Chapman and Cowling's first approximation of the conductivity exact,
/// 75/64 sqrt(T/(pi M))/eps^2. Units: n = M = T = 1 and mean free path 1.
/// </remarks>
internal sealed class LinearHeatWave
{
    private const int RadialCount = 5;
    private const int DegreeCount = 5;
    private const int Size = RadialCount * DegreeCount;
    private const int SampleCount = 4_000_000;

    // With eps^2 = 1/(sqrt(2) pi) and n c_p = 5/2.
    private static readonly double FirstApproximation = 75.0 / 64 * Math.Sqrt(2 * Math.PI) / 2.5;

    private readonly double[,] _stream = new double[Size, Size];
    private readonly double[,] _collide = new double[Size, Size];

    public LinearHeatWave(ulong seed)
    {
        FillStream();
        FillCollisions(seed);
        double sampled = -1 / _collide[Index(1, 1), Index(1, 1)];
        SampledOverExact = sampled / FirstApproximation;
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                _collide[i, j] *= SampledOverExact;
            }
        }
    }

    /// <summary>The first approximation as it was sampled, over the exact one.</summary>
    public double SampledOverExact { get; }

    /// <summary>kappa/(n c_p): the mean of A (-L)^-1 A over 5/2, A = (c^2/2 - 5/2) c_x.</summary>
    public double HeatDiffusivity()
    {
        // A = -sqrt(5/2) psi_11: Sonine's expansion among l = 1, without the momentum psi_01.
        const int Count = RadialCount - 1;
        double[,] matrix = new double[Count, Count];
        double[] right = new double[Count];
        right[0] = 1;
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < Count; j++)
            {
                matrix[i, j] = -_collide[Index(i + 1, 1), Index(j + 1, 1)];
            }
        }

        return Solve(matrix, right)[0];
    }

    /// <summary>
    /// The decay rate over q^2 of entropy + D q v_x between two times, from the wave of temperature at constant pressure.
    /// </summary>
    /// <param name="number">q.</param>
    /// <param name="diffusivity">D of the initial flow and of what is measured.</param>
    /// <param name="from">First time.</param>
    /// <param name="to">Second time.</param>
    public double DecayRate(double number, double diffusivity, double from, double to)
    {
        // c^2/2 - 5/2 = -1 - sqrt(3/2) psi_10, c_x = psi_01.
        double[] state = new double[Size];
        state[Index(0, 0)] = -1;
        state[Index(1, 0)] = -Math.Sqrt(1.5);
        state[Index(0, 1)] = -diffusivity * number;
        Advance(state, number, from);
        double before = Amplitude();
        Advance(state, number, to - from);
        return Math.Log(before / Amplitude()) / (to - from) / (number * number);

        double Amplitude() => -state[Index(0, 0)] - Math.Sqrt(1.5) * state[Index(1, 0)] + diffusivity * number * state[Index(0, 1)];
    }

    private static int Index(int radial, int degree) => degree * RadialCount + radial;

    private void Advance(double[] state, double number, double duration)
    {
        int steps = Math.Max((int)(duration / 0.01), 1);
        double step = duration / steps;
        double[] k1 = new double[Size], k2 = new double[Size], k3 = new double[Size], k4 = new double[Size], probe = new double[Size];
        for (int s = 0; s < steps; s++)
        {
            Slope(state, k1);
            Slope(Moved(k1, 0.5 * step), k2);
            Slope(Moved(k2, 0.5 * step), k3);
            Slope(Moved(k3, step), k4);
            for (int i = 0; i < Size; i++)
            {
                state[i] += step / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
            }
        }

        double[] Moved(double[] slope, double length)
        {
            for (int i = 0; i < Size; i++)
            {
                probe[i] = state[i] + length * slope[i];
            }

            return probe;
        }

        void Slope(double[] a, double[] slope)
        {
            for (int i = 0; i < Size; i++)
            {
                double sign = i / RadialCount % 2 == 0 ? -number : number, sum = 0;
                for (int j = 0; j < Size; j++)
                {
                    sum += (sign * _stream[i, j] + _collide[i, j]) * a[j];
                }

                slope[i] = sum;
            }
        }
    }

    // Means of psi_a v_x psi_b: the trapezoidal rule in the speed, that of midpoints in the cosine is not exact, so Simpson's with many
    // points.
    private void FillStream()
    {
        const int SpeedCount = 900, CosineCount = 200;
        double[] psi = new double[Size];
        for (int n = 1; n < SpeedCount; n++)
        {
            double c = 10.0 * n / SpeedCount;
            double speedWeight = 10.0 / SpeedCount * Math.Sqrt(2 / Math.PI) * c * c * Math.Exp(-0.5 * c * c);
            for (int m = 0; m <= CosineCount; m++)
            {
                double cosine = -1 + 2.0 * m / CosineCount;
                double weight = speedWeight / (3 * CosineCount) * (m is 0 or CosineCount ? 1 : m % 2 == 1 ? 4 : 2);
                Evaluate(new Vec3(c * cosine, c * Math.Sqrt(Math.Max(1 - cosine * cosine, 0)), 0), psi);
                for (int a = 0; a < Size; a++)
                {
                    for (int b = 0; b < Size; b++)
                    {
                        _stream[a, b] += weight * psi[a] * c * cosine * psi[b];
                    }
                }
            }
        }
    }

    private void FillCollisions(ulong seed)
    {
        CounterRandom random = new(FreshSeeds.Of(seed), RandomStream.Testing);
        double[] change = new double[Size], psi = new double[Size];
        double sectionOver4 = 1 / (4 * Math.Sqrt(2)); // pi eps^2 = 1/sqrt(2)
        for (int n = 0; n < SampleCount; n++)
        {
            Vec3 v = random.NextNormalVector(3), w = random.NextNormalVector(3), direction = random.NextNormalVector(3);
            double speed = Math.Sqrt((v - w).LengthSquared);
            Vec3 centre = 0.5 * (v + w), half = 0.5 * speed / Math.Sqrt(direction.LengthSquared) * direction;
            Array.Clear(change);
            Add(centre + half, 1);
            Add(centre - half, 1);
            Add(v, -1);
            Add(w, -1);
            double weight = -sectionOver4 * speed / SampleCount;
            for (int degree = 0; degree < DegreeCount; degree++)
            {
                for (int r = 0; r < RadialCount; r++)
                {
                    for (int s = 0; s < RadialCount; s++)
                    {
                        _collide[Index(r, degree), Index(s, degree)] += weight * change[Index(r, degree)] * change[Index(s, degree)];
                    }
                }
            }
        }

        void Add(Vec3 velocity, double sign)
        {
            Evaluate(velocity, psi);
            for (int i = 0; i < Size; i++)
            {
                change[i] += sign * psi[i];
            }
        }
    }

    private static readonly double[] Norms =
    [
        .. Enumerable.Range(0, Size).Select(i =>
        {
            // The mean of (L_r c^l P_l)^2 is 2^l Gamma(r+l+3/2)/(r! Gamma(3/2) (2l+1)).
            int radial = i % RadialCount, degree = i / RadialCount;
            double square = Math.Pow(2, degree) / (2 * degree + 1);
            for (int m = 0; m < radial + degree; m++)
            {
                square *= m + 1.5;
            }

            for (int m = 2; m <= radial; m++)
            {
                square /= m;
            }

            return 1 / Math.Sqrt(square);
        }),
    ];

    private static void Evaluate(Vec3 v, double[] psi)
    {
        double x = 0.5 * v.LengthSquared;
        double before = 0, solid = 1; // c^l P_l(v_x/c)
        for (int degree = 0; degree < DegreeCount; degree++)
        {
            double alpha = degree + 0.5, last = 0, value = 1;
            for (int r = 0; r < RadialCount; r++)
            {
                psi[Index(r, degree)] = Norms[Index(r, degree)] * solid * value;
                (last, value) = (value, ((2 * r + 1 + alpha - x) * value - (r + alpha) * last) / (r + 1));
            }

            (before, solid) = (solid, ((2 * degree + 1) * v.X * solid - degree * 2 * x * before) / (degree + 1));
        }
    }

    // Gauss's elimination; the matrix is positive definite.
    private static double[] Solve(double[,] matrix, double[] right)
    {
        int n = right.Length;
        for (int p = 0; p < n; p++)
        {
            for (int i = p + 1; i < n; i++)
            {
                double factor = matrix[i, p] / matrix[p, p];
                for (int j = p; j < n; j++)
                {
                    matrix[i, j] -= factor * matrix[p, j];
                }

                right[i] -= factor * right[p];
            }
        }

        for (int p = n - 1; p >= 0; p--)
        {
            for (int j = p + 1; j < n; j++)
            {
                right[p] -= matrix[p, j] * right[j];
            }

            right[p] /= matrix[p, p];
        }

        return right;
    }
}
