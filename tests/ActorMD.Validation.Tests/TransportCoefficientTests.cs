using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Physics;
using ActorMD.Runs.Simulations;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>Transport coefficients by the observables of a run, against Chapman-Enskog and published simulations.</summary>
public sealed class TransportCoefficientTests(ITestOutputHelper output)
{
    // Converged Sonine expansions for hard spheres over their first terms: S. Chapman, T. G. Cowling, The Mathematical Theory of
    // Non-Uniform Gases, section 10.21; C. L. Pekeris, Z. Alterman, Proc. Natl. Acad. Sci. 43, 998 (1957).
    private const double DiffusionFactor = 1.019, ViscosityFactor = 1.016, ConductivityFactor = 1.025;
    private const double DiluteDensity = 0.01;

    private static readonly double Root = Math.Sqrt(1 / Math.PI); // sqrt(T/(pi M)) for T = M = 1

    // At n eps^3 = 0.01 Enskog's corrections are below 1.4 percent; they are included.
    [Fact, Trait("Tier", "Validation")]
    public void A_dilute_gas_has_the_coefficients_of_Chapman_and_Enskog() => CheckDilute(256, meanFreeTimes: 120_000, tolerance: 0.03);

    // The same in short, with the wider bounds that its noise needs: catches factors, not percents.
    [Fact]
    public void A_dilute_gas_has_about_the_coefficients_of_Chapman_and_Enskog() => CheckDilute(256, meanFreeTimes: 6_000, tolerance: 0.2);

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
        using ObservedSimulation run = new(gas, KnownGases.Start(gas, counts, PositionMethod.Conditioned, 5), plan);
        run.AdvanceTo(60_000 * freeTime);
        double measured = Slope(TableOf(run, "mutual"), "moment", 12 * freeTime, 20 * freeTime);

