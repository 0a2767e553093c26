using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Protocol.Geometry;

namespace ActorMD.Protocol.Tests;

/// <summary>Layers, blocks and surroundings against their obvious definitions.</summary>
public class GridTests
{
    private static readonly BlockGrid[] Grids =
    [
        new(BoxOf(Boundary.Periodic, Boundary.Periodic), [[0, 3, 5, 11], [0, 4, 9], [0, 1]]),
        new(BoxOf(Boundary.Open, Boundary.Periodic), [[0, 1, 5, 11], [0, 9], [0, 1]]),
        new(BoxOf(Boundary.Reflecting, Boundary.Open), [[0, 2, 4, 6, 11], [0, 1, 2, 9], [0, 1]]),
    ];

    public static TheoryData<int> GridIndices => [0, 1, 2];

    [Theory, MemberData(nameof(GridIndices))]
    public void Layers_are_counted_to_the_nearest_cell_of_the_block(int index)
    {
        BlockGrid grid = Grids[index];
        for (int x = 0; x < grid.CellCount(0); x++)
        {
            for (int y = 0; y < grid.CellCount(1); y++)
            {
                Int3 cell = new(x, y, 0);
                for (int domain = 0; domain < grid.DomainCount; domain++)
                {
                    int expected = CellsOf(grid, domain).Min(other => Math.Max(Steps(grid, 0, x, other.X), Steps(grid, 1, y, other.Y)));
                    Assert.Equal(expected, grid.LayersTo(domain, cell));
                    Assert.Equal(expected == 0, grid.OwnerOf(cell) == domain);
                }
            }
        }
    }

    [Theory, MemberData(nameof(GridIndices))]
    public void Neighbours_have_a_cell_within_reach_and_are_so_to_each_other(int index)
    {
        BlockGrid grid = Grids[index];
        for (int layers = 1; layers < 6; layers++)
        {
            for (int domain = 0; domain < grid.DomainCount; domain++)
            {
                IEnumerable<int> expected = Enumerable.Range(0, grid.DomainCount)
                    .Where(other => other != domain && CellsOf(grid, other).Any(cell => grid.LayersTo(domain, cell) <= layers));
                Assert.Equal(expected, grid.NeighborsOf(domain, layers));
                Assert.All(grid.NeighborsOf(domain, layers), other => Assert.Contains(domain, grid.NeighborsOf(other, layers)));
            }
        }
    }

    [Theory, MemberData(nameof(GridIndices))]
    public void So_many_layers_are_the_whole_box(int index)
    {
        BlockGrid grid = Grids[index];
        int largest = Enumerable.Range(0, grid.DomainCount)
            .Max(
                domain => Enumerable.Range(0, grid.DomainCount).SelectMany(d => CellsOf(grid, d)).Max(cell => grid.LayersTo(domain, cell)));
        Assert.Equal(largest, grid.LayersOfWhole);
    }

    [Theory, MemberData(nameof(GridIndices))]
    public void Flights_enter_and_leave_surroundings_when_their_points_do(int index)
    {
        BlockGrid grid = Grids[index];
        CounterRandom random = new(17, RandomStream.Testing);
        int entered = 0, left = 0, stayed = 0;
        for (int trial = 0; trial < 3000; trial++)
        {
            double layers = random.NextInteger(3) - 0.5;
            int domain = random.NextInteger(grid.DomainCount);
            Surroundings region = new(grid, domain, layers);
            ParticleState flight = new()
            {
                Position = new Vec3(30 * random.NextUniform() - 9, 30 * random.NextUniform() - 9, 0),
                Velocity = 4 * random.NextNormalVector(2),
                Time = -0.5,
            };
            const int Samples = 2000;
            double firstIn = double.PositiveInfinity, firstOut = double.PositiveInfinity;
            for (int k = 0; k <= Samples; k++)
            {
                double time = 2.0 * k / Samples;
                bool isIn = IsInside(grid, domain, layers, flight.PositionAt(time));
                firstIn = isIn ? Math.Min(firstIn, time) : firstIn;
                firstOut = isIn ? firstOut : Math.Min(firstOut, time);
            }

            double step = 2.0 / Samples, computed = region.FirstInside(flight, 0, 2);
            if (double.IsFinite(firstIn))
            {
                entered++;
                Assert.InRange(computed, firstIn - step - 1e-9, firstIn + 1e-9);
            }

            if (firstIn == 0)
            {
                double leaving = region.FirstOutside(flight, 0, 2);
                if (double.IsFinite(firstOut))
                {
                    left++;
                    Assert.InRange(leaving, firstOut - step - 1e-9, firstOut + 1e-9);
                    Assert.False(region.Holds(flight, 0, 2));
                }
                else if (double.IsPositiveInfinity(leaving))
                {
                    stayed++;
                    Assert.True(region.Holds(flight, 0, 2));
                }
            }
        }

        Assert.True(entered > 100 && left > 20 && stayed > 20, $"{entered} entered, {left} left, {stayed} stayed");
    }

