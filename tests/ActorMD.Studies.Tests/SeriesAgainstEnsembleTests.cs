using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Hierarchy;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Runs.Ensembles;

namespace ActorMD.Studies.Tests;

/// <summary>
/// The BBGKY series of two, three and four particles against <c>ensemble</c> itself: the program's own runs of the same case.
/// </summary>
/// <remarks>
/// <c>ensemble</c> gives the temperature of a species, the mean velocity of the whole gas removed. With e_A the mean of |v|^2 of an
/// A-particle and c_AA, c_AB
/// the means of the product of the x-components of two particles, which collisions correlate,
/// d T_A = M_A e_A - (2 M_A/M) (M_A e_A + d (N_A - 1) M_A c_AA + d N_B M_B c_AB) + d (M_A/M^2) sum N_a M_a T_a(0), M the mass of the whole
/// gas.
/// So the series with one and with two tracked particles enter.
/// </remarks>
public sealed class SeriesAgainstEnsembleTests : IDisposable
{
    private const double SigmaMax = 4;
    private const double HotA = 2, ColdB = 0.5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>d, N_A, N_B, zone of order 3 (0: pairs only), time.</summary>
    public static TheoryData<int, int, int, double, double> Gases => new()
    {
        { 2, 1, 1, 0, 0.3 },
        { 2, 2, 1, 0.4, 0.2 },
    };

    /// <summary>The same, with smaller errors and four particles.</summary>
    public static TheoryData<int, int, int, double, double> MoreGases => new()
    {
        { 3, 1, 1, 0, 0.3 },
        { 2, 2, 1, 0, 0.3 },
        { 3, 2, 2, 0, 0.2 },
        { 3, 2, 1, 0.5, 0.2 },
        { 2, 2, 2, 0.3, 0.12 },
    };

    [Theory, MemberData(nameof(Gases))]
    public void The_whole_series_is_what_ensemble_measures(int d, int a, int b, double zone, double time) =>
        Compare(Gas(d, a, b, zone, time), 4_000, 40_000, hasAll: true);

    [Theory, MemberData(nameof(MoreGases)), Trait("Tier", "Validation")]
    public void The_whole_series_is_what_ensemble_measures_in_more_gases(int d, int a, int b, double zone, double time) =>
        Compare(Gas(d, a, b, zone, time), 30_000, 1_000_000, hasAll: true);