        // The first approximation; higher ones add from 0 (a trace of heavy particles) to some 2 percent at this mass ratio.
        double chi = ContactValue(DiluteDensity);
        double expected = 3 / (8 * DiluteDensity * chi) * Math.Sqrt(1 / (2 * Math.PI * reduced));
        Report("mutual diffusion, mass ratio 4", measured, expected);
        Assert.InRange(measured / expected, 0.98, 1.04);
    }

    // R. J. Speedy, Mol. Phys. 62, 509 (1987): D/D0 = (1 - n/1.09)(1 + n^2 (0.4 - 0.83 n^2)), D0 = 3/(8 n) sqrt(T/(pi M));
    // H. Sigurgeirsson,
    // D. M. Heyes, Mol. Phys. 101, 469 (2003) find it to represent systems of about 500 particles, so no correction for size is made.
    [Fact, Trait("Tier", "Validation")]
    public void A_fluid_diffuses_as_in_published_simulations()
    {
        const double Density = 0.5, Until = 3_000;
        Gas gas = KnownGases.OfDensity(3, Density, [KnownGases.Unit], 500);
        using ObservedSimulation run = new(gas, KnownGases.Start(gas, [500], PositionMethod.Growth, 9), Plans(0.02, 4, 0.1));
        run.AdvanceTo(Until);
        double zero = 3 / (8 * Density) * Root;
        double expected = zero * (1 - Density / 1.09) * (1 + Density * Density * (0.4 - 0.83 * Density * Density));
        double diffusion = Slope(TableOf(run, "msd"), "msd_A", 2, 4) / 6;
        Report("D at n = 0.5", diffusion, expected);
        Assert.InRange(diffusion / expected, 0.97, 1.03);

        // Simulations of this density are published, but their tables were not at hand: Enskog's theory, which is known to hold within
        // some percent here.
        double chi = ContactValue(Density), b = 2 * Math.PI / 3 * Density;
        double viscosity = 5.0 / 16 * Root * ViscosityFactor * (1 / chi + 0.8 * b + 0.761 * chi * b * b);
        double conductivity = 75.0 / 64 * Root * ConductivityFactor * (1 / chi + 1.2 * b + 0.757 * chi * b * b);
        ObservableTable helfand = TableOf(run, "helfand");
        Report("viscosity at n = 0.5", Slope(helfand, "shear_moment", 1, 4), viscosity);
        Report("conductivity at n = 0.5", Slope(helfand, "heat_moment", 1, 4), conductivity);
        Assert.InRange(Slope(helfand, "shear_moment", 1, 4) / viscosity, 0.92, 1.1);
        Assert.InRange(Slope(helfand, "heat_moment", 1, 4) / conductivity, 0.92, 1.1);
    }

    // I.-C. Yeh, G. Hummer, J. Phys. Chem. B 108, 15873 (2004): in a periodic cube of side L the diffusion is smaller than in an infinite
    // fluid by 2.837297 T/(6 pi eta L), which the images of a sphere take from it. Between these two sizes it changes by 7 percent.
    [Fact, Trait("Tier", "Validation")]
    public void Diffusion_in_boxes_of_two_sizes_is_the_same_when_it_is_corrected_for_their_sizes()
    {
        const double Density = 0.5, Viscosity = 0.57; // as measured above
        (int Count, double Until, ulong Seed)[] runs = [(250, 8_000, 21), (2_000, 1_500, 22)];
        double[] plain = new double[2], corrected = new double[2];
        for (int k = 0; k < 2; k++)
        {
            Gas gas = KnownGases.OfDensity(3, Density, [KnownGases.Unit], runs[k].Count);
            LagPlan lags = new(16, false, 4);
            using ObservedSimulation run = new(
                gas, KnownGases.Start(gas, [runs[k].Count], PositionMethod.Growth, runs[k].Seed),
                new ObservablePlan("msd", ObservableKind.Msd, 0.5) { Lags = lags });
            run.AdvanceTo(runs[k].Until);
            plain[k] = Slope(TableOf(run, "msd"), "msd_A", 10, 16) / 6;
            corrected[k] = plain[k] + 2.837297 / (6 * Math.PI * Viscosity * gas.Box.Lengths.X);
            Report(FormattableString.Invariant($"D of {runs[k].Count}, corrected {corrected[k]:G5}"), plain[k], corrected[k]);
        }

        Assert.InRange(plain[1] / plain[0], 1.04, 1.10);
        Assert.InRange(corrected[1] / corrected[0], 0.98, 1.02);
    }

    private void CheckDilute(int count, double meanFreeTimes, double tolerance)
    {
        Gas gas = KnownGases.OfDensity(3, DiluteDensity, [KnownGases.Unit], count);
        double chi = ContactValue(DiluteDensity), b = 2 * Math.PI / 3 * DiluteDensity, freeTime = FreeTime(DiluteDensity, chi);
        using ObservedSimulation run = new(
            gas, KnownGases.Start(gas, [count], PositionMethod.Conditioned, 3), Plans(0.25 * freeTime, 15 * freeTime, freeTime));
        run.AdvanceTo(meanFreeTimes * freeTime);
        ObservableTable helfand = TableOf(run, "helfand"), vacf = TableOf(run, "vacf");
        double diffusion = Slope(TableOf(run, "msd"), "msd_A", 8 * freeTime, 15 * freeTime) / 6;
        double integral = (double)vacf.Rows[^1][vacf.Columns.IndexOf("diffusion_A")];
        double viscosity = Slope(helfand, "shear_moment", 6 * freeTime, 15 * freeTime);
        double conductivity = Slope(helfand, "heat_moment", 8 * freeTime, 15 * freeTime);
        double[] expected =
        [
            3 / (8 * DiluteDensity * chi) * Root * DiffusionFactor,
            5.0 / 16 * Root * ViscosityFactor * (1 / chi + 0.8 * b + 0.761 * chi * b * b),
            75.0 / 64 * Root * ConductivityFactor * (1 / chi + 1.2 * b + 0.757 * chi * b * b),
        ];
        Report("D from msd, dilute", diffusion, expected[0]);
        Report("D from vacf, dilute", integral, expected[0]);
        Report("viscosity, dilute", viscosity, expected[1]);
        Report("conductivity, dilute", conductivity, expected[2]);
        Assert.InRange(diffusion / expected[0], 1 - tolerance, 1 + tolerance);
        Assert.InRange(integral / expected[0], 1 - tolerance, 1 + tolerance);
        Assert.InRange(viscosity / expected[1], 1 - tolerance, 1 + tolerance);
        Assert.InRange(conductivity / expected[2], 1 - tolerance, 1 + tolerance);
    }

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

    private void Report(string what, double measured, double expected) =>
        output.WriteLine(FormattableString.Invariant($"{what}: {measured:G5}, expected {expected:G5}, ratio {measured / expected:F4}"));
}
