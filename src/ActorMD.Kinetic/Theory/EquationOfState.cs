using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Theory;

/// <summary>Compressibility factor Z = P V/(N T) and contact values of hard spheres and disks at equilibrium.</summary>
public static class EquationOfState
{
    // B_(n+1)/B_2^n of disks, n = 0..9: Clisby, McCoy, J. Stat. Phys. 122, 15 (2006), Table 1.
    private static readonly ImmutableArray<double> DiskVirials =
        [1, 1, 0.7820044, 0.53223180, 0.33355604, 0.1988425, 0.1148728, 0.0649930, 0.0362193, 0.0199537];

    // Kolafa, Labik, Malijevsky, Phys. Chem. Chem. Phys. 6, 2335 (2004): powers of x = y/(1-y) from x^0 on.
    private static readonly ImmutableArray<double> SphereSeries =
    [
        1, 4, 6, 2.3647684, -0.8698551, 1.1062803, -1.095049, 0.637614, -0.2279397, 0.1098948, -0.00906797,
    ];

    /// <summary>Equal spheres, (1 + y + y^2 - y^3)/(1-y)^3 with y the packing fraction; good to 0.3 percent up to freezing.</summary>
    /// <remarks>Carnahan, Starling, J. Chem. Phys. 51, 635 (1969).</remarks>
    public static double CarnahanStarling(double packing)
    {
        double free = 1 - packing;
        return (1 + packing * (1 + packing * (1 - packing))) / (free * free * free);
    }

    /// <summary>Equal spheres, the more exact series in y/(1-y); good to 0.01 percent up to freezing at y = 0.494.</summary>
    /// <remarks>Kolafa, Labik, Malijevsky, Phys. Chem. Chem. Phys. 6, 2335 (2004).</remarks>
    public static double KolafaLabikMalijevsky(double packing)
    {
        double x = packing / (1 - packing), sum = 0;
        for (int n = SphereSeries.Length - 1; n >= 0; n--)
        {
            sum = sum * x + SphereSeries[n];
        }

        return sum;
    }

    /// <summary>
    /// Equal disks: the virial series to B_10, rescaled as (1 + sum c_n y^n)/(1-y)^2. The terms that are left out change Z by
    /// less than 0.001 percent at y = 0.45 and 0.03 percent at y = 0.6; above that, towards freezing at y = 0.70, the true
    /// pressure falls below it.
    /// </summary>
    /// <remarks>
    /// Baus, Colot, Phys. Rev. A 36, 3912 (1987), with the coefficients of Clisby, McCoy (2006): c_n = b_n - 2 b_(n-1) + b_(n-2),
    /// b_n = 2^n B_(n+1)/B_2^n. Its first terms are Henderson's equation (1975).
    /// </remarks>
    public static double Disks(double packing)
    {
        double sum = 0;
        for (int n = DiskVirials.Length - 1; n >= 0; n--)
        {
            sum = sum * packing + (B(n) - 2 * B(n - 1) + B(n - 2));
        }

        return sum / ((1 - packing) * (1 - packing));

        static double B(int n) => n < 0 ? 0 : DiskVirials[n] * (1 << n);
    }

    /// <summary>Equal disks, (1 + y^2/8)/(1-y)^2.</summary>
    /// <remarks>Henderson, Mol. Phys. 30, 971 (1975).</remarks>
    public static double Henderson(double packing) => (1 + packing * packing / 8) / ((1 - packing) * (1 - packing));

    /// <summary>Z of a gas at equilibrium: the most exact formula here for its dimension and number of species.</summary>
    /// <remarks>
    /// Equal diameters: <see cref="KolafaLabikMalijevsky"/> or <see cref="Disks"/>. Unequal: from the contact values of
    /// <see cref="MixtureContactValue"/>, Z = 1 + (|S^(d-1)|/(2d)) n sum x_a x_b eps_ab^d g_ab; in three dimensions that is
    /// the equation of Boublik (1970) and of Mansoori, Carnahan, Starling and Leland (1971).
    /// </remarks>
    public static double Compressibility(Gas gas, IReadOnlyList<int> counts) => !HasOneDiameter(gas, counts)
        ? MixtureCompressibility(gas, counts)
        : gas.Dimension == 3 ? KolafaLabikMalijevsky(gas.Packing(counts)) : Disks(gas.Packing(counts));

