using ActorMD.Kinetic.Hierarchy;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using static ActorMD.Kinetic.Tests.Hierarchy.SeriesRun;

namespace ActorMD.Kinetic.Tests.Hierarchy;

/// <summary>The Duhamel series of a density wave: free transport, and the first collision with it, in closed form.</summary>
public class WaveSeriesTests
{
    private const double Amplitude = 0.9;

    /// <summary>
    /// d, q, t; the closed form and the largest standard error, both relative to the amplitude and for N eps^(d-1) = 1; trees.
    /// </summary>
    public static TheoryData<int, double, double, double, double, int> Waves => new()
    {
        { 3, 3, 0.4, -0.02891, 0.0035, 150_000 },
        { 3, 2 * Math.PI, 0.2, -0.01642, 0.0020, 150_000 },
        { 2, 3, 0.4, -0.01350, 0.0019, 150_000 },
    };

    /// <summary>The same with errors below those of hierarchy.md.</summary>
    public static TheoryData<int, double, double, double, double, int> ManyTrees => new()
    {
        { 3, 3, 0.4, -0.02891, 0.0007, 4_000_000 },
        { 3, 2 * Math.PI, 0.2, -0.01642, 0.0004, 4_000_000 },
        { 2, 3, 0.4, -0.01350, 0.0004, 4_000_000 },
    };

    [Theory, MemberData(nameof(ManyTrees)), Trait("Tier", "Validation")]
    public void The_first_collision_is_that_of_the_closed_form_with_many_trees(
        int d, double q, double t, double printed, double errorMax, int trees) =>
        A_density_wave_flies_apart_and_the_first_collision_changes_it_as_the_closed_form_says(d, q, t, printed, errorMax, trees);

    [Theory, MemberData(nameof(Waves))]
    public void A_density_wave_flies_apart_and_the_first_collision_changes_it_as_the_closed_form_says(
        int d, double q, double t, double printed, double errorMax, int trees)
    {
        double exact = FirstCollision(d, q, t);
        Assert.Equal(printed, exact, 2e-5);
        double length = 2 * Math.PI / q, volume = Math.Pow(length, d);
        // One particle per volume on average, A = N eps^(d-1)/V = 1: the gas of points has no other scale.
        Gas gas = Box(d, length, [new Species("A", 1, d == 3 ? Math.Sqrt(volume) : volume)]);
        SeriesModel model = Model(gas, [1], Data(Warm(1)).WithWave(Amplitude), SeriesFlow.Boltzmann, [0], ["wave"]);
        SeriesTerm[] terms = [.. Terms(model, t, 1, trees)];
        IsNear(Amplitude * Math.Exp(-0.5 * q * q * t * t), terms[0], 0.008);
        IsNear(Amplitude * exact, terms[1], Amplitude * errorMax);
    }

    // A_1/a of hierarchy.md (a): the gain lets either of the two carry the wave on, the loss takes both away.
    private static double FirstCollision(int d, double q, double t)
    {
        (double Node, double Weight)[] nodes = [.. GaussLegendre.Nodes(24)];
        double sum = 0;
        foreach ((double u, double uw) in nodes)
        {
            double tau = 0.5 * t * (1 + u);
            foreach ((double w, double ww) in nodes)
            {
                // Speeds of a relative velocity: every component has variance 2.
                double g = 6 * (1 + w), density = d == 3
                    ? g * g * Math.Exp(-0.25 * g * g) / (2 * Math.Sqrt(Math.PI))
                    : 0.5 * g * Math.Exp(-0.25 * g * g);
                double k = 0.5 * q * g;
                double bracket = d == 3
                    ? 2 * Sinc(k * (t - tau)) * Sinc(k * tau) - Sinc(k * t) - Sinc(k * (t - 2 * tau))
                    : Turned(k, t, tau) - J0(k * t) - J0(k * (t - 2 * tau));
                sum += 0.5 * t * uw * 6 * ww * density * g * bracket;
            }
        }

        return (d == 3 ? Math.PI : 2) * Math.Exp(-0.25 * q * q * t * t) * sum;
    }

    // In the plane the relative velocity turns by the angle of a uniform impact parameter.
    private static double Turned(double k, double t, double tau)
    {
        double sum = 0;
        foreach ((double s, double weight) in GaussLegendre.Nodes(24))
        {
            double cosine = 2 * s * s - 1, a = t - tau;
            double square = a * a + tau * tau, mixed = 2 * a * tau * cosine;
            sum += 0.5 * weight * (J0(k * Math.Sqrt(Math.Max(square + mixed, 0))) + J0(k * Math.Sqrt(Math.Max(square - mixed, 0))));
        }

        return sum;
    }

    private static double Sinc(double x) => Math.Abs(x) < 1e-6 ? 1 - x * x / 6 : Math.Sin(x) / x;

    private static double J0(double x)
    {
        double sum = 0;
        const int Points = 32;
        for (int n = 0; n < Points; n++)
        {
            sum += Math.Cos(x * Math.Sin(Math.PI * (n + 0.5) / Points)) / Points;
        }

        return sum;
    }
}
