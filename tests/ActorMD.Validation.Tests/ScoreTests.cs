using ActorMD.Physics.RandomNumbers;
using ActorMD.Validation.Tests.Statistics;

namespace ActorMD.Validation.Tests;

/// <summary>Whether the errors that all checks claim are right: neither too small nor too large.</summary>
public sealed class ScoreTests
{
    private const int CountMin = 15; // a whole set has 18 tests that claim errors without an allowance for theory

    [Fact]
    public void Normal_deviations_pass() => Assert.True(Scores.Judge(Normal(400, 0, 1)).IsNormal);

    [Theory]
    [InlineData(0, 1.2)] // errors claimed too small
    [InlineData(0, 0.8)] // too large
    [InlineData(0.25, 1)] // a bias
    public void Deviations_of_another_law_are_noticed(double mean, double width) => Assert.False(Scores.Judge(Normal(400, mean, width)).IsNormal);

    [Theory]
    [InlineData(2.0395, 31, 1.95996)] // two-sided 5 percent
    [InlineData(-2.7440, 31, -2.5758)] // one percent
    [InlineData(2.3646, 7, 1.95996)]
    public void Deviations_of_Student_become_normal_ones(double t, int degreesOfFreedom, double z) =>
        Assert.Equal(z, Scores.NormalOf(t, degreesOfFreedom), 0.02);

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.95996)]
    [InlineData(0.001, -3.09023)]
    public void Shares_become_normal_deviations(double share, double z) => Assert.Equal(z, Scores.NormalOf(share), 1e-4);

    /// <summary>The gate: run last by <c>scripts/test --validation --seeds K</c>.</summary>
    [ScoresFact, Trait("Tier", "Scores")]
    public void All_checks_together_deviate_as_they_claim()
    {
        IReadOnlyList<double> scores = Scores.Read(Scores.Folder!);
        Assert.True(scores.Count >= CountMin, $"only {scores.Count} deviations: was a set broken off?");
        (bool isNormal, string text) = Scores.Judge(scores);
        File.WriteAllText(Path.Combine(Scores.Folder!, "verdict.txt"), text + "\n");
        Assert.True(isNormal, text);
    }

    private static double[] Normal(int count, double mean, double width)
    {
        CounterRandom random = new(3, RandomStream.Testing);
        return [.. Enumerable.Range(0, count).Select(_ => mean + width * Scores.NormalOf(random.NextUniform()))];
    }

    /// <summary>A test of deviations that were collected before.</summary>
    private sealed class ScoresFactAttribute : FactAttribute
    {
        public ScoresFactAttribute() => Skip = Scores.Folder is null ? "scripts/test --validation --seeds K collects the deviations" : null;
    }
}
