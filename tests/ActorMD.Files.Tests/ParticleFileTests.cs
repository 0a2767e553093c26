using ActorMD.Files.Inputs;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

public sealed class ParticleFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("periodic-3d.extxyz", 3, Boundary.Periodic)]
    [InlineData("periodic-3d.lammps", 3, Boundary.Periodic)]
    [InlineData("periodic-3d.csv", 3, Boundary.Periodic)]
    [InlineData("walls-2d.extxyz", 2, Boundary.Reflecting)]
    [InlineData("open-2d.lammps", 2, Boundary.Open)]
    [InlineData("open-2d.csv", 2, Boundary.Open)]
    [InlineData("periodic-3d.data", 3, Boundary.Periodic)]
    [InlineData("open-2d.lmp", 2, Boundary.Open)]
    [InlineData("periodic-3d.state", 3, Boundary.Periodic)]
    public void The_format_is_that_of_the_golden_file(string name, int dimension, Boundary boundary)
    {
        string path = _folder[name];
        ParticleFile.Write(path, Cases.Mixture(boundary, dimension), RoundState(dimension));
        Golden.Equal(name, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("a.extxyz", 3, Boundary.Periodic)]
    [InlineData("a.xyz", 3, Boundary.Open)]
    [InlineData("a.EXTXYZ", 2, Boundary.Reflecting)]
    [InlineData("a.extxyz", 2, Boundary.Open)]
    [InlineData("a.lammps", 3, Boundary.Reflecting)]
    [InlineData("a.lammps", 2, Boundary.Periodic)]
    [InlineData("a.lammps", 3, Boundary.Open)]
    [InlineData("a.dump", 3, Boundary.Periodic)]
    [InlineData("a.lammpstrj", 2, Boundary.Open)]
    [InlineData("a.data", 3, Boundary.Periodic)]
    [InlineData("a.lmp", 2, Boundary.Reflecting)]
    [InlineData("a.csv", 3, Boundary.Periodic)]
    [InlineData("a.csv", 2, Boundary.Periodic)]
    [InlineData("a.state", 3, Boundary.Periodic)]
    [InlineData("a.state", 2, Boundary.Open)]
    public void What_is_written_is_read_bit_for_bit(string name, int dimension, Boundary boundary)
    {
        Gas gas = Cases.Mixture(boundary, dimension);
        for (int seed = 0; seed < 20; seed++)
        {
            SystemState state = Cases.State(gas, 30, seed);
            ParticleFrame expected = ParticleFrame.Of(gas, state);
            string path = _folder[name];
            ParticleFile.Write(path, gas, state);
            ParticleFileLoad load = ParticleFile.Read(path);
            Assert.Empty(load.Faults);
            AssertSame(expected, Assert.Single(load.Frames));
        }
    }

    [Fact]
    public void Formats_are_converted_into_each_other_without_loss()
    {
        Gas gas = Cases.Mixture() with { Species = [new Species("A", 1, 1e-6), new Species("B", 4.1, 2e-6)] };
        ParticleFrame first = ParticleFrame.Of(gas, Cases.State(gas, 40));
        ParticleFrame frame = first;
        foreach (
            string suffix in new[]
                { ".extxyz", ".lammps", ".state", ".data", ".xyz", ".state", ".csv", ".lmp", ".dump", ".csv", ".lammpstrj" })
        {
            string path = _folder["a" + suffix];
            ParticleFile.Write(path, frame);
            frame = Assert.Single(ParticleFile.Read(path).Frames);
        }

        AssertSame(first, frame);
    }

    [Fact]
    public void A_frame_without_velocities_sizes_and_masses_keeps_what_it_has()
    {
        ParticleFrame bare =
            new() { Dimension = 3, SpeciesNames = ["A"], Species = [0], Positions = [new Vec3(0.1, 0.2, 0.3)], Box = Box.Cube(1) };
        foreach (string suffix in new[] { ".extxyz", ".lammps", ".csv" })
        {
            ParticleFile.Write(_folder["bare" + suffix], bare);
            ParticleFrame frame = Assert.Single(ParticleFile.Read(_folder["bare" + suffix]).Frames);
            Assert.Equal((null, null, null, null), (frame.Velocities, frame.Masses, frame.Radii, frame.Time));
            Assert.Equal(bare.Positions, frame.Positions);
        }
    }

    [Fact]
    public void Columns_come_in_any_order_and_particles_are_sorted_by_id()
    {
        ParticleFrame frame = Read(
            ".extxyz",
            """
            2
            Properties=id:I:1:charge:R:2:velo:R:3:species:S:1:pos:R:3 Lattice="2 0 0 0 3 0 0 0 4" Origin="-1 0 0"
            9 0 0 1 2 3 B 0.5 1 2
            4 0 0 4 5 6 A -0.5 0 0
            """);
        Assert.Equal(["B", "A"], frame.SpeciesNames.ToArray());
        Assert.Equal([1, 0], frame.Species);
        Assert.Equal([new Vec3(0.5, 0, 0), new Vec3(1.5, 1, 2)], frame.Positions);
        Assert.Equal([new Vec3(4, 5, 6), new Vec3(1, 2, 3)], frame.Velocities!);
        Assert.Equal(Box.Of(3, new Vec3(2, 3, 4), Boundary.Periodic), frame.Box);
    }

    [Fact]
    public void Plain_xyz_is_read_too()
    {
        ParticleFrame frame = Read(".xyz", "1\r\nmade by hand\r\nA 1 2 3 0.5\r\n\r\n");
        Assert.Equal([new Vec3(1, 2, 3)], frame.Positions);
        Assert.Equal((null, null), (frame.Velocities, frame.Box));
    }

    [Fact]
    public void A_lammps_dump_of_types_is_matched_to_species_by_their_order()
    {
        ParticleFrame frame = Read(
            ".lammps",
            """
            ITEM: TIMESTEP
            100
            ITEM: NUMBER OF ATOMS
            2
            ITEM: BOX BOUNDS pp ff ss
            -1 1
            0 3
            0 4
            ITEM: ATOMS id type xu y z q
            2 1 0.25 1 1 0
            1 2 0.75 2 2 0
            """);
        Assert.Equal(new Box(3, new Vec3(2, 3, 4), Boundary.Periodic, Boundary.Reflecting, Boundary.Open), frame.Box);
        Assert.Equal([new Vec3(1.75, 2, 2), new Vec3(1.25, 1, 1)], frame.Positions);
        Assert.Equal([1, 0], frame.ToParticles(Cases.Mixture()).Select(p => p.Kind));
    }

    [Fact]
    public void Csv_frames_are_told_apart_by_their_time()
    {
        string path = _folder.Write("a.csv", "time,species,x,y,vx,vy\n0,A,1,2,3,4\n0,A,2,2,0,0\n0.5,A,1,2,3,4\n0.5,A,0,2,3,4\n");
        ParticleFileLoad load = ParticleFile.Read(path);
        Assert.Equal([(2, 0.0, 2), (2, 0.5, 2)], load.Frames.Select(f => (f.Count, f.Time!.Value, f.Dimension)));
    }

    [Theory]
    [InlineData(".extxyz", "", 1, "no particles")]
    [InlineData(".extxyz", "two\n\n", 1, "'two' is not a number of particles")]
    [InlineData(".extxyz", "0\n\n", 1, "'0' is not a number of particles")]
    [InlineData(".extxyz", "-1\n\n", 1, "not a number of particles")]
    [InlineData(".extxyz", "99999999999\n\n", 1, "not a number of particles")]
    [InlineData(".extxyz", "1", 1, "has no line end")]
    [InlineData(".extxyz", "1\n", 2, "ends in the middle")]
    [InlineData(".extxyz", "2\n\nA 1 2 3\n", 4, "ends in the middle")]
    [InlineData(".extxyz", "1000000000\n\nA 1 2 3\n", 4, "ends in the middle")]
    [InlineData(".extxyz", "1\n\nA 1 2\n", 3, "the line has 3 fields")]
    [InlineData(".extxyz", "1\n\nA 1 x 3\n", 3, "'x' is not a finite number")]
    [InlineData(".extxyz", "1\n\nA 1 nan 3\n", 3, "'nan' is not a finite number")]
    [InlineData(".extxyz", "1\n\nA 1 1e999 3\n", 3, "'1e999' is not a finite number")]
    [InlineData(".extxyz", "1\nProperties=species:S:1:pos:R\nA 1 2 3\n", 2, "not a list of properties")]
    [InlineData(".extxyz", "1\nProperties=species:S:1\nA\n", 2, "no column for the position's x")]
    [InlineData(".extxyz", "1\nProperties=pos:R:3:position:R:3\n1 2 3 1 2 3\n", 2, "two columns give the same quantity")]
    [InlineData(".extxyz", "1\nProperties=pos:R:3:radius:R:1\n1 2 3 -1\n", 3, "'-1' is not above 0")]
    [InlineData(".extxyz", "1\nLattice=\"1 1 0 0 1 0 0 0 1\"\nA 1 2 3\n", 2, "not a rectangular box")]
    [InlineData(".extxyz", "1\nLattice=\"1 0 0\"\nA 1 2 3\n", 2, "not 9 finite numbers")]
    [InlineData(".extxyz", "1\nTime=soon\nA 1 2 3\n", 2, "not a finite number")]
    [InlineData(
        ".extxyz", "1\nLattice=\"1 0 0 0 1 0 0 0 1\" Boundary=\"open shut open\"\nA 1 2 3\n", 2,
        "boundaries 'open shut open' cannot be read")]
    [InlineData(".extxyz", "2\nProperties=pos:R:3:id:I:1\n1 2 3 7\n3 2 1 7\n", 4, "two particles have the id 7")]
    [InlineData(".lammps", "hello\n", 1, "where a section should start")]
    [InlineData(".lammps", "ITEM: NUMBER OF ATOMS\n1\n", 3, "ends in the middle")]
    [InlineData(".lammps", "ITEM: NUMBER OF ATOMS\n-1\n", 2, "not a number")]
    [InlineData(".lammps", "ITEM: ATOMS id x y z\n", 1, "NUMBER OF ATOMS is missing")]
    [InlineData(".lammps", "ITEM: NUMBER OF ATOMS\n1\nITEM: ATOMS id xs ys zs\n1 0 0 0\n", 3, "BOX BOUNDS is missing before scaled")]
    [InlineData(".lammps", "ITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS xy xz yz pp pp pp\n0 1 0.5\n", 4, "not rectangular")]
    [InlineData(".lammps", "ITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n1 0\n", 4, "not the two bounds")]
    [InlineData(".lammps", "ITEM: NUMBER OF ATOMS\n2\nITEM: ATOMS id x y z\n1 0 0 0\n", 5, "ends in the middle")]
    [InlineData(".lammps", "ITEM: CELLS\n", 1, "'CELLS' is not known")]
    [InlineData(".csv", "", 1, "no particles")]
    [InlineData(".csv", "species,x\nA,1\n", 1, "no column for the position's y")]
    [InlineData(".csv", "species,x,y\nA,1\n", 2, "the line has 2 fields")]
    [InlineData(".csv", "species,x,y,vx\nA,1,2,0\n", 1, "some components of the velocity")]
    [InlineData(".csv", "species,x,y\n,1,2\n", 2, "the species is empty")]
    [InlineData(".csv", "id,x,y\n1.5,1,2\n", 2, "'1.5' is not a whole number")]
    [InlineData(".state", "ActorMD", null, "no checkpoint or is cut off")]
    public void A_malformed_file_is_refused_on_its_line(string suffix, string text, int? line, string problem)
    {
        string path = _folder.Write("bad" + suffix, text);
        ParticleFileLoad load = ParticleFile.Read(path);
        Assert.Empty(load.Frames);
        InputFault fault = load.Faults[0];
        Assert.Equal(path, fault.File);
        Assert.NotEmpty(fault.Remedy);
        Assert.Contains(problem, fault.Problem);
        Assert.Equal(line, fault.Line);
    }

    [Theory, InlineData("periodic-3d.extxyz"), InlineData("open-2d.lammps"), InlineData("open-2d.csv"), InlineData("periodic-3d.data")]
    public void No_damage_to_a_file_is_answered_with_an_exception(string name)
    {
        const string Noise = "0123456789 .,:=\"\t\n-+eExyzITEM\0\u00E9";
        string sound = File.ReadAllText(Golden.PathOf(name));
        Random random = new(5);
        for (int trial = 0; trial < 300; trial++)
        {
            char[] text = (sound + sound).ToCharArray();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                text[random.Next(text.Length)] = Noise[random.Next(Noise.Length)];
            }

            string path = _folder.Write(name, new string(text[..random.Next(1, text.Length)]));
            ParticleFileLoad load = ParticleFile.Read(path);
            Assert.True(load.Frames.IsEmpty ^ load.Faults.IsEmpty);
            Assert.All(load.Faults, fault => Assert.NotNull(fault.Line));
        }
    }

    [Fact]
    public void Names_that_would_break_columns_are_not_written()
    {
        ParticleFrame frame = new() { Dimension = 3, SpeciesNames = ["a b"], Species = [0], Positions = [Vec3.Zero], Box = Box.Cube(1) };
        Assert.All(
            new[] { "a.extxyz", "a.lammps", "a.data" },
            name => Assert.Contains(
                "name", Assert.Throws<InputFaultException>(() => ParticleFile.Write(_folder[name], frame)).Message));
        ParticleFile.Write(_folder["a.csv"], frame);
        Assert.Equal("a b", Assert.Single(ParticleFile.Read(_folder["a.csv"]).Frames).SpeciesNames[0]);
    }

    [Fact]
    public void Many_faults_of_one_file_are_cut_short()
    {
        string text = "1000\n\n" + string.Concat(Enumerable.Repeat("A 1 2 x\n", 1000));
        Assert.Equal(20, ParticleFile.Read(_folder.Write("bad.xyz", text)).Faults.Length);
    }

    [Fact]
    public void Missing_files_and_unknown_suffixes_are_refused()
    {
        Assert.Contains("does not exist", Assert.Single(ParticleFile.Read(_folder["gone.xyz"]).Faults).Problem);
        Assert.Contains(".extxyz", Assert.Single(ParticleFile.Read(_folder.Write("a.pdb", "")).Faults).Remedy);
        InputFaultException error = Assert.Throws<InputFaultException>(
            () => ParticleFile.Write(_folder["a.pdb"], Cases.Mixture(), Cases.State(Cases.Mixture())));
        Assert.Contains("'.pdb'", error.Message);
    }

    [Fact]
    public void What_a_format_needs_and_the_frame_lacks_is_named()
    {
        ParticleFrame bare = new() { Dimension = 3, SpeciesNames = ["A"], Species = [0], Positions = [Vec3.Zero] };
        Assert.Contains(
            "needs a box", Assert.Throws<InputFaultException>(() => ParticleFile.Write(_folder["a.lammps"], bare)).Message);
        Assert.Contains(
            "needs the box, and velocities",
            Assert.Throws<InputFaultException>(() => ParticleFile.Write(_folder["a.state"], bare)).Message);
        Assert.Contains(
            "holds one frame",
            Assert.Throws<InputFaultException>(() => ParticleFile.Write(_folder["a.state"], [bare, bare])).Message);
        Assert.Empty(Directory.GetFiles(_folder.Directory));
    }

    private ParticleFrame Read(string suffix, string text)
    {
        ParticleFileLoad load = ParticleFile.Read(_folder.Write("in" + suffix, text.TrimEnd('\n') + "\n"));
        Assert.True(load.Faults.IsEmpty, string.Join('\n', load.Faults));
        return Assert.Single(load.Frames);
    }

    private static void AssertSame(ParticleFrame expected, ParticleFrame actual)
    {
        Assert.Equal(expected.Dimension, actual.Dimension);
        Assert.Equal(expected.Species.Select(s => expected.SpeciesNames[s]), actual.Species.Select(s => actual.SpeciesNames[s]));
        Assert.Equal(expected.Positions, actual.Positions);
        Assert.Equal(expected.Velocities, actual.Velocities);
        Assert.Equal(expected.Masses, actual.Masses);
        Assert.Equal(expected.Radii, actual.Radii);
        Assert.Equal(expected.Time, actual.Time);
        Assert.Equal(expected.Box, actual.Box);
        Assert.Equal(expected.Species.Select(expected.TypeOf), actual.Species.Select(actual.TypeOf));
    }

    private static SystemState RoundState(int dimension)
    {
        double z = dimension == 3 ? 1 : 0;
        return new SystemState(
            [
                new ParticleState { Position = new Vec3(0.1, 2, z / 3), Velocity = new Vec3(1e-300, -1, 0.25 * z), Kind = 1 },
                new ParticleState { Position = new Vec3(3.5, 1.0 / 3, 0.5 * z), Velocity = new Vec3(1, 0, 0), Kind = 0, Time = -0.5 },
            ],
            epochLength: 0.5,
            epoch: 3,
            time: 0.25);
    }
}
