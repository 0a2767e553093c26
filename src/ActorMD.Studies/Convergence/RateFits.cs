using System.Collections.Immutable;
using ActorMD.Files.Studies;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Studies.Convergence;

/// <summary>The powers of eps of a study: <see cref="SignedFit"/> at every time.</summary>
internal static class RateFits
{
    private const int SampleCount = 200;

    /// <summary>Of the difference as it is, and of what the corrections of each N leave.</summary>
    /// <param name="rungs">The ladder.</param>
    /// <param name="limit">The kinetic solution that all rungs are compared with.</param>
    /// <param name="study">Times, seed.</param>
    /// <param name="naturalRate">1/M.</param>
    public static ImmutableArray<RateFit> Of(IReadOnlyList<Climbed> rungs, Compared limit, Study study, double naturalRate) =>
    [
        .. study.Times.SelectMany((at, time) => (RateFit[])
        [
            Fit("difference", at, SignedFit.Of(
                [.. rungs.Select(r => (r.Rung.Epsilon, r.Particles.Differences, limit.Differences))], isShared: true, limit.Rows, time,
                    study.Seed), rungs.Count, naturalRate),
            Fit("corrected", at, SignedFit.Of(
                [.. rungs.Select(r => (r.Rung.Epsilon, r.Particles.Differences, r.Kinetic.Differences))], isShared: false, limit.Rows, time,
                    study.Seed), rungs.Count, naturalRate),
        ]),
    ];

    /// <summary>
    /// Of the correlations of two particles, pair by pair of species: all means over the bins with their signs, intervals by normal draws
    /// of their errors.
    /// </summary>
    /// <param name="rungs">The ladder.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="naturalRate">1/M.</param>
    public static ImmutableArray<RateFit> OfChaos(ImmutableArray<LadderRung> rungs, ulong seed, double naturalRate) =>
    [
        .. rungs[0].Times.SelectMany((first, time) => first.Chaos.Select((pair, number) =>
        {
            ChaosDifference[] chaos =
                [.. rungs.Select(r => r.Times[time].Chaos.FirstOrDefault(c => c.Pair == pair.Pair)).OfType<ChaosDifference>()];
            if (chaos.Length < rungs.Length)
            {
                return new RateFit(pair.Pair, first.Time, null, null, null, chaos.Length);
            }

            double[][] values = [.. chaos.Select(c => c.Means.Select(m => m.Value).ToArray())];
            SignedFit fit = new([.. rungs.Select(r => r.Epsilon)], [.. chaos.Select(c => c.Means.Select(m => m.Error * m.Error).ToArray())],
                null);
            CounterRandom random = new(seed, RandomStream.Replicas, uint.MaxValue - 3, ((ulong)time << 40) + ((ulong)number << 32));
            double[][][] samples = new double[SampleCount][][];
            for (int sample = 0; sample < SampleCount; sample++)
            {
                samples[sample] = new double[values.Length][];
                for (int r = 0; r < values.Length; r++)
                {
                    samples[sample][r] = [.. values[r]];
                    for (int i = 0; i < values[r].Length; i++)
                    {
                        samples[sample][r][i] += chaos[r].Means[i].Error * random.NextNormalPair().First;
                    }
                }
            }

            return Fit(pair.Pair, first.Time, fit.Solve(values, samples), rungs.Length, naturalRate);
        })),
    ];

    /// <summary>As it is reported.</summary>
    public static RateFit Fit(string name, double time, SignedRates rates, int rungs, double naturalRate) =>
        new(name, time, rates.One?.Value, rates.One?.Lower, rates.One?.Upper, rungs)
        {
            First = rates.First,
            Second = rates.Second,
            SpreadOfOne = double.IsFinite(rates.SpreadOfOne) ? rates.SpreadOfOne : null,
            SpreadOfTwo = double.IsFinite(rates.SpreadOfTwo) ? rates.SpreadOfTwo : null,
            NaturalRate = rates.One?.Place(naturalRate),
            RateOne = rates.One?.Place(1),
        };
}
