using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Physics;
using ActorMD.Runs.Simulations;
using ActorMD.Validation.Tests.Statistics;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>Transport coefficients by the observables of a run, against Chapman-Enskog and published simulations.</summary>
/// <remarks>
/// What is measured is a mean over independent runs, and its standard error is theirs: moments at several delays are correlated in ways
/// that blocks of one run do not show.
/// </remarks>
public sealed class TransportCoefficientTests(ITestOutputHelper output)
{
    // Converged Sonine expansions for hard spheres over their first terms: S. Chapman, T. G. Cowling, The Mathematical Theory of
    // Non-Uniform Gases, section 10.21; C. L. Pekeris, Z. Alterman, Proc. Natl. Acad. Sci. 43, 998 (1957).
    private const double DiffusionFactor = 1.019, ViscosityFactor = 1.016, ConductivityFactor = 1.025;
    private const double DiluteDensity = 0.01;

    private static readonly double Root = Math.Sqrt(1 / Math.PI); // sqrt(T/(pi M)) for T = M = 1

    // At n eps^3 = 0.01 Enskog's corrections are below 1.4 percent; they are included. What is left (triples of particles that meet again,
    // 256 particles for infinitely many) is allowed for with one percent.
    [Fact, Trait("Tier", "Validation")]
    public void A_dilute_gas_has_the_coefficients_of_Chapman_and_Enskog() =>
        CheckDilute(256, meanFreeTimes: 7_500, errorMax: 0.015, allowance: 0.01);

    // The same in short: its noise catches factors, not percents.
    [Fact]
    public void A_dilute_gas_has_about_the_coefficients_of_Chapman_and_Enskog() =>
        CheckDilute(256, meanFreeTimes: 375, errorMax: 0.1, allowance: 0.02);

    [Fact, Trait("Tier", "Validation")]
    public void Species_of_mass_ratio_4_diffuse_into_each_other_as_Chapman_and_Enskog_say()
    {
        ImmutableArray<int> counts = [128, 128];
        Gas gas = KnownGases.OfDensity(3, DiluteDensity, [KnownGases.Unit, new Species("B", 4, 1)], 256);
        double freeTime = FreeTime(DiluteDensity, 1), reduced = 0.8;
        ObservablePlan plan = new("mutual", ObservableKind.MutualDiffusion, 0.25 * freeTime)
        {
            Lags = new LagPlan(20 * freeTime, false, freeTime),
        };
        BlockAverage measured = OverRuns(5, seed =>
        {
            using ObservedSimulation run = new(gas, KnownGases.Start(gas, counts, PositionMethod.Conditioned, seed), plan);
            run.AdvanceTo(15_000 * freeTime);
            return [Slope(TableOf(run, "mutual"), "moment", 12 * freeTime, 20 * freeTime)];
        })[0];

        double first = 3 / (8 * DiluteDensity * ContactValue(DiluteDensity)) * Math.Sqrt(1 / (2 * Math.PI * reduced));
        double expected = first * (1 + SecondApproximation(1, 4, 0.5));
        new Measurement("mutual diffusion, mass ratio 4", measured, expected).Check(output, errorMax: 0.02, allowance: 0.01);
    }

    // Of 5.9 for equal masses, Chapman and Cowling's self-diffusion.
    [Fact]
    public void The_second_approximation_of_mutual_diffusion_is_that_of_self_diffusion_where_masses_are_equal() =>
        Assert.Equal(0.1 / 5.9, SecondApproximation(1, 1, 0.3), 1e-12);

