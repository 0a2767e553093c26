using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests;

public sealed class LatticeTests
{
    [Theory]
    [InlineData(4_000)]
    [InlineData(32_000)]
    [InlineData(256_000)]
    [InlineData(1_048_576)]
    public void Whole_fcc_lattices_fit_a_cube_without_holes(int count)
    {
        double side = Math.Cbrt(count * Math.PI / 6 / 0.494);
        Lattice lattice = Lattice.Best(Box.Cube(side), 0.5, count)!;
        Assert.Equal(count, lattice.SiteCount);
        double cell = side / Math.Cbrt(count / 4.0);
        Assert.Equal(cell / Math.Sqrt(2), lattice.Spacing, 1e-9);
    }

    [Theory]
    [InlineData(8, 3, 0.5)] // 8 in a cube: simple cubic 1/2 beats fcc
    [InlineData(1000, 3, 0.1)]
    [InlineData(9, 2, 1.0 / 3)]
    public void A_full_grid_is_taken_where_it_is_better(int count, int dimension, double spacing)
    {
        Box box = dimension == 3 ? Box.Cube(1) : Box.Square(1);
        Assert.True(Lattice.Best(box, 0, count)!.Spacing >= spacing - 1e-12);
    }

    [Fact]
    public void A_box_of_the_right_shape_is_filled_hexagonally()
    {
        // 20 x 12 cells of two disks: sides 20 and 12 sqrt(3).
        Box box = Box.Of(2, new Vec3(20, 12 * Math.Sqrt(3), 0), Boundary.Periodic);
        Lattice lattice = Lattice.Best(box, 0, 480)!;
        Assert.Equal(480, lattice.SiteCount);
        Assert.Equal(1, lattice.Spacing, 1e-9);
    }

    // Any count in any box: spacing against the densest packing, pi/(3 sqrt 2) and pi/(2 sqrt 3).
    [Fact]
    public void Any_count_fits_any_box_with_a_good_spacing()
    {
        CounterRandom random = new(1, RandomStream.Testing);
        double worst = 1;
        for (int n = 0; n < 300; n++)
        {
            int dimension = 2 + random.NextInteger(2), count = 1 + random.NextInteger(3000);
            Vec3 lengths = new(1, Math.Pow(10, random.NextUniform()), Math.Pow(10, random.NextUniform()));
            Boundary boundary = (Boundary)random.NextInteger(3);
            Box box = Box.Of(dimension, lengths, boundary);
            const double margin = 0.01;
            Lattice lattice = Lattice.Best(box, margin, count)!;
            Vec3[] sites = [.. lattice.Sites()];
            Assert.Equal(lattice.SiteCount, sites.Length);
            Assert.True(sites.Length >= count);
            CheckSites(box, boundary, margin, lattice.Spacing, sites);
            if (count >= 500 && boundary == Boundary.Periodic)
            {
                double cell = dimension == 3
                    ? Math.Pow(lattice.Spacing, 3) / Math.Sqrt(2)
                    : Math.Pow(lattice.Spacing, 2) * Math.Sqrt(3) / 2;
                worst = Math.Min(worst, cell * count / box.Volume);
            }
        }

        Assert.InRange(worst, 0.6, 1); // of the closest packing, at counts and shapes drawn at random
    }

    [Fact]
    public void Needles_and_plates_are_filled()
    {
        (Vec3 Lengths, double Spacing)[] cases =
        [
            (new Vec3(0.02, 0.02, 100), 0.05), (new Vec3(50, 0.02, 0.02), 0.025), (new Vec3(0.001, 30, 40), Math.Sqrt(1200.0 / 2000)),
        ];
        foreach ((Vec3 lengths, double spacing) in cases)
        {
            foreach (Boundary boundary in Enum.GetValues<Boundary>())
            {
                Lattice lattice = Lattice.Best(Box.Of(3, lengths, boundary), 0.0005, 2000)!;
                Assert.True(lattice.SiteCount >= 2000);
                Assert.True(lattice.Spacing > 0.95 * spacing, $"{lengths} {boundary}: {lattice.Spacing}");
            }
        }
    }

    [Fact]
    public void Holes_are_spread_evenly_and_species_at_random()
    {
        Gas gas = new(Box.Cube(10), [new("A", 1, 0.5), new("B", 1, 0.5)], []);
        SystemState state = Build(gas, [460, 460]);
        IGrouping<double, ParticleState>[] planes = [.. state.Particles.GroupBy(p => p.Position.X)];
        int sites = (int)Lattice.Best(gas.Box, 0, 920)!.SiteCount;
        Assert.True(sites > 920 + planes.Length, $"{sites} sites in {planes.Length} planes: too few holes to test");
        Assert.All(planes, plane => Assert.InRange(plane.Count() - 920.0 / planes.Length, -2, 2));
        // Species: a hypergeometric number in each plane, within 4 standard deviations, but not everywhere the same.
        int[] ofFirst = [.. planes.Select(plane => plane.Count(p => p.Kind == 0))];
        double half = 460.0 / planes.Length;
        Assert.All(ofFirst, n => Assert.InRange(n, half - 4 * Math.Sqrt(half / 2), half + 4 * Math.Sqrt(half / 2)));
        Assert.True(ofFirst.Distinct().Count() > 1);
    }

    [Fact]
    public void A_lattice_that_is_too_dense_names_the_distances()
    {
        Gas gas = new(Box.Cube(Math.Cbrt(4000 * Math.PI / 6 / 0.8)), [new("A", 1, 1)], []);
        InitialStateException error = Assert.Throws<InitialStateException>(() => Build(gas, [4000]));
        Assert.Contains("no lattice of 4000 particles fits", error.Message, StringComparison.Ordinal);
        Assert.Contains("packing 0.8)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lattice_inside_a_zone_names_the_particles()
    {
        Gas gas = new(Box.Cube(10), [new("A", 1, 0.5)], [new Zone(3, 2.5)]); // neighbours 1 apart: d_3 = 2 at a corner
        InitialStateException error = Assert.Throws<InitialStateException>(() => Build(gas, [1000]));
        Assert.Contains("zone of order 3", error.Message, StringComparison.Ordinal);
    }

    private static void CheckSites(Box box, Boundary boundary, double margin, double spacing, Vec3[] sites)
    {
        double inner = boundary == Boundary.Reflecting ? margin : 0;
        foreach (Vec3 site in sites)
        {
            for (int axis = 0; axis < box.Dimension; axis++)
            {
                Assert.InRange(site[axis], inner - 1e-12, box.Lengths[axis] - inner + 1e-12);
            }
        }

        if (sites.Length == 1)
        {
            return;
        }

        // The spacing is the smallest distance: all pairs are that far apart, and some pair is no farther.
        Gas tight = new(box, [new("A", 1, spacing * (1 - 1e-9))], []), loose = new(box, [new("A", 1, spacing * (1 + 1e-9))], []);
        int[] species = new int[sites.Length];
        Assert.Null(OverlapCheck.Find(tight with { Box = Unwalled(box) }, sites, species).Worst);
        Assert.NotNull(OverlapCheck.Find(loose with { Box = Unwalled(box) }, sites, species).Worst);
    }

    private static Box Unwalled(Box box) =>
        box.Has(Boundary.Reflecting) ? Box.Of(box.Dimension, box.Lengths, Boundary.Open) : box;

    private static SystemState Build(Gas gas, System.Collections.Immutable.ImmutableArray<int> counts) => InitialState.Build(
        gas, counts, new(new(PositionMethod.Lattice), new([.. gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))])), 1);
}
