using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Tests;

public class CrystalTests
{
    // Neighbours of the first particle at the smallest distance, and that distance, in a box where the cells are not stretched.
    [Theory]
    [InlineData(CrystalKind.Sc, 4, 4, 4, 1, 0, 6, 1.0)]
    [InlineData(CrystalKind.Bcc, 4, 4, 4, 2, 0, 8, 0.8660254037844386)]
    [InlineData(CrystalKind.Fcc, 4, 4, 4, 4, 0, 12, 0.7071067811865476)]
    [InlineData(CrystalKind.Hcp, 4, 3, 3, 4, 0, 12, 1.0)]
    [InlineData(CrystalKind.CsCl, 4, 4, 4, 1, 1, 8, 0.8660254037844386)]
    [InlineData(CrystalKind.NaCl, 3, 3, 3, 4, 4, 6, 0.5)]
    [InlineData(CrystalKind.Ab2, 4, 3, 4, 2, 4, 12, 0.7637626158259734)]
    public void The_first_particle_has_the_neighbours_of_the_crystal(
        CrystalKind kind, int x, int y, int z, int first, int second, int neighborCount, double distance)
    {
        Vec3 cell = kind switch
        {
            CrystalKind.Hcp => new Vec3(1, Math.Sqrt(3), Math.Sqrt(8.0 / 3)),
            CrystalKind.Ab2 => new Vec3(1, Math.Sqrt(3), 1),
            _ => new Vec3(1, 1, 1),
        };
        int cells = x * y * z;
        ImmutableArray<int> counts = second == 0 ? [cells * first] : [cells * first, cells * second];
        Gas gas = GasOf(new Vec3(x * cell.X, y * cell.Y, z * cell.Z), counts.Length);
        Vec3[] positions = Build(gas, counts, kind).Particles.Select(p => p.Position).ToArray();
        double[] distances = [.. positions.Skip(1).Select(p => Math.Sqrt(gas.Box.NearestImage(p - positions[0]).LengthSquared)).Order()];
        Assert.Equal(distance, distances[0], 1e-12);
        Assert.Equal(neighborCount, distances.Count(d => d < distance * (1 + 1e-9)));
    }

    [Fact]
    public void Counts_that_fill_no_whole_cells_are_refused()
    {
        var refused = Assert.Throws<InitialStateException>(() => Build(GasOf(new Vec3(3, 3, 3), 1), [50], CrystalKind.Fcc));
        Assert.Contains("fill no whole number of cells", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_crystal_of_two_species_is_refused_for_one() => Assert.Contains(
        "a gas of 2 species",
        Assert.Throws<InitialStateException>(() => Build(GasOf(new Vec3(3, 3, 3), 1), [54], CrystalKind.CsCl)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Spheres_that_overlap_in_the_crystal_are_refused() => Assert.Throws<InitialStateException>(
        () => Build(GasOf(new Vec3(3, 3, 3), 1) with { Species = [new Species("A", 1, 0.9)] }, [54], CrystalKind.Bcc));

    private static Gas GasOf(Vec3 lengths, int speciesCount) =>
        new(Box.Of(3, lengths, Boundary.Periodic), [.. Enumerable.Range(0, speciesCount).Select(a => new Species($"S{a}", 1, 0.1))], []);

    private static SystemState Build(Gas gas, ImmutableArray<int> counts, CrystalKind kind) => InitialState.Build(
        gas, counts,
        new InitialData(
            new PositionPlan(PositionMethod.Lattice) { Crystal = kind },
            new VelocityPlan([.. gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))])),
        seed: 1);
}
