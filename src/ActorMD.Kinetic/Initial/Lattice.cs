using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>A regular arrangement of sites fitted to a box: a full grid, or every other point of one.</summary>
/// <remarks>
/// The full grid is simple cubic (square in two dimensions). The grid points with an even sum of indices are
/// face-centred cubic (hexagonal, where hy = sqrt(3) hx), stretched to fit the box. On periodic axes the points divide the
/// length; between walls they reach from one margin to the other, on open axes from face to face.
/// Of all such lattices with enough sites <see cref="Best"/> takes one whose smallest distance is as large as possible:
/// for a trial distance a the largest number of sites with neighbours at least a apart is found, and a by bisection.
/// </remarks>
internal sealed class Lattice
{
    private readonly AxisFit[] _axes;
    private readonly int[] _counts;
    private readonly bool _alternate;

    private Lattice(AxisFit[] axes, int[] counts, bool alternate)
    {
        _axes = axes;
        _counts = counts;
        _alternate = alternate;
        Spacing = SmallestDistance(axes, counts, alternate);
    }

    /// <summary>The smallest distance between two sites, periodic images of another site included.</summary>
    public double Spacing { get; }

    public long SiteCount => Sum(_counts, _alternate);

    /// <summary>The lattice of at least <paramref name="count"/> sites with the largest spacing.</summary>
    /// <param name="box">The box.</param>
    /// <param name="margin">Distance that sites keep from walls.</param>
    /// <param name="count">N.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <returns>Null where the sites have no room at all (margins as wide as the box).</returns>
    public static Lattice? Best(Box box, double margin, int count, CancellationToken cancellation = default)
    {
        AxisFit[] axes = new AxisFit[3];
        for (int axis = 0; axis < 3; axis++)
        {
            axes[axis] = AxisFit.Of(box, axis, margin);
        }

        Lattice? full = Fit(axes, count, alternate: false, cancellation), alternate = Fit(axes, count, alternate: true, cancellation);
        return full is null || alternate is null || full.Spacing >= alternate.Spacing ? full : alternate;
    }

    /// <summary>All sites, the last axis fastest.</summary>
    public IEnumerable<Vec3> Sites()
    {
        for (int i = 0; i < _counts[0]; i++)
        {
            for (int j = 0; j < _counts[1]; j++)
            {
                int step = _alternate ? 2 : 1;
                for (int k = _alternate ? (i + j) & 1 : 0; k < _counts[2]; k += step)
                {
                    yield return new Vec3(
                        _axes[0].Coordinate(i, _counts[0]),
                        _axes[1].Coordinate(j, _counts[1]),
                        _axes[2].Coordinate(k, _counts[2]));
                }
            }
        }
    }

    private static Lattice? Fit(AxisFit[] axes, int count, bool alternate, CancellationToken cancellation)
    {
        // The longest axis is solved for, the others are tried: few values even in needles and plates.
        int[] order = [0, 1, 2];
        Array.Sort(order, (p, q) => axes[p].Length != axes[q].Length ? axes[p].Length.CompareTo(axes[q].Length) : p - q);
        double high = 2 * (axes[0].Length + axes[1].Length + axes[2].Length), low = high;
        int[] best = new int[3], trial = new int[3];
        while (Fill(axes, order, alternate, low, best, cancellation) < count)
        {
            low *= 0.5;
            if (!(low > 1e-12 * high))
            {
                return null;
            }
        }

        for (int step = 0; step < 60; step++)
        {
            double middle = 0.5 * (low + high);
            if (Fill(axes, order, alternate, middle, trial, cancellation) >= count)
            {
                low = middle;
                trial.CopyTo(best, 0);
            }
            else
            {
                high = middle;
            }
        }

        return new Lattice(axes, best, alternate);
    }

