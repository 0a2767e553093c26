using ActorMD.Physics.RandomNumbers;
using ActorMD.Studies.Convergence;

namespace ActorMD.Studies.Tests;

/// <summary>Powers of eps from signed differences of many observables.</summary>
public sealed class SignedFitTests
{
    private const int Rows = 60, Replicas = 40, Runs = 8;
    private static readonly double[] Epsilons = [0.045, 0.032, 0.022, 0.016, 0.011];

    [Fact]
    public void Exact_differences_give_their_powers()
    {
        double[][] differences = [.. Epsilons.Select(eps => Enumerable.Range(0, Rows)
            .Select(i => Amplitude(i) * Math.Pow(eps, 0.5) + 3 * Amplitude(i + 7) * Math.Pow(eps, 1.25)).ToArray())];
        SignedFit fit = new(Epsilons, [.. Epsilons.Select(_ => Enumerable.Repeat(1e-6, Rows).ToArray())], null);
        SignedRates rates = fit.Solve(differences, []);
        Assert.Equal(0.5, rates.First!.Value, 0.01);
        Assert.Equal(1.25, rates.Second!.Value, 0.051); // half of a step of the grid of second powers
        Assert.InRange(rates.SpreadOfTwo, 0, 0.1);
        Assert.True(rates.SpreadOfOne > 10, "one power cannot explain two");
    }

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(1, 0.05)] // below the noise of a single observable but at the first rungs
    [InlineData(0.5, 0.05)]
    public void The_power_has_no_bias_and_its_interval_holds_it(double power, double size)
    {
        const int Studies = 16;
        SignedRates[] all = [.. Enumerable.Range(0, Studies).Select(n => Fit((ulong)n + 1, power, size, isShared: true))];
        double mean = all.Average(r => r.One!.Value), error =
            Math.Sqrt(all.Sum(r => Math.Pow(r.One!.Value - mean, 2)) / (Studies * (Studies - 1)));
        Assert.True(error < 0.15, $"the error {error:G2} is too large to see a bias");
        Assert.Equal(power, mean, 4 * error + 0.01);
        // Of 16 intervals of 95 percent, 12 or fewer hold it once in 140 times.
        Assert.InRange(all.Count(r => r.One!.Lower <= power && power <= r.One.Upper), 13, Studies);
        Assert.InRange(all.Average(r => r.SpreadOfOne), 0.8, 1.35);
    }

    [Fact]
    public void The_error_of_a_solution_that_all_rungs_share_is_no_difference_that_does_not_shrink()
    {
        // Few runs of the reference, as noisy as the particles: taken for independent of rung to rung they would bend the power.
        const int Studies = 16;
        SignedRates[] treated =
            [.. Enumerable.Range(0, Studies).Select(n => Fit((ulong)n + 100, 1, 0.05, isShared: true, referenceNoise: 1.5))];
        SignedRates[] neglected =
            [.. Enumerable.Range(0, Studies).Select(n => Fit((ulong)n + 100, 1, 0.05, isShared: false, referenceNoise: 1.5))];
        double error = Math.Sqrt(treated
            .Sum(r => Math.Pow(r.One!.Value - treated.Average(s => s.One!.Value), 2)) / (Studies * (Studies - 1)));
        Assert.Equal(1, treated.Average(r => r.One!.Value), 4 * error + 0.02);
        Assert.True(treated.Average(r => r.One!.Value) - neglected.Average(r => r.One!.Value) > 0.1);
    }

    private static double Amplitude(int i) => Math.Cos(1.7 * i) + (i % 2 == 0 ? 0.5 : -0.5);

    // D_i = size a_i (eps/eps_0)^power with the noise of replicas and runs of scatter 0.1 sqrt(replicas).
    private static SignedRates Fit(ulong seed, double power, double size, bool isShared, double referenceNoise = 0.3)
    {
        const double Noise = 0.03;
        CounterRandom random = new(seed, RandomStream.Testing);
        Ensemble kinetic = Draw(_ => 0, Runs, referenceNoise * Noise * Math.Sqrt(Runs), ref random);
        (double, Ensemble, Ensemble)[] rungs = new (double, Ensemble, Ensemble)[Epsilons.Length];
        for (int r = 0; r < rungs.Length; r++)
        {
            double factor = size * Math.Pow(Epsilons[r] / Epsilons[0], power);
            rungs[r] = (Epsilons[r], Draw(i => factor * Amplitude(i), Replicas, Noise * Math.Sqrt(Replicas), ref random), kinetic);
        }

        return SignedFit.Of(rungs, isShared, [new ObservableRow(0, Rows, 1.0 / Rows)], 0, 1);
    }

    private static Ensemble Draw(Func<int, double> mean, int count, double scatter, ref CounterRandom random)
    {
        Ensemble ensemble = new();
        for (int n = 0; n < count; n++)
        {
            double[] values = new double[Rows];
            for (int i = 0; i < Rows; i++)
            {
                values[i] = mean(i) + scatter * random.NextNormalPair().First;
            }

            ensemble.Add([values]);
        }

        return ensemble;
    }
}
