using System.Collections.Immutable;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>How large the terms of a series are with all signs +, if every particle met others at the mean rates.</summary>
/// <remarks>
/// Every particle of species a branches at twice the rate nu_(a,c) of each kind of collision, once for gain, once for loss, into itself and
/// the others: the mass y_a of its trees obeys y_a' = sum over c of 2 nu_(a,c) y_a prod y_b. One species and order k = l+1: y = (1 - 2 l nu
/// t)^(-1/l). The mass is infinite from a time on, and no number of terms is enough then, whatever their signs cancel.
/// </remarks>
public sealed class BranchingBound
{
    private const double Infinite = 1e4;

    private readonly (int Species, ImmutableArray<int> Members, double Rate)[] _branchings;
    private readonly int _speciesCount;

    /// <param name="gas">Box, species, zones.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="temperatures">T_a, with the energy of mean motions in it.</param>
    public BranchingBound(Gas gas, ImmutableArray<int> counts, IReadOnlyList<double> temperatures)
    {
        _speciesCount = gas.Species.Length;
        double[] densities = [.. counts.Select(n => n / gas.Box.Volume)];
        double[] variances = [.. gas.Species.Select((s, a) => temperatures[a] / s.Mass)];
        List<(int, ImmutableArray<int>, double)> all = [];
        foreach (CollisionChannel channel in CollisionChannel.All(gas))
        {
            double distance = channel.Order == 2
                ? gas.ContactDistance(channel.Members[0], channel.Members[1])
                : gas.ZoneOf(channel.Order)!.Distance;
            double events = CollisionFrequency.Composition(gas.Dimension, distance, channel.Multiplicities.AsSpan(), densities, variances);
            foreach (int a in channel.Members.Distinct().Where(a => densities[a] > 0))
            {
                all.Add((a, channel.Members, events * channel.Multiplicities[a] / densities[a]));
            }
        }

        _branchings = [.. all];
    }

    /// <summary>Collisions of one particle of a species per unit time, all kinds together.</summary>
    public double Rate(int species) => _branchings.Where(b => b.Species == species).Sum(b => b.Rate);

    /// <summary>The mass of the terms k = 0, 1, ... of s tracked particles.</summary>
    /// <param name="tracked">Their species.</param>
    /// <param name="time">t.</param>
    /// <param name="depthMax">Largest k.</param>
    public double[] Terms(ImmutableArray<int> tracked, double time, int depthMax)
    {
        double[][] y = [.. Enumerable.Range(0, _speciesCount).Select(_ => new double[depthMax + 1])];
        foreach (double[] series in y)
        {
            series[0] = 1;
        }

        for (int k = 0; k < depthMax; k++)
        {
            double[] slopes = new double[_speciesCount];
            foreach ((int species, ImmutableArray<int> members, double rate) in _branchings)
            {
                slopes[species] += 2 * rate * Product(members.Select(b => y[b]), k)[k];
            }

            for (int a = 0; a < _speciesCount; a++)
            {
                y[a][k + 1] = slopes[a] / (k + 1);
            }
        }

        double[] terms = Product(tracked.Select(a => y[a]), depthMax);
        double power = 1;
        for (int k = 0; k <= depthMax; k++, power *= time)
        {
            terms[k] *= power;
        }

        return terms;
    }

    /// <summary>The mass of all terms; infinity from the time on at which there is none.</summary>
    public double Total(ImmutableArray<int> tracked, double time)
    {
        double[] y = Solve(time);
        return tracked.Aggregate(1.0, (mass, a) => mass * y[a]);
    }

    /// <summary>The time from which on the mass is infinite.</summary>
    public double Limit()
    {
        double fastest = Enumerable.Range(0, _speciesCount).Max(Rate);
        if (fastest == 0)
        {
            return double.PositiveInfinity;
        }

        double low = 0, high = 1 / fastest;
        while (!double.IsInfinity(Solve(high)[0]))
        {
            (low, high) = (high, 2 * high);
        }

        for (int step = 0; step < 40; step++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = double.IsInfinity(Solve(middle)[0]) ? (low, middle) : (middle, high);
        }

        return low;
    }

    // Runge and Kutta's method with steps that shrink as the mass grows; infinity everywhere when it grows without bound.
    private double[] Solve(double time)
    {
        double[] y = [.. Enumerable.Repeat(1.0, _speciesCount)];
        double at = 0;
        while (at < time)
        {
            double[] k1 = Slope(y);
            double growth = Enumerable.Range(0, _speciesCount).Max(a => k1[a] / y[a]);
            double step = growth > 0 ? Math.Min(time - at, 0.02 / growth) : time - at;
            double[] k2 = Slope(Moved(y, k1, 0.5 * step)), k3 = Slope(Moved(y, k2, 0.5 * step)), k4 = Slope(Moved(y, k3, step));
            for (int a = 0; a < y.Length; a++)
            {
                y[a] += step / 6 * (k1[a] + 2 * k2[a] + 2 * k3[a] + k4[a]);
            }

            at += step;
            if (y.Max() > Infinite)
            {
                return [.. y.Select(_ => double.PositiveInfinity)];
            }
        }

        return y;
    }

    private double[] Slope(double[] y)
    {
        double[] slope = new double[_speciesCount];
        foreach ((int species, ImmutableArray<int> members, double rate) in _branchings)
        {
            slope[species] += 2 * rate * members.Aggregate(1.0, (product, b) => product * y[b]);
        }

        return slope;
    }

    private static double[] Moved(double[] y, double[] slope, double length) => [.. y.Select((value, a) => value + length * slope[a])];

    private static double[] Product(IEnumerable<double[]> series, int degree)
    {
        double[] product = new double[degree + 1];
        product[0] = 1;
        foreach (double[] factor in series)
        {
            double[] next = new double[degree + 1];
            for (int i = 0; i <= degree; i++)
            {
                for (int j = 0; j <= degree - i; j++)
                {
                    next[i + j] += product[i] * factor[j];
                }
            }

            product = next;
        }

        return product;
    }
}
