using System.Collections.Immutable;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests;

public sealed class TheoryTests
{
    [Fact]
    public void Sphere_areas_are_the_known_ones()
    {
        Assert.Equal(2, SphereArea.InSpace(1), 14);
        Assert.Equal(2 * Math.PI, SphereArea.InSpace(2), 14);
        Assert.Equal(4 * Math.PI, SphereArea.InSpace(3), 14);
        Assert.Equal(2 * Math.PI * Math.PI, SphereArea.InSpace(4), 13);
        Assert.Equal(Math.Pow(Math.PI, 3), SphereArea.InSpace(6), 13);
        Assert.Equal(32 * Math.Pow(Math.PI, 4) / 105, SphereArea.InSpace(9), 12);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    public void The_ellipsoid_has_the_area_of_the_sphere_over_the_determinant_of_its_map(int order, int dimension)
    {
        // q has the matrix (l+1) I - J per coordinate; its determinant by elimination, not by the formula.
        int l = order - 1;
        double[,] q = new double[l, l];
        for (int i = 0; i < l; i++)
        {
            for (int j = 0; j < l; j++)
            {
                q[i, j] = (i == j ? order : 0) - 1;
            }
        }

        double determinant = 1;
        for (int p = 0; p < l; p++)
        {
            determinant *= q[p, p];
            for (int i = p + 1; i < l; i++)
            {
                double factor = q[i, p] / q[p, p];
                for (int j = p; j < l; j++)
                {
                    q[i, j] -= factor * q[p, j];
                }
            }
        }

        double expected = SphereArea.InSpace(l * dimension) / Math.Pow(determinant, 0.5 * dimension);
        Assert.Equal(expected, SphereArea.OfEllipsoid(order, dimension), 1e-12 * expected);
    }

    [Fact]
    public void The_pair_rate_is_the_textbook_one()
    {
        // 4 n eps^2 sqrt(pi T/M) in space, 2 n eps sqrt(pi theta/2) in the plane with theta = T_a/M_a + T_b/M_b.
        Assert.Equal(
            4 * 0.3 * 1.2 * 1.2 * Math.Sqrt(Math.PI * 2 / 5), CollisionFrequency.Pair(3, 0.3, 1.2, 2.0 / 5, 2.0 / 5), 13);
        double theta = 0.7 + 0.2;
        Assert.Equal(
            2 * 0.3 * 1.2 * Math.Sqrt(Math.PI * theta / 2), CollisionFrequency.Pair(2, 0.3, 1.2, 0.7, 0.2), 13);
        // n_j g pi sigma^2 sqrt(8 T/(pi mu))
        const double mu = 1.0 * 4.0 / 5.0;
        Assert.Equal(
            0.3 * 1.3 * Math.PI * 1.44 * Math.Sqrt(8 / (Math.PI * mu)), CollisionFrequency.Pair(3, 0.3, 1.2, 1, 0.25, 1.3), 12);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_rate_of_order_2_is_the_pair_rate(int dimension) => Assert.Equal(
        CollisionFrequency.Pair(dimension, 0.3, 1.2, 0.7, 0.7), CollisionFrequency.Tuple(2, dimension, 0.3, 1.2, 0.7), 13);

    [Theory]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    public void One_species_as_a_composition_has_the_closed_rate(int order, int dimension)
    {
        double closed = CollisionFrequency.Tuple(order, dimension, 0.3, 0.9, 0.7);
        double events = CollisionFrequency.Composition(dimension, 0.9, [order], [0.3], [0.7]);
        Assert.Equal(closed, events * order / 0.3, 1e-11 * closed);
    }

    [Fact]
    public void Two_names_for_one_species_do_not_change_the_rate()
    {
        double whole = CollisionFrequency.Composition(3, 0.9, [3], [0.5], [0.7]);
        double parts = 0;
        for (int m = 0; m <= 3; m++)
        {
            parts += CollisionFrequency.Composition(3, 0.9, [m, 3 - m], [0.2, 0.3], [0.7, 0.7]);
        }

        Assert.Equal(whole, parts, 1e-11 * whole);
    }

    [Theory]
    [InlineData(2, new[] { 1.0, 0.25 })]
    [InlineData(3, new[] { 1.0, 1.0, 0.25 })]
    [InlineData(2, new[] { 1.0, 0.1, 0.01, 3.0 })]
    [InlineData(3, new[] { 1.0, 0.0, 0.0, 0.5, 2.0 })]
    public void The_spread_of_the_approach_speed_agrees_with_sampling(int dimension, double[] variances)
    {
        // Independent way: Gaussian vectors, centred, normalised.
        CounterRandom random = new(11, RandomStream.Testing);
        int order = variances.Length;
        const int sampleCount = 200_000;
        double sum = 0, squares = 0;
        Vec3[] theta = new Vec3[order];
        for (int n = 0; n < sampleCount; n++)
        {
            Vec3 centroid = Vec3.Zero;
            for (int i = 0; i < order; i++)
            {
                theta[i] = random.NextNormalVector(dimension);
                centroid += theta[i] * (1.0 / order);
            }

            double norm = 0, form = 0;
            for (int i = 0; i < order; i++)
            {
                double squared = (theta[i] - centroid).LengthSquared;
                norm += squared;
                form += variances[i] * squared;
            }

            double value = Math.Sqrt(order * form / norm);
            sum += value;
            squares += value * value;
        }

        double mean = sum / sampleCount;
        double error = Math.Sqrt(Math.Max(squares / sampleCount - mean * mean, 0) / sampleCount);
        double closed = CollisionFrequency.MeanApproachSpread(dimension, variances);
        // For k = 2 all samples are alike: then rounding remains.
        Assert.InRange(closed, mean - 4 * error - 1e-10, mean + 4 * error + 1e-10);
    }

    [Fact]
    public void The_accessible_share_weighs_configurations_by_how_often_they_collide()
    {
        // Only particle 1 moves, and only 2 and 3 can overlap (-0.5 and 0.5 make a contact at 0). With s of density
        // sqrt(s (1-s)), |x_23|^2 = 2/3 s and |x_1 - xbar|^2 is proportional to 1-s: the share of s > s_0 with weight
        // sqrt(1-s) has a closed form.
        Zone zone = new(3, 1);
        AccessibleShare share = AccessibleShare.Of(3, zone, [-0.5, 0.5, 0.5], [zone], [1, 0, 0]);
        const double s0 = 0.25 * 1.5;
        double forbidden = (Math.Pow(s0, 1.5) / 1.5 - Math.Pow(s0, 2.5) / 2.5) / (1 / 1.5 - 1 / 2.5);
        Assert.Equal(1 - forbidden, share.Value, 4 * share.StandardError);
        Assert.InRange(share.StandardError, 0.001, 0.002);

        AccessibleShare alike = AccessibleShare.Of(3, zone, [-0.5, 0.5, 0.5], [zone]);
        double beta = 2 / Math.PI * (Math.Asin(Math.Sqrt(s0)) - Math.Sqrt(s0 * (1 - s0)) * (1 - 2 * s0));
        Assert.Equal(1 - beta, alike.Value, 4 * alike.StandardError);
    }

    [Fact]
    public void The_series_of_spheres_starts_with_the_known_virial_coefficients()
    {
        // B_2..B_4 of y: 4, 10, 18.3647684 (van Laar, Boltzmann); differences at small y.
        foreach (double y in new[] { 1e-3, 2e-3, 4e-3 })
        {
            double virial = 1 + y * (4 + y * (10 + y * (18.3647684 + y * 28.2245)));
            Assert.Equal(virial, EquationOfState.KolafaLabikMalijevsky(y), 60 * Math.Pow(y, 5));
            Assert.Equal(virial, EquationOfState.CarnahanStarling(y), 1.0 * Math.Pow(y, 3));
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.45)]
    public void Carnahan_Starling_is_good_to_0_3_percent(double packing) => Assert.Equal(
        1, EquationOfState.CarnahanStarling(packing) / EquationOfState.KolafaLabikMalijevsky(packing), 0.003);

    [Theory]
    [InlineData(0.05, 0.0001)]
    [InlineData(0.3, 0.0005)]
    [InlineData(0.5, 0.005)]
    public void The_disk_equation_is_near_Henderson(double packing, double tolerance) =>
        Assert.Equal(1, EquationOfState.Disks(packing) / EquationOfState.Henderson(packing), tolerance);

    [Fact]
    public void The_disk_equation_starts_with_the_known_virial_coefficients()
    {
        // B_3 = (16/3 - 4 sqrt 3/pi), B_4 = (16 - 36 sqrt 3/pi + 80/pi^2) in units of the disk's area.
        double third = 16.0 / 3 - 4 * Math.Sqrt(3) / Math.PI;
        double fourth = 16 - 36 * Math.Sqrt(3) / Math.PI + 80 / (Math.PI * Math.PI);
        foreach (double y in new[] { 1e-3, 2e-3, 4e-3 })
        {
            Assert.Equal(1 + y * (2 + y * (third + y * fourth)), EquationOfState.Disks(y), 6 * Math.Pow(y, 4));
        }
    }

    [Fact]
    public void The_mixture_of_the_anchors_has_its_contact_values()
    {
        // anchors.md 6.2: rho = 0.6, diameters 1 and 0.5, x = 0.3 and 0.7.
        (Gas gas, ImmutableArray<int> counts) = AnchorMixture();
        Assert.Equal(1.445238, EquationOfState.ContactValue(gas, counts, 0, 0), 6);
        Assert.Equal(1.339377, EquationOfState.ContactValue(gas, counts, 0, 1), 6);
        Assert.Equal(1.287816, EquationOfState.ContactValue(gas, counts, 1, 1), 6);
        Assert.Equal(1.56080060, EquationOfState.Compressibility(gas, counts), 8);
    }

    [Fact]
    public void The_mixture_compressibility_is_the_BMCSL_equation()
    {
        (Gas gas, ImmutableArray<int> counts) = AnchorMixture();
        double[] xi = new double[4];
        for (int m = 0; m < 4; m++)
        {
            for (int a = 0; a < 2; a++)
            {
                xi[m] += Math.PI / 6 * counts[a] / gas.Box.Volume * Math.Pow(gas.Species[a].Diameter, m);
            }
        }

        double free = 1 - xi[3];
        double expected = 1 / free + 3 * xi[1] * xi[2] / (xi[0] * free * free)
            + Math.Pow(xi[2], 3) * (3 - xi[3]) / (xi[0] * Math.Pow(free, 3));
        Assert.Equal(expected, EquationOfState.MixtureCompressibility(gas, counts), 12);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    public void A_mixture_of_equal_diameters_is_one_species(int dimension)
    {
        Box box = dimension == 3 ? Box.Cube(10) : Box.Square(30);
        Gas mixture = new(box, [new("A", 1, 1), new("B", 3, 1)], []);
        double packing = mixture.Packing([200, 300]);
        double expected = dimension == 3
            ? EquationOfState.CarnahanStarling(packing)
            : 1 + 2 * packing * (1 - 7 * packing / 16) / Math.Pow(1 - packing, 2);
        Assert.Equal(expected, EquationOfState.MixtureCompressibility(mixture, [200, 300]), 12);
        Assert.Equal(
            EquationOfState.ContactValue(mixture, [500, 0], 0, 0), EquationOfState.ContactValue(mixture, [200, 300], 0, 1), 14);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    public void The_contact_value_is_continuous_where_its_formula_changes(int dimension)
    {
        // ContactValue switches to a series below y = 1e-6, where (Z - 1)/y loses digits.
        Gas At(double packing) => new(
            dimension == 3 ? Box.Cube(Math.Cbrt(Math.PI / 6 / packing)) : Box.Square(Math.Sqrt(Math.PI / 4 / packing)),
            [new("A", 1, 1)],
            []);
        double below = EquationOfState.ContactValue(At(0.9e-6), [1], 0, 0);
        double above = EquationOfState.ContactValue(At(1.1e-6), [1], 0, 0);
        Assert.Equal(below, above, 2e-6);
        Assert.InRange(above, 1, 1 + 1e-5);
    }

    [Fact]
    public void Mean_speeds_are_those_of_a_Maxwellian()
    {
        CounterRandom random = new(5, RandomStream.Testing);
        foreach (int dimension in new[] { 2, 3 })
        {
            const int count = 100_000;
            double sum = 0, squares = 0;
            for (int n = 0; n < count; n++)
            {
                double squared = 0.49 * random.NextNormalVector(dimension).LengthSquared;
                sum += Math.Sqrt(squared);
                squares += squared;
            }

            double mean = sum / count, error = Math.Sqrt((squares / count - mean * mean) / count);
            Assert.Equal(mean, CollisionFrequency.MeanSpeed(dimension, 0.49), 4 * error);
        }
    }

    private static (Gas Gas, ImmutableArray<int> Counts) AnchorMixture() =>
        (new Gas(Box.Cube(Math.Cbrt(1000 / 0.6)), [new("A", 1, 1), new("B", 1, 0.5)], []), [300, 700]);
}
