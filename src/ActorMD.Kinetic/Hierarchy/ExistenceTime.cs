using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>
/// A time T up to which the proofs of local existence hold [Mix Thm 4.1-4.3, High Thm 4.7-4.20]: on [0, T] the Duhamel map is a contraction
/// with the constant 1/2.
/// </summary>
/// <remarks>
/// The papers leave their constants open; this is their argument [High 4.5, 4.29] with constants of our own, the best that it gives. The
/// weights are exp(beta(t) E_s) and one factor for
/// each particle, beta(t) = beta_0 - lambda t and mu_a(t) = mu_a - lambda' t, exp(-mu_a) the largest value of f_a exp(beta_0 M_a v^2/2).
/// Gain and loss together are at most twice
/// the loss in a gas of the Gaussians of the end of the interval, and sum_i h(v_i) int_0^t exp(-(t - tau) sum_i (lambda M v_i^2/2 +
/// lambda')) dtau is at most
/// sup_v h(v)/(lambda M v^2/2 + lambda'). With lambda T = x beta_0 and lambda' T = y, T = 1/(4 min over x, y, beta_0 of max over species
/// and v of h/(x beta_0 M v^2/2 + y)). In h
/// the mean of the kernel's G is bounded by the root of the mean of G^2.
/// </remarks>
public sealed class ExistenceTime
{
    private const int SpeedCount = 90;
    private const double StepMin = 1e-3;

    private readonly Gas _gas;
    private readonly ImmutableArray<int> _counts;
    private readonly InitialData _data;
    private readonly ImmutableArray<CollisionChannel> _channels;
    private readonly double _coldest;

    private ExistenceTime(Gas gas, ImmutableArray<int> counts, InitialData data)
    {
        _gas = gas;
        _counts = counts;
        _data = data;
        _channels = CollisionChannel.All(gas);
        _coldest = 1 / data.Velocities.Species.Max(HottestOf);
    }

    /// <summary>
    /// T; null where the data have no Gaussian weight (a power tail), or a species has no density of velocities (temperature 0).
    /// </summary>
    /// <param name="gas">Box, species, zones.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="data">f_0.</param>
    public static double? Of(Gas gas, ImmutableArray<int> counts, InitialData data)
    {
        if (data.Velocities.Species.Any(law => law.HasPowerTail || law.IsColdSomewhere))
        {
            return null;
        }

        return 0.25 / new ExistenceTime(gas, counts, data).Least();
    }

    private static double HottestOf(VelocityLaw law) => law switch
    {
        Maxwellian maxwellian => maxwellian.Temperature,
        VelocitySum sum => sum.Parts.Max(p => p.Temperature.Range.Upper),
        _ => throw new ArgumentException("a law of velocities of an unknown kind", nameof(law)),
    };

    // Compass search over x = 1/(1 + e^-p), y = e^q and beta_0 = 1/(1 + e^-r) of that of the hottest gas.
    private double Least()
    {
        double[] at = [-0.8, -0.4, 2], probe = new double[3];
        double best = Largest(at), step = 1;
        while (step > StepMin)
        {
            bool isBetter = false;
            for (int n = 0; n < 6; n++)
            {
                at.CopyTo(probe, 0);
                probe[n / 2] += n % 2 == 0 ? step : -step;
                if (Largest(probe) is var value && value < best)
                {
                    best = value;
                    probe.CopyTo(at, 0);
                    isBetter = true;
                }
            }

            step *= isBetter ? 1 : 0.5;
        }

        return best;
    }

    // max over species and v of h/(x beta_0 M v^2/2 + y).
    private double Largest(double[] at)
    {
        double x = Logistic(at[0]), y = Math.Exp(at[1]), first = _coldest * Logistic(at[2]), last = first * (1 - x);
        int d = _gas.Dimension;
        // Particles of each species per volume, as the weights at the end bound them.
        double[] bound = [.. _gas.Species
            .Select((s, a) => _counts[a] * Sup(a, first) * Math.Exp(y) * Math.Pow(2 * Math.PI / (last * s.Mass), 0.5 * d))];
        double most = 0;
        for (int a = 0; a < bound.Length; a++)
        {
            if (_counts[a] == 0)
            {
                continue;
            }

            double mass = _gas.Species[a].Mass;
            for (int n = 0; n <= SpeedCount; n++)
            {
                double squared = n == 0 ? 0 : Math.Pow(10, -2 + 5.0 * n / SpeedCount) / (last * mass);
                double rate = 0;
                foreach (CollisionChannel channel in _channels)
                {
                    rate += Rate(channel, a, squared, bound, last);
                }

                most = Math.Max(most, rate / (0.5 * x * first * mass * squared + y));
            }
        }

        return most;
    }

    // Collisions of an a-particle per unit time, with others of these densities and the temperature 1/beta.
    private double Rate(CollisionChannel channel, int species, double squared, double[] densities, double beta)
    {
        if (channel.Multiplicities[species] == 0)
        {
            return 0;
        }

        double tuples = 1, inverseMasses = 0;
        for (int b = 0; b < densities.Length; b++)
        {
            int others = channel.Multiplicities[b] - (b == species ? 1 : 0);
            for (int m = 1; m <= others; m++)
            {
                tuples *= densities[b] / m;
            }

            inverseMasses += others / _gas.Species[b].Mass;
        }

        // G^2 is the sum of |v_i - v_j|^2 over all pairs.
        double spread = (channel.Order - 1) * (squared + _gas.Dimension / beta * inverseMasses);
        return channel.CrossSection * tuples * Math.Sqrt(spread);
    }

    // The largest f_a exp(beta M v^2/2), at most.
    private double Sup(int species, double beta)
    {
        double mass = _gas.Species[species].Mass;
        double density = (_data.Positions.DensityOf(species) is { } profile ? profile.Range.Upper / profile.MeanOver(_gas.Box)
            : 1) / _gas.Box.Volume;
        return _data.Velocities.Species[species] switch
        {
            Maxwellian law => density * OfPart(new MaxwellianShape(), law.Temperature, Math.Sqrt(law.Mean.LengthSquared)),
            VelocitySum sum => density * sum.Parts.Sum(p => p.Weight / sum.Parts.Sum(q => q.Weight)
                * Math.Max(OfPart(p.Shape, p.Temperature.Range.Upper, Fastest(p)), OfPart(p.Shape, p.Temperature.Range.Lower, Fastest(p)))),
            _ => double.PositiveInfinity,
        };

        static double Fastest(VelocityPart part) =>
            Math.Sqrt(part.Mean.Sum(m => Math.Max(m.Range.Lower * m.Range.Lower, m.Range.Upper * m.Range.Upper)));

        // The velocity is along the mean one, where v^2 is largest.
        double OfPart(VelocityShape shape, double temperature, double mean)
        {
            const double Reach = 40;
            const int Count = 400;
            double scale = mass / temperature, most = 0;
            for (int n = 0; n <= Count; n++)
            {
                double c = Reach * n / Count, v = mean + c / Math.Sqrt(scale);
                double value = shape.DensityOfUnit(c * c, _gas.Dimension);
                most = Math.Max(most, value > 0 ? Math.Exp(Math.Log(value) + 0.5 * beta * mass * v * v) : 0);
            }

            return most * Math.Pow(scale, 0.5 * _gas.Dimension);
        }
    }

    private static double Logistic(double p) => 1 / (1 + Math.Exp(-p));
}