    [Fact, Trait("Tier", "Validation")]
    public void Without_the_terms_of_several_tracked_particles_it_is_not()
    {
        // In the plane two tracked particles and a third meet often enough to be seen.
        Case @case = Gas(2, 2, 1, 0.5, 0.5);
        Compare(@case, 60_000, 1_000_000, hasAll: true);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Compare(@case, 60_000, 1_000_000, hasAll: false));
    }

    private static Case Gas(int d, int a, int b, double zone, double time) => Cases.Mixture with
    {
        Name = "few",
        Gas = new Gas(
            d == 2 ? Box.Square(1) : Box.Cube(1), zone > 0 ? [new Species("A", 1, 0.05), new Species("B", 4, 0.05)]
                : [new Species("A", 1, 0.2), new Species("B", 4, 0.3)],
            zone > 0 ? [new Zone(3, zone)] : []),
        Counts = [a, b],
        Initial = new InitialData(
            new PositionPlan(PositionMethod.Conditioned),
                new VelocityPlan([new Maxwellian(HotA, Vec3.Zero), new Maxwellian(ColdB, Vec3.Zero)])),
        Run = new RunPlan(0, time, time, null),
        Output = new OutputPlan(null),
    };

    private void Compare(Case @case, int replicas, int trees, bool hasAll)
    {
        (double Value, double Error) measured = Ensemble(@case, replicas), series = Temperature(@case, trees, hasAll);
        double error = Math.Sqrt(measured.Error * measured.Error + series.Error * series.Error);
        Assert.True(error < 0.025 * HotA, $"the error {error:G2} is too large to see anything");
        Assert.True(measured.Value < HotA - 4 * measured.Error, "nothing has happened");
        Assert.True(
            Math.Abs(measured.Value - series.Value) < SigmaMax * error,
            $"ensemble {measured.Value:G6}({measured.Error:G2}), series {series.Value:G6}({series.Error:G2})");
    }

    // Of A, at the end.
    private (double Value, double Error) Ensemble(Case @case, int replicas)
    {
        string directory = _folder["ensemble"];
        if (!Directory.Exists(directory))
        {
            using EnsembleSession session = EnsembleSession.Start(new CaseLoad(@case, [], []), replicas, 2, directory, force: false);
            Assert.NotNull(session.Run(new Silent(), CancellationToken.None));
        }

        RunFolder folder = new(directory);
        return (
            ThermoReader.Read(folder.ThermoPath, @case.Gas)[^1].TemperatureBySpecies[0]!.Value,
            ThermoReader.Read(folder.ThermoErrorsPath, @case.Gas)[^1].TemperatureBySpecies[0]!.Value);
    }

    private static (double Value, double Error) Temperature(Case @case, int trees, bool hasAll)
    {
        double d = @case.Gas.Dimension, massA = @case.Gas.Species[0].Mass, massB = @case.Gas.Species[1].Mass;
        double countA = @case.Counts[0], countB = @case.Counts[1], mass = countA * massA + countB * massB;
        (double Value, double Error) own = Sum(@case, [0], "energy", trees, 1, hasAll), ab =
            Sum(@case, [0, 1], "velocity_x", trees, 2, hasAll);
        (double Value, double Error) aa = countA > 1 ? Sum(@case, [0, 0], "velocity_x", trees, 3, hasAll) : (0, 0);
        double ofOwn = massA / d * (1 - 2 * massA / mass), ofAa = -2 * massA * massA * (countA - 1) / mass, ofAb =
            -2 * massA * massB * countB / mass;
        double still = massA * (countA * massA * HotA + countB * massB * ColdB) / (mass * mass);
        return (
            ofOwn * own.Value + ofAa * aa.Value + ofAb * ab.Value + still,
            Math.Sqrt(Math.Pow(ofOwn * own.Error, 2) + Math.Pow(ofAa * aa.Error, 2) + Math.Pow(ofAb * ab.Error, 2)));
    }

    // The whole series: it ends when no particle is left to be met.
    private static (double Value, double Error) Sum(Case @case, ImmutableArray<int> tracked, string observable, int trees, ulong seed,
        bool hasAll)
    {
        const int Draws = 400_000, Block = 20_000;
        Assert.Null(PhaseFunction.TryParse(observable, @case.Gas, out PhaseFunction? function));
        SeriesModel whole = new(@case.Gas, @case.Counts, @case.Initial, tracked, [function!], [1, 1],
            SeriesFlow.True)
        { IsConditioned = true };
        SeriesModel model = hasAll
            ? whole
            : new SeriesModel(@case.Gas, @case.Counts, @case.Initial, tracked, [function!], [1, 1], SeriesFlow.True)
            {
                IsConditioned = true,
                Additions = [.. whole.Additions.Where(a => !a.HasSeveralTracked)],
            };
        double free = Enumerable.Range(0, Draws / Block).Sum(n => (double)ConditionedLaw.CountFree(model, seed, n, Block)) / Draws;
        SeriesSampler sampler = new(model, [@case.Run.Until], @case.ParticleCount - tracked.Length, trees, seed);
        ImmutableArray<SeriesTerm> terms = sampler.Terms(
            [.. Enumerable.Range(0, sampler.Blocks.Length).AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(sampler.Draw)],
            free, Math.Sqrt(free * (1 - free) / Draws));
        return (terms.Sum(t => t.Estimate), Math.Sqrt(terms.Sum(t => t.Error * t.Error)));
    }

    private sealed class Silent : IEnsembleObserver
    {
        public void Advanced(EnsemblePace pace)
        {
        }
    }
}