    // The largest number of sites with neighbours at least a apart, and its grid.
    private static long Fill(AxisFit[] axes, int[] order, bool alternate, double a, int[] counts, CancellationToken cancellation)
    {
        AxisFit first = axes[order[0]], second = axes[order[1]], third = axes[order[2]];
        if (!alternate)
        {
            counts[order[0]] = first.CountMax(a, false);
            counts[order[1]] = second.CountMax(a, false);
            counts[order[2]] = third.CountMax(a, false);
            return Sum(counts, false);
        }

        // Grid steps below a/2 are never allowed, steps above sqrt(3)/2 a never needed.
        long most = 0;
        Span<int> trial = stackalloc int[3];
        for (int m = first.CountMax(0.87 * a, true); m <= first.CountMax(0.5 * a, true); m++)
        {
            cancellation.ThrowIfCancellationRequested();
            double h = first.Step(m, true);
            if (double.IsNaN(h))
            {
                continue;
            }

            for (int n = second.CountMax(0.87 * a, true); n <= second.CountMax(0.5 * a, true); n++)
            {
                double g = second.Step(n, true);
                if (double.IsNaN(g) || h * h + g * g < a * a)
                {
                    continue;
                }

                double smaller = Math.Min(h, g);
                double rest = a * a - smaller * smaller;
                trial[order[0]] = m;
                trial[order[1]] = n;
                trial[order[2]] = third.CountMax(rest > 0.25 * a * a ? Math.Sqrt(rest) : 0.5 * a, true);
                long sum = Sum(trial, true);
                if (sum > most)
                {
                    most = sum;
                    trial.CopyTo(counts);
                }
            }
        }

        return most;
    }

    private static long Sum(ReadOnlySpan<int> counts, bool alternate)
    {
        Int128 product = (Int128)counts[0] * counts[1] * counts[2];
        product = alternate ? (product + 1) / 2 : product;
        return product > long.MaxValue ? long.MaxValue : (long)product;
    }

    private static double SmallestDistance(AxisFit[] axes, int[] counts, bool alternate)
    {
        double smallest = double.PositiveInfinity;
        for (int axis = 0; axis < 3; axis++)
        {
            double h = axes[axis].Step(counts[axis], alternate);
            if (!alternate)
            {
                smallest = Math.Min(smallest, h);
                continue;
            }

            if (counts[axis] > 2)
            {
                smallest = Math.Min(smallest, 2 * h);
            }

            for (int other = 0; other < axis; other++)
            {
                double g = axes[other].Step(counts[other], true);
                smallest = Math.Min(smallest, Math.Sqrt(h * h + g * g));
            }
        }

        return smallest;
    }

    /// <summary>How grid points lie along one axis.</summary>
    private readonly record struct AxisFit(double Start, double Length, bool IsPeriodic)
    {
        private const int CountLimit = 1 << 30;

        public static AxisFit Of(Box box, int axis, double margin)
        {
            if (axis >= box.Dimension)
            {
                return new AxisFit(0, 0, false);
            }

            double length = box.Lengths[axis];
            return box.IsReflecting(axis)
                ? new AxisFit(margin, Math.Max(length - 2 * margin, 0), false)
                : new AxisFit(0, length, box.IsPeriodic(axis));
        }

        /// <summary>Distance of neighbouring grid points; +infinity for a single one, NaN where the count is impossible.</summary>
        public double Step(int count, bool alternate)
        {
            if (IsPeriodic)
            {
                // An odd ring cannot alternate; a ring of one is a single plane.
                return count == 1 ? double.PositiveInfinity : alternate && (count & 1) != 0 ? double.NaN : Length / count;
            }

            return count == 1 ? double.PositiveInfinity : Length / (count - 1);
        }

        /// <summary>The largest possible count with steps at least h.</summary>
        public int CountMax(double h, bool alternate)
        {
            double fit = Math.Min(Math.Floor(Length / h), CountLimit);
            int count = IsPeriodic ? (int)fit : (int)fit + 1;
            if (IsPeriodic && alternate && count > 1)
            {
                count &= ~1;
            }

            return Math.Max(count, 1);
        }

        public double Coordinate(int index, int count)
        {
            if (IsPeriodic)
            {
                return Length * ((index + 0.25) / count);
            }

            return count == 1 ? Start + 0.5 * Length : Start + Length * ((double)index / (count - 1));
        }
    }
}