    [Fact]
    public void Blocks_are_cut_so_that_they_hold_about_equally_many_particles()
    {
        // Three quarters of the particles are in the left tenth of the box.
        Gas gas = new(new Box(2, new Vec3(100, 20, 0), Boundary.Open, Boundary.Periodic, Boundary.Open), [new Species("A", 1, 0.1)], []);
        ParticleState[] particles = new ParticleState[4000];
        CounterRandom random = new(1, RandomStream.Testing);
        for (int k = 0; k < particles.Length; k++)
        {
            particles[k].Position = new Vec3((k % 4 == 0 ? 100 : 10) * random.NextUniform(), 20 * random.NextUniform(), 0);
        }

        BlockGrid grid = BlockGrid.For(gas, new SystemState(particles, 1), new Split(4, 1, 1));
        int[] counts = new int[4];
        foreach (ParticleState particle in particles)
        {
            counts[grid.OwnerOf(grid.CellOf(particle.Position))]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 700, 1300));
    }

    [Theory]
    [InlineData("2x3", true, 2, 3, 1)]
    [InlineData("2x3x4", true, 2, 3, 4)]
    [InlineData("8", false, 1, 1, 1)]
    [InlineData("2x0", false, 1, 1, 1)]
    [InlineData("2x-1", false, 1, 1, 1)]
    [InlineData("1x1x1x1", false, 1, 1, 1)]
    [InlineData("99999x99999x99999", false, 1, 1, 1)]
    public void A_split_is_read_as_it_is_written(string text, bool isSplit, int x, int y, int z)
    {
        Assert.Equal(isSplit, Split.TryParse(text, out Split split));
        if (isSplit)
        {
            Assert.Equal(new Split(x, y, z), split);
        }
    }

    private static Box BoxOf(Boundary x, Boundary y) => new(2, new Vec3(11, 9, 0), x, y, Boundary.Open);

    private static IEnumerable<Int3> CellsOf(BlockGrid grid, int domain)
    {
        (int lowX, int highX) = grid.Block(domain, 0);
        (int lowY, int highY) = grid.Block(domain, 1);
        for (int x = lowX; x < highX; x++)
        {
            for (int y = lowY; y < highY; y++)
            {
                yield return new Int3(x, y, 0);
            }
        }
    }

    private static int Steps(BlockGrid grid, int axis, int a, int b)
    {
        int steps = Math.Abs(a - b);
        return grid.Box.IsPeriodic(axis) ? Math.Min(steps, grid.CellCount(axis) - steps) : steps;
    }

    // Width 1 on both axes, so coordinates are layers.
    private static bool IsInside(BlockGrid grid, int domain, double layers, Vec3 position)
    {
        for (int axis = 0; axis < 2; axis++)
        {
            (int low, int high) = grid.Block(domain, axis);
            double x = position[axis], cells = grid.CellCount(axis);
            bool isIn = false;
            for (int image = -9; image <= 9; image++)
            {
                double shifted = x + (grid.Box.IsPeriodic(axis) ? image * cells : 0);
                isIn |= shifted >= low - layers && shifted <= high + layers;
            }

            isIn |= high - low == (int)cells;
            isIn |= !grid.Box.IsPeriodic(axis) && ((low == 0 && x <= high + layers) || (high == (int)cells && x >= low - layers));
            if (!isIn)
            {
                return false;
            }
        }

        return true;
    }
}