    // R. J. Speedy, Mol. Phys. 62, 509 (1987): D/D0 = (1 - n/1.09)(1 + n^2 (0.4 - 0.83 n^2)), D0 = 3/(8 n) sqrt(T/(pi M));
    // H. Sigurgeirsson,
    // D. M. Heyes, Mol. Phys. 101, 469 (2003) find it to represent systems of about 500 particles, so no correction for size is made.
    [Fact, Trait("Tier", "Validation")]
    public void A_fluid_diffuses_as_in_published_simulations()
    {
        const double Density = 0.5, Until = 800;
        Gas gas = KnownGases.OfDensity(3, Density, [KnownGases.Unit], 500);
        BlockAverage[] measured = OverRuns(9, seed =>
        {
            using ObservedSimulation run = new(gas, KnownGases.Start(gas, [500], PositionMethod.Growth, seed), Plans(0.02, 4, 0.1));
            run.AdvanceTo(Until);
            ObservableTable helfand = TableOf(run, "helfand");
            return
            [
                Slope(TableOf(run, "msd"), "msd_A", 2, 4) / 6, Slope(helfand, "shear_moment", 1, 4), Slope(helfand, "heat_moment", 1, 4),
            ];
        });
        double zero = 3 / (8 * Density) * Root;
        double expected = zero * (1 - Density / 1.09) * (1 + Density * Density * (0.4 - 0.83 * Density * Density));
        new Measurement("D at n = 0.5", measured[0], expected).Check(output, errorMax: 0.01, allowance: 0.02);

        // Simulations of this density are published, but their tables were not at hand: Enskog's theory, which is known to hold within
        // some percent here.
        double chi = ContactValue(Density), b = 2 * Math.PI / 3 * Density;
        double viscosity = 5.0 / 16 * Root * ViscosityFactor * (1 / chi + 0.8 * b + 0.761 * chi * b * b);
        double conductivity = 75.0 / 64 * Root * ConductivityFactor * (1 / chi + 1.2 * b + 0.757 * chi * b * b);
        new Measurement("viscosity at n = 0.5", measured[1], viscosity).Check(output, errorMax: 0.03, allowance: 0.05);
        new Measurement("conductivity at n = 0.5", measured[2], conductivity).Check(output, errorMax: 0.03, allowance: 0.05);
    }

    // I.-C. Yeh, G. Hummer, J. Phys. Chem. B 108, 15873 (2004): in a periodic cube of side L the diffusion is smaller than in an infinite
    // fluid by 2.837297 T/(6 pi eta L), which the images of a sphere take from it. Between these two sizes it changes by 7 percent.
    [Fact, Trait("Tier", "Validation")]
    public void Diffusion_in_boxes_of_two_sizes_is_the_same_when_it_is_corrected_for_their_sizes()
    {
        const double Density = 0.5, Viscosity = 0.57; // as measured above
        (int Count, double Until, ulong Seed)[] runs = [(250, 500, 21), (2_000, 94, 22)];
        BlockAverage[] plain = new BlockAverage[2];
        double[] missing = new double[2];
        for (int k = 0; k < 2; k++)
        {
            (int count, double until, ulong first) = runs[k];
            Gas gas = KnownGases.OfDensity(3, Density, [KnownGases.Unit], count);
            plain[k] = OverRuns(first, seed =>
            {
                using ObservedSimulation run = new(
                    gas, KnownGases.Start(gas, [count], PositionMethod.Growth, seed),
                    new ObservablePlan("msd", ObservableKind.Msd, 0.5) { Lags = new LagPlan(16, false, 4) });
                run.AdvanceTo(until);
                return [Slope(TableOf(run, "msd"), "msd_A", 10, 16) / 6];
            })[0];
            missing[k] = 2.837297 / (6 * Math.PI * Viscosity * gas.Box.Lengths.X);
            (double mean, double error) = (plain[k].Mean, plain[k].StandardError);
            output.WriteLine(FormattableString.Invariant($"D of {count}: {mean:G5} +- {error:G2}, corrected {mean + missing[k]:G5}"));
        }

        BlockAverage difference = new(
            plain[1].Mean - plain[0].Mean, Math.Sqrt(Square(plain[0].StandardError) + Square(plain[1].StandardError)));
        new Measurement("D in a large box over that in a small one", difference, missing[0] - missing[1])
            .Check(output, errorMax: 0.12, allowance: 0.1);
    }

    private void CheckDilute(int count, double meanFreeTimes, double errorMax, double allowance)
    {
        Gas gas = KnownGases.OfDensity(3, DiluteDensity, [KnownGases.Unit], count);
        double chi = ContactValue(DiluteDensity), b = 2 * Math.PI / 3 * DiluteDensity, freeTime = FreeTime(DiluteDensity, chi);
        BlockAverage[] measured = OverRuns(3, seed =>
        {
            using ObservedSimulation run = new(
                gas, KnownGases.Start(gas, [count], PositionMethod.Conditioned, seed), Plans(0.25 * freeTime, 15 * freeTime, freeTime));
            run.AdvanceTo(meanFreeTimes * freeTime);
            ObservableTable helfand = TableOf(run, "helfand"), vacf = TableOf(run, "vacf");
            return
            [
                Slope(TableOf(run, "msd"), "msd_A", 8 * freeTime, 15 * freeTime) / 6,
                (double)vacf.Rows[^1][vacf.Columns.IndexOf("diffusion_A")],
                Slope(helfand, "shear_moment", 6 * freeTime, 15 * freeTime), Slope(helfand, "heat_moment", 8 * freeTime, 15 * freeTime),
            ];
        });
        double diffusion = 3 / (8 * DiluteDensity * chi) * Root * DiffusionFactor;
        double viscosity = 5.0 / 16 * Root * ViscosityFactor * (1 / chi + 0.8 * b + 0.761 * chi * b * b);
        double conductivity = 75.0 / 64 * Root * ConductivityFactor * (1 / chi + 1.2 * b + 0.757 * chi * b * b);
        new Measurement("D from msd, dilute", measured[0], diffusion).Check(output, errorMax, allowance);
        new Measurement("D from vacf, dilute", measured[1], diffusion).Check(output, errorMax, allowance);
        new Measurement("viscosity, dilute", measured[2], viscosity).Check(output, 2 * errorMax, allowance);
        new Measurement("conductivity, dilute", measured[3], conductivity).Check(output, 2 * errorMax, allowance);
    }

