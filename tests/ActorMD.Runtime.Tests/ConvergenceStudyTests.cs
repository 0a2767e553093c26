using ActorMD.Files;
using ActorMD.Kinetic;
using ActorMD.Physics;

namespace ActorMD.Runtime.Tests;

/// <summary>The parts of a convergence study, and a whole one in small.</summary>
public sealed class ConvergenceStudyTests
{
    [Fact]
    public void The_ladder_keeps_the_limit_constants()
    {
        Case @case = Wave(2);
        Case large = CaseLadder.WithCount(@case, 10 * @case.ParticleCount);
        Assert.Equal(10 * @case.ParticleCount, large.ParticleCount);
        for (int a = 0; a < 2; a++)
        {
            for (int b = 0; b < 2; b++)
            {
                double constant = BoltzmannConstants.Pair(@case.Gas, @case.Counts, a, b);
                Assert.Equal(constant, BoltzmannConstants.Pair(large.Gas, large.Counts, a, b), 1e-12 * constant);
            }
        }

        double third = BoltzmannConstants.Scaling(3, 2, @case.ParticleCount, @case.Gas.Zones[0].Distance);
        Assert.Equal(third, BoltzmannConstants.Scaling(3, 2, large.ParticleCount, large.Gas.Zones[0].Distance), 1e-12 * third);
    }

    [Fact]
    public void Rungs_without_accessible_ellipsoid_are_refused_unless_forced()
    {
        Case @case = Wave(2);
        Gas crowded = @case.Gas with { Zones = [new Zone(3, 1.75 * @case.Gas.DiameterMax)] };
        Assert.NotNull(CaseLadder.Obstacle(@case with { Gas = crowded }));
        Assert.Null(CaseLadder.Obstacle(@case));
    }

    [Fact]
    public void The_squared_distance_has_no_bias_from_noise()
    {
        // 40 independent comparisons of two noisy ensembles, without and with a true difference of 0.1.
        foreach (double shift in (double[])[0, 0.1])
        {
            Distance[] distances = [.. Enumerable.Range(0, 40).Select(n =>
                Distance.Of(Noise(2 * n, 30, 0, 1), Noise(2 * n + 1, 20, shift, 1), 0, [new ObservableRow(0, 8, 1.0 / 8)], 1))];
            double mean = distances.Average(d => d.Squared), error = Math.Sqrt(distances.Sum(d => (d.Squared - mean) * (d.Squared - mean)) / 39 / 40);
            Assert.Equal(shift * shift, mean, 4 * error);
            // The bootstrap error is that of a single comparison, to a factor of two.
            Assert.InRange(distances.Average(d => d.Error), 0.5 * error * Math.Sqrt(40), 2 * error * Math.Sqrt(40));
        }
    }

    [Fact]
    public void The_exponent_of_a_power_law_is_found() =>
        Assert.Equal(0.7, PowerFit.Exponent([.. new[] { 0.01, 0.02, 0.05 }.Select(x => (x, 3 * Math.Pow(x, 0.7), 0.1 * x))]), 1e-12);

    [Fact]
    public void Independent_particles_have_no_correlations_and_pairs_have()
    {
        Study study = Small();
        BinObservables observables = new(study);
        foreach (bool paired in (bool[])[false, true])
        {
            Ensemble ensemble = new();
            for (int replica = 0; replica < 60; replica++)
            {
                CounterRandom random = new(3, RandomStream.Testing, (uint)replica);
                ParticleState[] particles = new ParticleState[study.Case.ParticleCount];
                for (int id = 0; id < particles.Length; id++)
                {
                    // Pairs sit half a box apart.
                    double x = random.NextUniform();
                    particles[id].Species = id < study.Case.Counts[0] ? 0 : 1;
                    particles[id].Position = paired && id % 2 == 1
                        ? particles[id - 1].Position with { X = (particles[id - 1].Position.X + 0.5) % 1 }
                        : new Vec3(x, 0.5, 0);
                }

                ensemble.Add([observables.Of(particles, 0)]);
            }

            MeasuredValue value = Correlations.Of(study, observables, ensemble, 0, study.Case.Counts)["AA"];
            if (paired)
            {
                Assert.True(value.Value > 4 * value.Error);
            }
            else
            {
                Assert.InRange(Math.Abs(value.Value), 0, 4 * value.Error);
            }
        }
    }