    /// <summary>g_ab, the pair distribution of species a and b at contact: the most exact formula here.</summary>
    /// <remarks>Equal diameters: (Z - 1)/(2^(d-1) y). Unequal: <see cref="MixtureContactValue"/>.</remarks>
    public static double ContactValue(Gas gas, IReadOnlyList<int> counts, int a, int b) => ContactValues(gas, counts)(a, b);

    /// <summary>The same for all pairs: what depends on the whole mixture is computed once, which many species need.</summary>
    public static Func<int, int, double> ContactValues(Gas gas, IReadOnlyList<int> counts)
    {
        if (gas.HasOwnSizes)
        {
            throw new ArgumentException("species with distributions of sizes have no one contact value: take their groups", nameof(gas));
        }

        if (!HasOneDiameter(gas, counts))
        {
            MixtureSums sums = MixtureSums.Of(gas, counts);
            return (a, b) => sums.ContactValue(gas, a, b);
        }

        double packing = gas.Packing(counts);
        double second = gas.Dimension == 3 ? 4 : 2;
        double one = packing > 1e-6 ? (Compressibility(gas, counts) - 1) / (second * packing) : 1 + SecondOrder() * packing;
        return (_, _) => one;

        double SecondOrder() => gas.Dimension == 3 ? 2.5 : 2 * DiskVirials[2];
    }

    /// <summary>Z of a mixture from <see cref="MixtureContactValue"/> by the virial theorem.</summary>
    public static double MixtureCompressibility(Gas gas, IReadOnlyList<int> counts)
    {
        if (gas.HasOwnSizes)
        {
            SizeGroups groups = SizeGroups.Of(gas, counts);
            return MixtureCompressibility(groups.Gas, groups.Counts);
        }

        double total = counts.Sum();
        double density = total / gas.Box.Volume;
        double sum = 0;
        MixtureSums sums = MixtureSums.Of(gas, counts);
        for (int a = 0; a < counts.Count; a++)
        {
            for (int b = 0; b < counts.Count; b++)
            {
                sum += counts[a] / total * (counts[b] / total) * Math.Pow(gas.ContactDistance(a, b), gas.Dimension)
                    * sums.ContactValue(gas, a, b);
            }
        }

        return 1 + SphereArea.InSpace(gas.Dimension) / (2 * gas.Dimension) * density * sum;
    }

    /// <summary>g_ab of a mixture of spheres or disks.</summary>
    /// <remarks>
    /// Spheres (BMCSL): 1/(1-xi_3) + 3 xi_2 s/(1-xi_3)^2 + 2 xi_2^2 s^2/(1-xi_3)^3, xi_m = (pi/6) sum n_c eps_c^m,
    /// s = eps_a eps_b/(eps_a + eps_b). Disks: 1/(1-y) + (9/8) xi_1 s/(1-y)^2, xi_1 = (pi/4) sum n_c eps_c, from Jenkins,
    /// Mancini, J. Appl. Mech. 54, 27 (1987); good to about 0.5 percent up to y = 0.5.
    /// </remarks>
    public static double MixtureContactValue(Gas gas, IReadOnlyList<int> counts, int a, int b) =>
        MixtureSums.Of(gas, counts).ContactValue(gas, a, b);

    private static bool HasOneDiameter(Gas gas, IReadOnlyList<int> counts) => !gas.HasOwnSizes
        && gas.Species.Where((_, a) => counts[a] > 0).Select(s => s.Diameter).Distinct().Count() <= 1;

    // xi_2 or xi_1, and 1 - xi_3 or 1 - y.
    private readonly record struct MixtureSums(double Lower, double Free)
    {
        public static MixtureSums Of(Gas gas, IReadOnlyList<int> counts)
        {
            double lower = 0;
            int power = gas.Dimension - 1;
            for (int c = 0; c < counts.Count; c++)
            {
                lower += Math.PI / (2 * gas.Dimension) * (counts[c] / gas.Box.Volume) * Math.Pow(gas.Species[c].Diameter, power);
            }

            return new MixtureSums(lower, 1 - gas.Packing(counts));
        }

        public double ContactValue(Gas gas, int a, int b)
        {
            double s = gas.Species[a].Diameter * gas.Species[b].Diameter / (gas.Species[a].Diameter + gas.Species[b].Diameter);
            double x = Lower * s / Free;
            return gas.Dimension == 3 ? (1 + 3 * x + 2 * x * x) / Free : (1 + 9.0 / 8 * x) / Free;
        }
    }
}
