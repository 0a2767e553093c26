using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Studies.Boltzmann;
using ActorMD.Studies.Convergence;

namespace ActorMD.Studies.Tests;

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
            double mean = distances.Average(d => d.Squared),
                error = Math.Sqrt(distances.Sum(d => (d.Squared - mean) * (d.Squared - mean)) / 39 / 40);
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
                    particles[id].Kind = id < study.Case.Counts[0] ? 0 : 1;
                    particles[id].Position = paired && id % 2 == 1
                        ? particles[id - 1].Position with { X = (particles[id - 1].Position.X + 0.5) % 1 }
                        : new Vec3(x, 0.5, 0);
                }

                ensemble.Add([observables.Of(particles, 0)]);
            }

            ImmutableArray<ObservableRow> rows = [
                .. observables.Names.Select((_, n) => new ObservableRow(n * study.BinCount, study.BinCount, 1.0 / study.BinCount))];
            ChaosDifference chaos = new Correlations(study, observables).Of(ensemble, 0, study.Case.Counts, rows)[0];
            Assert.Equal(("AA", "(2,0)"), (chaos.Pair, chaos.Index));
            ChaosMean density = chaos.Means.Single(m => m is { Phi: "density", Psi: "density" });
            ChaosMean motion = chaos.Means.Single(m => m is { Phi: "density", Psi: "velocity_x" });
            if (paired)
            {
                Assert.True(density.Value > 4 * density.Error);
                Assert.True(chaos.All.Squared > 4 * chaos.All.SquaredError);
            }
            else
            {
                Assert.InRange(Math.Abs(density.Value), 0, 4 * density.Error);
                Assert.InRange(Math.Abs(motion.Value), 0, 4 * motion.Error);
                Assert.InRange(Math.Abs(chaos.All.Squared), 0, 4 * chaos.All.SquaredError);
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
        Assert.StartsWith("{\n  \"schema\": \"actormd-convergence/3\"", result.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_study_goes_on_with_the_next_rung()
    {
        using TemporaryFolder folder = new();
        Study study = Small();
        using CancellationTokenSource stop = new();
        ConvergenceStudy interrupted = new(study, 1, line => StopAfterRung(line, stop), stop.Token, new StudyStore(folder["study"], study));
        Assert.ThrowsAny<OperationCanceledException>(() => interrupted.Run(force: false));
        Assert.Contains("replicas-60.ensemble", Directory.GetFiles(folder["study"]).Select(Path.GetFileName));

        List<string> lines = [];
        ConvergenceResult resumed =
            new ConvergenceStudy(study, 1, lines.Add, CancellationToken.None, new StudyStore(folder["study"], study)).Run(force: false);
        ConvergenceResult whole = new ConvergenceStudy(study, 1, _ => { }, CancellationToken.None).Run(force: false);
        Assert.Equal(ConvergenceTables.Differences(whole), ConvergenceTables.Differences(resumed));
        Assert.Equal(whole.Fits.AsEnumerable(), resumed.Fits);

        // Another seed finds nothing of it, nor is a file used that was cut short.
        Assert.NotNull(new StudyStore(folder["study"], study).Find("replicas-60"));
        Assert.Null(new StudyStore(folder["study"], study with { Seed = 2 }).Find("replicas-60"));
        string path = Path.Combine(folder["study"], "replicas-60.ensemble");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^10]);
        Assert.Null(new StudyStore(folder["study"], study).Find("replicas-60"));

        static void StopAfterRung(string line, CancellationTokenSource stop)
        {
            if (line.StartsWith("N = 60", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void A_study_interrupted_within_a_rung_keeps_its_replicas()
    {
        using TemporaryFolder folder = new();
        Study study = Small() with { ReplicaMin = 4 };
        using CancellationTokenSource stop = new();
        ConvergenceStudy interrupted = new(
            study, 1, line => StopWithinRung(line, stop), stop.Token, new StudyStore(folder["study"], study));
        Assert.ThrowsAny<OperationCanceledException>(() => interrupted.Run(force: false));
        StoredEnsemble stored = new StudyStore(folder["study"], study).Find("replicas-60")!;
        Assert.Equal(4, stored.Ensemble.Count);
        Assert.Empty(stored.Ended);
        ConvergenceResult resumed = new ConvergenceStudy(study, 1, _ => { }, CancellationToken.None, new StudyStore(folder["study"], study))
            .Run(force: false);
        ConvergenceResult whole = new ConvergenceStudy(study, 1, _ => { }, CancellationToken.None).Run(force: false);
        Assert.Equal(ConvergenceTables.Differences(whole), ConvergenceTables.Differences(resumed));
        Assert.Equal(ConvergenceTables.H(whole), ConvergenceTables.H(resumed));

        static void StopWithinRung(string line, CancellationTokenSource stop)
        {
            if (line.StartsWith("  N = 60: 4 of 12 replicas", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void How_many_replicas_there_are_depends_on_nothing_but_the_study()
    {
        Study study = Small() with { ReplicaMin = 4, ReplicaMax = 9, ReplicaParticles = 700 };
        ConvergenceResult one = new ConvergenceStudy(study, 1, _ => { }, CancellationToken.None).Run(force: false);
        Assert.Equal([9, 5], one.Rungs.Select(rung => rung.Replicas));
        ConvergenceResult three = new ConvergenceStudy(study, 3, _ => { }, CancellationToken.None).Run(force: false);
        Assert.Equal(ConvergenceTables.Differences(one), ConvergenceTables.Differences(three));
    }

    /// <summary>Order, and the factor of a wrong coefficient of the kinetic equation; 1 is the right one.</summary>
    public static TheoryData<string, int, double> Equations => new()
    {
        { "mixture", 2, 1 },
        { "mixture", 2, 0.5 }, // A_12 = c_1 eps_1/eps_2 forgets that spheres of both kinds meet at half the sum, here (1 + 3)/2
        { "ternary", 3, 1 },
        { "ternary", 3, 2 }, // 1/l! forgotten
        { "ternary", 3, 3 }, // the area of the sphere in place of the ellipsoid's measure: (l+1)^((l-1)d/2)
    };

    [Theory, MemberData(nameof(Equations))]
    public void A_study_disagrees_with_a_wrong_equation_only(string gas, int order, double mistake)
    {
        Study study = Relaxation(gas == "mixture");
        ConvergenceResult result = new ConvergenceStudy(
            study, 2, _ => { }, CancellationToken.None, null,
            channel => channel.Order == order
            && (order == 3 || channel.Members[0] != channel.Members[1]) ? channel.Times(mistake) : channel).Run(force: false);
        if (mistake == 1)
        {
            Assert.NotEqual(StudyVerdict.Disagrees, result.Verdict.Outcome);
        }
        else
        {
            Assert.True(result.Verdict.Outcome == StudyVerdict.Disagrees, result.Verdict.Reason);
        }
    }

    [Fact]
    public void H_of_the_kinetic_solution_falls_and_that_of_a_Maxwellian_is_known()
    {
        Study study = Relaxation(isMixture: false);
        BinObservables observables = new(study);
        VelocityHistogram histogram = new(study, observables);
        int[][] groups = [.. Enumerable.Range(0, 8).Select(group =>
        {
            CounterRandom random = new(5, RandomStream.Testing, (uint)group);
            ParticleState[] particles = new ParticleState[20_000];
            for (int id = 0; id < particles.Length; id++)
            {
                particles[id].Velocity = observables.ThermalSpeeds[0] * random.NextNormalVector(2);
            }

            int[] counts = new int[histogram.CellCount];
            histogram.Add(particles, 0, counts);
            return counts;
        })];
        // Ten cells of 0.6 thermal speeds on each axis, by the midpoint rule; the outer two hold all that is beyond.
        double[] shares = new double[10];
        const double Step = 0.001;
        for (double v = -8 + Step / 2; v < 8; v += Step)
        {
            shares[Math.Clamp((int)Math.Floor(v / 0.6 + 5), 0, 9)] += Step * Math.Exp(-0.5 * v * v) / Math.Sqrt(2 * Math.PI);
        }

        MeasuredValue h = histogram.H(groups);
        Assert.Equal(2 * shares.Sum(p => p * Math.Log(p)), h.Value, 4 * h.Error);

        ConvergenceResult result = new ConvergenceStudy(study with { Ladder = [100, 200] }, 2, _ => { }, CancellationToken.None)
            .Run(force: false);
        Assert.True(result.KineticH[0].Value - result.KineticH[1].Value > 4 * (result.KineticH[0].Error + result.KineticH[1].Error));
        LadderRung fine = result.Rungs[1];
        Assert.True(fine.H[0].Value - fine.H[1].Value > 2 * (fine.H[0].Error + fine.H[1].Error));
    }

    [Fact]
    public void The_intercept_of_a_line_is_found()
    {
        double[] x = [0.1, 0.2, 0.5], weights = LimitCheck.InterceptWeights(x, [1, 4, 2]);
        Assert.Equal(3, weights.Zip(x, (w, at) => w * (3 - 7 * at)).Sum(), 1e-12);
    }

    [Theory]
    [InlineData(0.1, StudyVerdict.Undecided)]
    [InlineData(0.04, StudyVerdict.Disagrees)]
    public void Cells_that_are_too_wide_are_not_blamed_on_the_equation(double change, string verdict)
    {
        // A difference of 0.1 that does not shrink.
        (double, Ensemble, Ensemble)[] rungs =
            [.. new[] { 0.1, 0.05, 0.02 }.Select((x, n) => (x, Noise(10 + n, 40, 1.1, 0.01), Noise(20 + n, 40, 1, 0.01)))];
        ObservableRow[] rows = [new ObservableRow(0, 8, 1.0 / 8)];
        StudyVerdict found = LimitCheck.Of(
            rungs, rows, 0, new MeasuredDifference(0.1, 0.001, 0.01, 1e-4), new RateFit("difference", 1, 0, 0, 0.1, 3),
            new MeasuredDifference(change, 0.001, change * change, 1e-4), 1);
        Assert.Equal(verdict, found.Outcome);
        Assert.Equal(0.1, found.Limit.Value!.Value, 0.01);
        Assert.Equal(verdict == StudyVerdict.Undecided, found.Reason.Contains("reference.cells", StringComparison.Ordinal));
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
            ConvergenceResult.SchemaName, "a<b", "0", 1, "", new StudyVerdict(StudyVerdict.Agrees, "", seen),
            [Rung(100, 0.1, seen, seen), Rung(1000, 0.03, seen, hidden)], [new RateFit("difference", 0.5, 0.9, 0.8, 1, 2)], [], [], [], []);
        System.Xml.Linq.XElement svg = System.Xml.Linq.XElement.Parse(ConvergencePlot.Svg(result)!);
        // Each of the two curves has one more in the legend.
        Assert.Equal(3 + 2, svg.Descendants().Count(e => e.Name.LocalName == "ellipse"));
        Assert.Contains(svg.Descendants(), e => e.Value.Contains("eps^0.90", StringComparison.Ordinal));
        Assert.Null(ConvergencePlot.Svg(result with { Rungs = [Rung(100, 0.1, hidden, hidden)] }));
        Assert.Null(ConvergencePlot.ChaosSvg(result));
        LadderRung[] correlated = [
            .. result.Rungs.Select(r => r with { Times = [r.Times[0] with { Chaos = [new ChaosDifference("AA", "(2)", seen, [])] }] })];
        System.Xml.Linq.XElement chaos = System.Xml.Linq.XElement.Parse(ConvergencePlot.ChaosSvg(result with { Rungs = [.. correlated] })!);
        Assert.Equal(2 + 1, chaos.Descendants().Count(e => e.Name.LocalName == "ellipse"));

        static LadderRung Rung(int count, double eps, MeasuredDifference all, MeasuredDifference corrected) => new(
            count, eps, 1, "", 1, 1, ImmutableSortedDictionary<string, double>.Empty,
            [new LadderDifference(
                0.5, all, [new FiniteSizeEffect("density", all, corrected)], ImmutableSortedDictionary<string, MeasuredDifference>.Empty,
                [])], []);
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
        "small", 1, Wave(2), "case.yaml", [60, 120], [0.05], Axis: 0, BinCount: 4, ReplicaMin: 12, ReplicaMax: 12, ReplicaParticles: 1_000_000,
        ReferenceRuns: 2, ReferenceParticles: 2000);

    /// <summary>Beams without space: 2-D, about two collisions of every particle.</summary>
    private static Study Relaxation(bool isMixture)
    {
        Gas gas = isMixture
            ? new Gas(Box.Square(1), [new Species("A", 1, 0.0005), new Species("B", 4, 0.0015)], [])
            : new Gas(Box.Square(1), [new Species("A", 1, 1e-5)], [new Zone(3, 0.0126 * 0.7)]);
        VelocityPart[] beams = [.. new[] { 1.5, -1.5 }.Select(speed => new VelocityPart(
            1, new MaxwellianShape(), new ConstantProfile(0.5),
            [new ConstantProfile(speed), new ConstantProfile(0), new ConstantProfile(0)]))];
        VelocityLaw law = new VelocitySum([.. beams]);
        Case @case = new(
            "beams", 1, gas, isMixture ? [500, 500] : [1000],
            new InitialData(
                new PositionPlan(PositionMethod.Conditioned), new VelocityPlan(isMixture ? [law, new Maxwellian(0.5, Vec3.Zero)] : [law])),
            new RunPlan(0, 1, 0.1, null), new OutputPlan(null));
        return new Study(
            "beams", 1, @case, "case.yaml", [250, 1000], [0.3], Axis: 0, BinCount: 4, ReplicaMin: 300, ReplicaMax: 300, ReplicaParticles: 1_000_000,
            ReferenceRuns: 8, ReferenceParticles: 40_000);
    }

    private static Case Wave(int dimension) => new(
        "wave",
        1,
        new Gas(
            dimension == 2 ? Box.Square(1) : Box.Cube(1), [new Species("A", 1, 0.004), new Species("B", 4, 0.006)], [new Zone(3, 0.06)]),
        [60, 60],
        new InitialData(
            new PositionPlan(PositionMethod.Conditioned, Densities: [new CosineProfile(0, 1, 0.5, 1, 0), null]),
            new VelocityPlan([new Maxwellian(1, Vec3.Zero), new Maxwellian(2, Vec3.Zero)])),
        new RunPlan(0, 1, 0.1, null),
        new OutputPlan(null));
}
