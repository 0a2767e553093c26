using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Studies.Convergence;

namespace ActorMD.Studies.Tests;

/// <summary>Cumulants of three and four particles, and the largest difference over narrow bins.</summary>
public sealed class ChaosTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Particles_that_come_in_groups_have_a_cumulant_and_independent_ones_have_none(int size)
    {
        Study study = Of(12, 4 * size);
        foreach (bool isGrouped in (bool[])[false, true])
        {
            // Groups of particles sit at the corners of a triangle or a square of the circle that the box is.
            Ensemble ensemble = Particles(study, 1600, (random, id, first) => isGrouped ? (first + (id % size) * 1.0 / size) % 1 : random,
                size);
            BinObservables observables = new(study);
            ImmutableArray<ObservableRow> rows =
                [.. observables.Names.Select((_, n) => new ObservableRow(n * study.BinCount, study.BinCount, 1.0 / study.BinCount))];
            CumulantDifference cumulant =
                new Cumulants(study, observables).Of(ensemble, 0, study.Case.Counts, rows).Single(c => c.Size == size);
            Assert.Equal($"({size})", cumulant.Index);
            CumulantMean density = cumulant.Means.Single(m => m.Phi == "density");
            // Independent: none. Grouped: of N(N-1).. ordered tuples a share of order N^(1-s) comes from one group.
            Assert.True(density.Error > 0);
            if (isGrouped)
            {
                Assert.True(cumulant.All.Squared > 4 * cumulant.All.SquaredError,
                    $"{cumulant.All.Squared:G3}({cumulant.All.SquaredError:G2})");
            }
            else
            {
                Assert.InRange(Math.Abs(density.Value), 0, 4 * density.Error);
                Assert.InRange(Math.Abs(cumulant.All.Squared), 0, 4 * cumulant.All.SquaredError);
            }
        }
    }

    [Fact]
    public void The_largest_difference_is_found_where_it_is_and_noise_is_not_taken_for_one()
    {
        Study study = Of(4, 48);
        NarrowBins narrow = new(study, new BinObservables(study));
        Assert.Equal(16, narrow.BinCount);
        Ensemble kinetic = Narrow(0, 30, 0, 0.1), same = Narrow(1, 40, 0, 0.1), other = Narrow(2, 40, 0.15, 0.1);
        SupDifference none = narrow.Compare(same, kinetic, 0), some = narrow.Compare(other, kinetic, 0);
        Assert.InRange(Math.Abs(none.Value), 0, 4 * none.Error);
        Assert.True(none.Raw > 2 * none.Noise, "the largest of many noisy numbers is far above the noise of one");
        Assert.InRange(some.Error, 1e-4, 0.05);
        Assert.Equal(0.15, some.Value, 4 * some.Error + 0.01);

        // 32 values around 1 (phi) and 0 (phi times a velocity), one of them shifted.
        static Ensemble Narrow(int seed, int replicas, double shift, double scatter)
        {
            Ensemble ensemble = new();
            for (int r = 0; r < replicas; r++)
            {
                CounterRandom random = new((ulong)seed, RandomStream.Testing, (uint)r);
                double[] values = new double[32];
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (i < 16 ? 1 : 0) + (i == 5 ? shift : 0) + scatter * random.NextNormalPair().First;
                }

                ensemble.Add([values]);
            }

            return ensemble;
        }
    }

    [Fact]
    public void Phi_has_a_compact_support()
    {
        Study study = Of(4, 48);
        BinObservables observables = new(study);
        NarrowBins narrow = new(study, observables);
        ParticleState fast = new() { Velocity = new Vec3(3.001 * observables.ThermalSpeeds[0], 0, 0) }, slow =
            new() { Velocity = new Vec3(0.1, 0, 0) };
        Assert.All(narrow.Of([fast], 0), v => Assert.Equal(0, v));
        Assert.Equal(2, narrow.Of([slow], 0).Count(v => v > 0));
    }

    private static Ensemble Particles(Study study, int replicas, Func<double, int, double, double> place, int size)
    {
        BinObservables observables = new(study);
        Ensemble ensemble = new();
        for (int replica = 0; replica < replicas; replica++)
        {
            CounterRandom random = new(3, RandomStream.Testing, (uint)replica);
            ParticleState[] particles = new ParticleState[study.Case.ParticleCount];
            for (int id = 0; id < particles.Length; id++)
            {
                double first = particles[id / size * size].Position.X, x = place(random.NextUniform(), id, first);
                particles[id].Position = new Vec3(id % size == 0 ? random.NextUniform() : x, 0.5, 0);
            }

            ensemble.Add([observables.Of(particles, 0)]);
        }

        return ensemble;
    }

    private static Study Of(int bins, int count) => new(
        "chaos", 1,
        new Case(
            "chaos", 1, new Gas(Box.Square(1), [new Species("A", 1, 0.001)], []), [count],
            new InitialData(
                new PositionPlan(PositionMethod.Conditioned, Densities: [new CosineProfile(0, 1, 0.5, 1, 0)]),
                    new VelocityPlan([new Maxwellian(1, Vec3.Zero)])),
            new RunPlan(0, 1, 0.1, null), new OutputPlan(null)),
        "case.yaml", [count / 2, count], [0.05], Axis: 0, BinCount: bins, ReplicaMin: 12, ReplicaMax: 12, ReplicaParticles: 1_000_000, ReferenceRuns: 2,
            ReferenceParticles: 2000);
}
