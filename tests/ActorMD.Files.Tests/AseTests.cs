using System.Globalization;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

/// <summary>The real ASE reads what ActorMD writes, and the other way round.</summary>
public sealed class AseTests : IDisposable
{
    // Prints masses, velocities, positions, cell and pbc as ASE's users get them, and writes the atoms with other momenta.
    private const string Script = """
        import sys
        from ase.io import read, write
        folder = sys.argv[1]
        frames = read(folder + '/out.extxyz', index=':')
        for atoms in frames:
            assert atoms.has('momenta') and atoms.has('masses')
            rows = [atoms.get_masses(), atoms.get_velocities().ravel(), atoms.get_positions().ravel(), atoms.get_cell().lengths(), atoms.get_pbc()]
            print(' '.join(atoms.get_chemical_symbols()), ' '.join(repr(float(x)) for row in rows for x in row))
        dump = read(folder + '/out.dump', format='lammps-dump-text', index=0)
        print(' '.join(dump.get_chemical_symbols()), ' '.join(repr(float(x)) for x in dump.get_positions().ravel()))
        for name in ('velo', 'radius', 'id', 'type_number'):
            frames[0].arrays.pop(name, None)
        frames[0].set_velocities([[0.5, 0.25, -1], [2, 0, 0]])
        write(folder + '/back.extxyz', frames[0], format='extxyz')
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Masses_velocities_and_the_box_arrive_where_users_of_ase_look()
    {
        Gas gas = new(
            new Box(3, new Vec3(4, 5, 6), Boundary.Periodic, Boundary.Periodic, Boundary.Reflecting),
            [new Species("Ar", 40, 0.5), new Species("Xe", 131.3, 0.7)], []);
        SystemState state = new(
            [
                new ParticleState { Position = new Vec3(1, 2, 3), Velocity = new Vec3(0.1, -1, 0.25) },
                new ParticleState { Position = new Vec3(3, 1.0 / 3, 1), Velocity = new Vec3(1.0 / 3, 0, 7), Kind = 1 },
            ],
            0.5);
        ParticleFrame frame = ParticleFrame.Of(gas, state);
        ParticleFile.Write(_folder["out.extxyz"], [frame, frame]);
        ParticleFile.Write(_folder["out.dump"], frame);

        string[] lines = Python.Run("ase", Script, _folder.Directory);
        Assert.Equal(3, lines.Length);
        Assert.Equal(lines[0], lines[1]);
        Assert.StartsWith("Ar Xe ", lines[0], StringComparison.Ordinal);
        double[] numbers = Numbers(lines[0]);
        Assert.Equal([40, 131.3], numbers[..2]);
        double[] velocities = [0.1, -1, 0.25, 1.0 / 3, 0, 7];
        Assert.All(velocities.Zip(numbers[2..8]), pair => Assert.Equal(pair.First, pair.Second, 1e-15)); // momentum over mass
        Assert.Equal([1, 2, 3, 3, 1.0 / 3, 1], numbers[8..14]);
        Assert.Equal([4, 5, 6, 1, 1, 0], numbers[14..]);
        Assert.Equal([1, 2, 3, 3, 1.0 / 3, 1], Numbers(lines[2]));

        ParticleFrame back = Assert.Single(ParticleFile.Read(_folder["back.extxyz"]).Frames);
        Assert.Equal(["Ar", "Xe"], back.Species.Select(s => back.SpeciesNames[s]));
        Assert.Equal([40, 131.3], back.Masses!);
        Assert.Equal(new Vec3(0.5, 0.25, -1), back.Velocities![0]);
        Assert.Equal(2, back.Velocities[1].X, 1e-9); // ASE writes eight decimals of the momenta
        Assert.Equal((gas.Box.Lengths, Boundary.Periodic), (back.Box!.Lengths, back.Box.BoundaryX));
    }

    private static double[] Numbers(string line) =>
        [.. line.Split(' ').Skip(2).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
}