    // What the second approximation of mutual diffusion adds to the first one, relatively, for spheres of one size: T. R. Marrero,
    // E. A. Mason, J. Phys. Chem. Ref. Data 1, 3 (1972), section 2.1 (Kihara's form, zeta = 1/10, all integrals those of hard spheres).
    private static double SecondApproximation(double m1, double m2, double x1)
    {
        double x2 = 1 - x1, sum = m1 + m2, unlike = 15 * Square((m1 - m2) / sum), alike = m1 * m2 / (sum * sum);
        double p1 = 2 * m1 * m1 / (m2 * sum) * Math.Sqrt(2 * m2 / sum), p2 = 2 * m2 * m2 / (m1 * sum) * Math.Sqrt(2 * m1 / sum);
        double q1 = 2 / (m2 * sum) * Math.Sqrt(2 * m2 / sum) * (1.3 * m1 * m1 + 3 * m2 * m2 + 1.6 * m1 * m2);
        double q2 = 2 / (m1 * sum) * Math.Sqrt(2 * m1 / sum) * (1.3 * m2 * m2 + 3 * m1 * m1 + 1.6 * m1 * m2);
        double p12 = unlike + 8 * alike, q12 = 1.3 * unlike + 4 * 8.6 * alike + 1.6 * sum / Math.Sqrt(m1 * m2);
        return 0.1 * (p1 * x1 * x1 + p2 * x2 * x2 + p12 * x1 * x2) / (q1 * x1 * x1 + q2 * x2 * x2 + q12 * x1 * x2);
    }

    // Means of several numbers over independent runs.
    private static BlockAverage[] OverRuns(ulong firstSeed, Func<ulong, double[]> measure)
    {
        const int RunCount = 16;
        double[][] runs = [.. Enumerable.Range(0, RunCount).Select(k => measure(firstSeed + 50 * (ulong)k))];
        return [.. Enumerable.Range(0, runs[0].Length).Select(i => BlockAverage.Of(runs.Select(run => run[i])))];
    }

    private static double Square(double value) => value * value;

    private static ImmutableArray<ObservablePlan> Plans(double every, double longest, double originEvery)
    {
        LagPlan lags = new(longest, false, originEvery), paths = new(longest, false, 0.5 * longest);
        return
        [
            new("msd", ObservableKind.Msd, every) { Lags = paths },
            new("vacf", ObservableKind.Vacf, every) { Lags = paths },
            new("helfand", ObservableKind.Helfand, every) { Lags = lags },
        ];
    }

    private static double FreeTime(double density, double chi) => 1 / (4 * density * chi * Math.Sqrt(Math.PI));

    // Carnahan and Starling.
    private static double ContactValue(double density)
    {
        double packing = Math.PI / 6 * density;
        return (1 - 0.5 * packing) / ((1 - packing) * (1 - packing) * (1 - packing));
    }

    private static ObservableTable TableOf(ObservedSimulation run, string name) =>
        run.Observables.Tables().Single(found => found.Plan.Name == name && found.Table.Suffix.Length == 0).Table;

    // Of a column between two delays.
    private static double Slope(ObservableTable table, string column, double from, double to)
    {
        int k = table.Columns.IndexOf(column);
        object[] first = table.Rows.MinBy(row => Math.Abs((double)row[0] - from))!;
        object[] last = table.Rows.MinBy(row => Math.Abs((double)row[0] - to))!;
        return ((double)last[k] - (double)first[k]) / ((double)last[0] - (double)first[0]);
    }
}
