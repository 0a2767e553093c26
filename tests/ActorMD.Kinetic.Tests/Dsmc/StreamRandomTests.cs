using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests.Dsmc;

/// <summary>The fast random numbers of the DSMC solver, and the laws drawn from them.</summary>
public class StreamRandomTests
{
    private const int DrawCount = 200_000;
    private const double SigmaMax = 4;

    [Fact]
    public void Uniform_numbers_have_the_moments_and_the_independence_of_uniform_numbers()
    {
        // Across subjects as within one: the first numbers of many cells are used most.
        double sum = 0, squares = 0, products = 0, last = 0.5;
        StepKey key = new(3, RandomStream.Testing, 1, 7);
        for (int cell = 0; cell < DrawCount; cell++)
        {
            StreamRandom random = new(key, cell);
            double value = random.NextUniform() - 0.5;
            sum += value;
            squares += value * value;
            products += value * last;
            last = value;
        }

        double error = SigmaMax / Math.Sqrt(DrawCount);
        Assert.Equal(0, sum / DrawCount, error * Math.Sqrt(1.0 / 12));
        Assert.Equal(1.0 / 12, squares / DrawCount, error * Math.Sqrt(1.0 / 180));
        Assert.Equal(0, products / DrawCount, error / 12);
    }

    [Fact]
    public void Keys_of_steps_runs_and_seeds_differ()
    {
        StepKey[] keys =
        [
            new(1, RandomStream.Testing, 0, 0), new(1, RandomStream.Testing, 0, 1), new(1, RandomStream.Testing, 1, 0),
            new(2, RandomStream.Testing, 0, 0), new(1, RandomStream.KineticCollisions, 0, 0),
        ];
        Assert.Equal(keys.Length, keys.Select(key => new StreamRandom(key, 0).NextBits()).Distinct().Count());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1_000_003)]
    public void Integers_are_uniform_below_their_bound(int bound)
    {
        StreamRandom random = new(new StepKey(3, RandomStream.Testing, 1, 7), 0);
        double sum = 0;
        for (int n = 0; n < DrawCount; n++)
        {
            int value = random.NextInteger(bound);
            Assert.InRange(value, 0, bound - 1);
            sum += value;
        }

        Assert.Equal(0.5 * (bound - 1), sum / DrawCount, SigmaMax * bound * Math.Sqrt(1.0 / 12 / DrawCount));
    }

    [Theory]
    [InlineData(0.0625)]
    [InlineData(3)]
    [InlineData(32)]
    [InlineData(100.5)]
    public void Poisson_numbers_have_their_mean_and_variance(double mean)
    {
        StreamRandom random = new(new StepKey(3, RandomStream.Testing, 1, 7), 0);
        double sum = 0, squares = 0;
        for (int n = 0; n < DrawCount; n++)
        {
            double deviation = PoissonCount.Draw(ref random, mean) - mean;
            sum += deviation;
            squares += deviation * deviation;
        }

        double error = SigmaMax / Math.Sqrt(DrawCount);
        Assert.Equal(0, sum / DrawCount, error * Math.Sqrt(mean));
        Assert.Equal(mean, squares / DrawCount, error * Math.Sqrt(mean + 2 * mean * mean));
    }

    [Fact]
    public void A_mean_is_rounded_up_to_one_whose_law_can_be_drawn()
    {
        StreamRandom random = new(new StepKey(3, RandomStream.Testing, 1, 7), 0);
        foreach (double mean in (double[])[0, 1e-9, 0.9, 31.99, 32.01, 1000.3])
        {
            double rounded = PoissonCount.RoundUp(mean);
            Assert.InRange(rounded, mean, mean + 1.0 / 16);
            Assert.True(PoissonCount.Draw(ref random, rounded) >= 0);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 10)]
    [InlineData(16, 16)]
    [InlineData(5, 40)]
    [InlineData(900, 1000)]
    public void The_smallest_of_uniform_numbers_have_the_beta_law(int m, int n)
    {
        StreamRandom random = new(new StepKey(3, RandomStream.Testing, 1, 7), 0);
        const int Repeats = 20_000;
        double mean = m / (n + 1.0), variance = mean * (1 - mean) / (n + 2);
        double sum = 0, squares = 0;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            double deviation = random.NextOrderStatistic(m, n) - mean;
            sum += deviation;
            squares += deviation * deviation;
        }

        Assert.Equal(0, sum / Repeats, SigmaMax * Math.Sqrt(variance / Repeats));
        Assert.Equal(variance, squares / Repeats, 0.08 * variance);
    }
}