    [Fact]
    public void A_small_study_ends_with_the_same_numbers_for_any_number_of_threads()
    {
        ConvergenceResult[] results = [.. new[] { 1, 3 }.Select(workers =>
            new ConvergenceStudy(Small(), workers, _ => { }, CancellationToken.None).Run(force: false))];
        Assert.Equal(ConvergenceTables.Differences(results[0]), ConvergenceTables.Differences(results[1]));
        Assert.Equal(ConvergenceTables.Chaos(results[0]), ConvergenceTables.Chaos(results[1]));
        ConvergenceResult result = results[0];
        Assert.Equal([60, 120], result.Rungs.Select(r => r.Particles));
        Assert.All(result.Rungs, r => Assert.Equal(12, r.Replicas));
        Assert.All(result.Rungs, r => Assert.InRange(r.Acceptance, 0.1, 1));
        Assert.Contains("[High Cor. 5.8]", result.Theorem, StringComparison.Ordinal);
        Assert.StartsWith("{\n  \"schema\": \"actormd-convergence/1\"", result.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_study_goes_on_with_the_next_rung()
    {
        using TemporaryFolder folder = new();
        Study study = Small();
        using CancellationTokenSource stop = new();
        ConvergenceStudy interrupted = new(study, 1, line => StopAfterRung(line, stop), stop.Token, new RungStore(folder["study"], study));
        Assert.ThrowsAny<OperationCanceledException>(() => interrupted.Run(force: false));
        Assert.Equal(["rung-60.json"], Directory.GetFiles(folder["study"]).Select(Path.GetFileName));

        List<string> lines = [];
        ConvergenceResult resumed = new ConvergenceStudy(study, 1, lines.Add, CancellationToken.None, new RungStore(folder["study"], study)).Run(force: false);
        ConvergenceResult whole = new ConvergenceStudy(study, 1, _ => { }, CancellationToken.None).Run(force: false);
        Assert.Equal(ConvergenceTables.Differences(whole), ConvergenceTables.Differences(resumed));
        Assert.Equal(whole.Fits.AsEnumerable(), resumed.Fits);

        // All rungs are there: nothing is computed, not even the kinetic equation. Another seed finds none of them.
        lines.Clear();
        new ConvergenceStudy(study, 1, lines.Add, CancellationToken.None, new RungStore(folder["study"], study)).Run(force: false);
        Assert.DoesNotContain(lines, line => line.StartsWith("kinetic equation", StringComparison.Ordinal));
        Assert.Null(new RungStore(folder["study"], study with { Seed = 2 }).Find(60));

        static void StopAfterRung(string line, CancellationTokenSource stop)
        {
            if (line.StartsWith("N = 60", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void What_a_thread_throws_is_thrown_as_it_is()
    {
        Assert.Throws<OperationCanceledException>(() => ParallelRuns.For(2, 2, _ => throw new OperationCanceledException()));
        Assert.Throws<PhysicsViolationException>(() => ParallelRuns.For(3, 2, _ => throw new PhysicsViolationException("overlap")));
    }

    [Fact]
    public void The_picture_has_a_point_for_every_difference_above_its_error()
    {
        MeasuredDifference seen = new(0.1, 0.01, 0.01, 0.002), hidden = new(null, null, -1e-4, 1e-3);
        ConvergenceResult result = new(
            ConvergenceResult.SchemaName, "a<b", "0", 1, "", [Rung(100, 0.1, seen, seen), Rung(1000, 0.03, seen, hidden)],
            [new RateFit(0.5, 0.9, 0.8, 1, 2)], []);
        System.Xml.Linq.XElement svg = System.Xml.Linq.XElement.Parse(ConvergencePlot.Svg(result)!);
        Assert.Equal(3, svg.Elements().Count(e => e.Name.LocalName == "circle"));
        Assert.Contains(svg.Elements(), e => e.Value.Contains("eps^0.90", StringComparison.Ordinal));
        Assert.Null(ConvergencePlot.Svg(result with { Rungs = [Rung(100, 0.1, hidden, hidden)] }));

        static LadderRung Rung(int count, double eps, MeasuredDifference all, MeasuredDifference corrected) => new(
            count, eps, 1, "", 1, 1,
            [new LadderDifference(0.5, all, corrected,
                System.Collections.Immutable.ImmutableSortedDictionary<string, MeasuredDifference>.Empty,
                System.Collections.Immutable.ImmutableSortedDictionary<string, MeasuredValue>.Empty)]);
    }

    private static Ensemble Noise(int seed, int replicas, double mean, double spread)
    {
        Ensemble ensemble = new();
        for (int r = 0; r < replicas; r++)
        {
            CounterRandom random = new((ulong)seed, RandomStream.Testing, (uint)r);
            ensemble.Add([[.. Enumerable.Range(0, 8).Select(_ => mean + spread * random.NextNormalPair().First)]]);
        }

        return ensemble;
    }

    private static Study Small() => new(
        "small", 1, Wave(2), "case.yaml", [60, 120], [0.05], Axis: 0, BinCount: 4, ReplicaMin: 12, ReplicaMax: 12, Budget: 60,
        ReferenceRuns: 2, ReferenceParticles: 2000);

    private static Case Wave(int dimension) => new(
        "wave",
        1,
        new Gas(dimension == 2 ? Box.Square(1) : Box.Cube(1), [new Species("A", 1, 0.004), new Species("B", 4, 0.006)], [new Zone(3, 0.06)]),
        [60, 60],
        new InitialData(
            new PositionPlan(PositionMethod.Conditioned, Densities: [new CosineProfile(0, 1, 0.5, 1, 0), null]),
            new VelocityPlan([new Maxwellian(1, Vec3.Zero), new Maxwellian(2, Vec3.Zero)])),
        new RunPlan(0, 1, 0.1, null),
        new OutputPlan(null));
}
