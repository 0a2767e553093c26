using ActorMD.Files.Inputs;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

/// <summary>Files as other programs and people write them: read as they are meant, or refused with the reason.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private const string Bounds = "ITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Types and species

    [Fact]
    public void Type_numbers_and_names_are_the_same_in_all_frames_of_a_dump_whose_lines_are_in_any_order()
    {
        string dump = Frame(0, "3 2 B 3 1 1", "1 1 A 1 1 1", "2 2 B 2 1 1") + Frame(1, "2 2 B 2 1 2", "1 1 A 1 1 2", "3 2 B 3 1 2");
        foreach (string suffix in new[] { ".lammps", ".csv", ".extxyz", ".lammpstrj", ".dump" })
        {
            foreach (ParticleFrame frame in Through(".lammps", dump, suffix, ".lammps"))
            {
                Assert.Equal([1, 2, 2], frame.Species.Select(frame.TypeOf));
                Assert.Equal(["A", "B", "B"], frame.Species.Select(s => frame.SpeciesNames[s]));
            }
        }

        string Frame(int step, params string[] rows) =>
            $"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{rows.Length}\n{Bounds}ITEM: ATOMS id type element x y "
                + $"z\n{string.Join('\n', rows)}\n";
    }

    [Theory]
    [InlineData(".extxyz")]
    [InlineData(".csv")]
    [InlineData(".dump")]
    [InlineData(".data")]
    public void Type_numbers_with_gaps_and_in_any_order_stay(string suffix)
    {
        string dump = $"ITEM: TIMESTEP\n7\nITEM: NUMBER OF ATOMS\n3\n{Bounds}ITEM: ATOMS id type x y z\n1 5 1 1 1\n2 2 2 2 2\n3 9 3 3 3\n";
        ParticleFrame frame = Assert.Single(Through(".lammps", dump, suffix, ".lammps"));
        Assert.Equal([5, 2, 9], frame.Species.Select(frame.TypeOf));
        string named = dump.Replace("type x", "type element x").Replace("1 5 1", "1 5 Kr 1").Replace("2 2 2", "2 2 Ar 2")
            .Replace("3 9 3", "3 9 Xe 3");
        frame = Assert.Single(Through(".lammps", named, suffix, ".lammps"));
        Assert.Equal([(5, "Kr"), (2, "Ar"), (9, "Xe")], frame.Species.Select(s => (frame.TypeOf(s), frame.SpeciesNames[s])));
    }

    [Fact]
    public void Species_of_a_state_keep_the_numbers_of_their_order()
    {
        // B comes first, and is type 2.
        string csv = "id,species,type,x,y,z,vx,vy,vz,radius,mass,box_x,box_y,box_z,boundary\n"
            + "0,B,2,1,1,1,0,0,0,0.5,3,9,9,9,periodic\n1,A,1,4,4,4,0,0,0,0.25,1,9,9,9,periodic\n";
        foreach (string suffix in new[] { ".state", ".extxyz", ".csv", ".data" })
        {
            ParticleFrame frame = Assert.Single(Through(".csv", csv, ".state", suffix));
            Assert.Equal([(2, "B"), (1, "A")], frame.Species.Select(s => (frame.TypeOf(s), frame.SpeciesNames[s])));
        }
    }

    [Fact]
    public void One_type_with_two_names_is_refused() => AssertRefused(
        ".lammps", $"ITEM: NUMBER OF ATOMS\n2\n{Bounds}ITEM: ATOMS id type element x y z\n1 1 A 1 1 1\n2 1 B 2 2 2\n", 9,
        "the type 1 has the name 'B' here and 'A' before");

    [Fact]
    public void Ids_with_gaps_stay()
    {
        string dump = $"ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\n{Bounds}ITEM: ATOMS id type x y z\n900 1 1 1 1\n17 1 2 2 2\n";
        Assert.Equal([17, 900], Assert.Single(Through(".dump", dump, ".extxyz", ".csv", ".data", ".dump")).Ids!);
    }

    // Cut files

    [Theory]
    [InlineData(".csv", "id,species,x,y,z\n0,A,1,1,1\n1,A,2,2,-0.", 3)]
    [InlineData(".xyz", "1\n\nA 1 2 3.2", 3)]
    [InlineData(".lammps", "ITEM: NUMBER OF ATOMS\n1\nITEM: ATOMS id x y z\n1 0 0 1", 4)]
    [InlineData(".data", "t\n\n1 atoms\n1 atom types\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\n\nAtoms # atomic\n\n1 1 0 0 0.5", 11)]
    public void A_last_line_without_end_is_a_fault(string suffix, string text, int line)
    {
        AssertRefused(suffix, text, line, "has no line end");
        Assert.Empty(ParticleFile.Read(_folder.Write("whole" + suffix, text + "\n")).Faults);
    }

    [Theory]
    [InlineData("species;x;y\nA;0,5;0,5\n", "separated by semicolons")]
    [InlineData("species\tx\ty\nA\t0.5\t0.5\n", "separated by tabs")]
    [InlineData("species x y\nA 0.5 0.5\n", "separated by blanks")]
    public void Other_separators_than_commas_are_named(string text, string problem) => AssertRefused(".csv", text, 1, problem);

    [Theory]
    [InlineData(".csv", "frame,x,y\n0,1,1\n0,2,2\n1,1,1\n", 4)]
    [InlineData(".csv", "time,x,y\n0,1,1\n0,2,2\n1,1,1\n2,1,1\n2,2,2\n", 5)]
    [InlineData(".xyz", "1\n\nA 1 2 3\n2\n\nA 1 2 3\nA 4 5 6\n", 7)]
    [InlineData(
        ".dump", "ITEM: NUMBER OF ATOMS\n2\nITEM: ATOMS x y z\n1 0 0\n2 0 0\nITEM: NUMBER OF ATOMS\n1\nITEM: ATOMS x y z\n1 0 0\n", 9)]
    public void Frames_of_unequal_numbers_are_a_fault(string suffix, string text, int line) =>
        AssertRefused(suffix, text, line, "particles, and the first one");

    [Theory]
    [InlineData(".csv", "frame,id,x,y\n0,0,1,1\n0,1,2,2\n1,0,1,1\n1,1,2", 5)]
    [InlineData(".extxyz", "1\n\nA 1 2 3\n1\n\nA 1 2 3\n1\nProper", 8)]
    [InlineData(".lammps", "ITEM: NUMBER OF ATOMS\n1\nITEM: ATOMS x y z\n1 2 3\nITEM: NUMBER OF ATOMS\n1\nITEM: ATOMS x y z\n1", 8)]
    public void Whole_frames_can_be_salvaged_from_a_cut_file(string suffix, string text, int line)
    {
        string path = _folder.Write("cut" + suffix, text);
        Assert.Contains("--salvage", string.Join(' ', ParticleFile.Read(path).Faults));
        ParticleFileLoad load = ParticleFile.Read(path, salvage: true);
        Assert.Empty(load.Faults);
        Assert.Equal(suffix == ".extxyz" ? 2 : 1, load.Frames.Length);
        Assert.Equal(line, load.Left!.Line);
        string first = _folder.Write("first" + suffix, text[..(suffix == ".extxyz" ? 8 : 20)]);
        Assert.Contains("nothing can be kept", ParticleFile.Read(first, salvage: true).Faults[0].Remedy, StringComparison.Ordinal);
    }

    // Boxes

    [Fact]
    public void A_cube_about_the_origin_is_a_cube()
    {
        string cube = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n-0.5 0.5\n-0.5 0.5\n-0.5 0.5\n"
            + "ITEM: ATOMS id type x y z vx vy vz\n1 1 0 0 0.1 1 0 0\n2 1 0.25 0.25 -0.2 0 1 0\n";
        ParticleFrame frame = Read(".lammps", cube);
        Assert.Equal((3, Box.Cube(1)), (frame.Dimension, frame.Box));
        Assert.Equal([new Vec3(0.5, 0.5, 0.6), new Vec3(0.75, 0.75, 0.3)], frame.Positions);
        Assert.Equal(3, Read(".lammps", cube.Replace(" 0.1 1", " 0 1").Replace("-0.2", "0")).Dimension);
        ParticleFrame flat = Read(".lammps", cube.Replace("pp pp pp\n-0.5 0.5\n-0.5 0.5", "pp pp pp\n0 3\n0 3"));
        Assert.Equal((3, 1.0), (flat.Dimension, flat.Box!.Lengths.Z));
    }

    [Theory]
    [InlineData("-0.5 0.5", 2)]
    [InlineData("-0.1 0.1", 3)]
    [InlineData("0 1", 3)]
    public void A_plane_of_a_dump_starts_cases_of_two_dimensions_and_of_three(string z, int dimension)
    {
        string plane = $"ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n{z}\nITEM: ATOMS id type x y "
            + "z\n1 1 1 1 0\n2 1 5 5 0\n";
        ParticleFrame frame = Read(".lammps", plane);
        Assert.Equal(dimension, frame.Dimension);
        Gas flat = new(Box.Square(9), [new Species("A", 1, 1)], []), deep = flat with { Box = Box.Cube(9) };
        FrameCheck two = FrameCheck.Of("f", frame, flat, [2]), three = FrameCheck.Of("f", frame, deep, [2]);
        Assert.Equal((0, 0, 0), (two.Faults.Length, two.Warnings.Length, three.Faults.Length));
        Assert.All(frame.ToParticles(flat), particle => Assert.Equal(0, particle.Position.Z));
        double low = double.Parse(z.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.All(frame.ToParticles(deep), particle => Assert.Equal(-low, particle.Position.Z));
    }

    [Fact]
    public void The_height_of_a_box_means_nothing_in_two_dimensions()
    {
        ParticleFrame frame = Read(".extxyz", "1\nLattice=\"10 0 0 0 10 0 0 0 1\" pbc=\"T T F\"\nA 1 1 0\n");
        Gas gas = new(Box.Square(10), [new Species("A", 1, 1)], []);
        Assert.Empty(FrameCheck.Of("f", frame, gas, [1]).Warnings);
        Assert.Contains("[10, 10]", Assert.Single(FrameCheck.Of("f", frame, gas with { Box = Box.Square(11) }, [1]).Warnings).Problem);
    }

    [Theory]
    [InlineData("xs ys zs", "0.25 0.5 0.75")]
    [InlineData("xsu ysu zsu", "0.25 0.5 0.75")]
    [InlineData("xu yu zu", "1 4 11")]
    [InlineData("x y z", "1 4 11")]
    [InlineData("x ys zu", "1 0.5 11")]
    [InlineData("x y z xs ys zs xu yu zu", "1 4 11 0.9 0.9 0.9 0.9 0.9 0.9")]
    public void All_kinds_of_lammps_coordinates_are_read(string columns, string values)
    {
        ParticleFrame frame = Read(
            ".lammpstrj", $"ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 4\n2 6\n8 12\nITEM: ATOMS id type "
                + $"{columns}\n1 1 {values}\n");
        Assert.Equal(new Vec3(1, 2, 3), frame.Positions[0]);
    }

    [Fact]
    public void A_dump_of_style_atom_is_read()
    {
        ParticleFrame frame = Read(
            ".dump",
            "ITEM: UNITS\nlj\nITEM: TIMESTEP\n100\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS xy xz yz pp pp ff\n-2 2 0\n-2 2 0\n0 8 0\n"
            + "ITEM: ATOMS id type xs ys zs\n2 1 0.5 0.5 0.5\n1 2 0 0.25 1\n");
        Assert.Equal([new Vec3(0, 1, 8), new Vec3(2, 2, 4)], frame.Positions);
        Assert.Equal(new Box(3, new Vec3(4, 4, 8), Boundary.Periodic, Boundary.Periodic, Boundary.Reflecting), frame.Box);
        Assert.Equal((100, null), (frame.Step, frame.Time));
    }

    [Theory]
    [InlineData(".extxyz", "1\nLattice=\"9 0 0 0 9 0 0 0 9\" Boundary=\"7 7 7\"\nA 1 2 3\n", 2, "boundaries '7 7 7'")]
    [InlineData(".extxyz", "1\nLattice=\"9 0 0 0 9 0 0 0 9\" Boundary=\"0 0 0\"\nA 1 2 3\n", 2, "boundaries '0 0 0'")]
    [InlineData(".extxyz", "1\nLattice=\"9 0 0 0 9 0 0 0 9\" Boundary=\"open,reflecting open\" pbc=\"T F F\"\nA 1 2 3\n", 2, "contradict")]
    [InlineData(".extxyz", "1\nLattice=\"9 0 0 0 9 0 0 0 9\" pbc=\"T T\"\nA 1 2 3\n", 2, "which axes are periodic")]
    [InlineData(".extxyz", "1\nLattice=\"9 0 0 0 9 0 0 0 9\" pbc=\"T T 7\"\nA 1 2 3\n", 2, "which axes are periodic")]
    [InlineData(".extxyz", "1\nLattice=\"9 0 0 0 9 0 0 0 1e-200\"\nA 1 2 3\n", 2, "not a rectangular box")]
    [InlineData(".extxyz", "1\nLattice=\"9 0 0 0 9 0 0 0 9\" lattice=\"8 0 0 0 8 0 0 0 8\"\nA 1 2 3\n", 2, "given twice")]
    [InlineData(".extxyz", "1\nProperties=species:S:1:pos:R:3 pbc=[T, T\nA 1 2 3\n", 2, "a bracket is not closed")]
    [InlineData(".extxyz", "1\nProperties=species:S:1:pos:Q:3\nA 1 2 3\n", 2, "not a list of properties")]
    [InlineData(".extxyz", "1\nDimension=2\nA 1 2 3\n", 3, "a z component, and the file two dimensions")]
    [InlineData(".extxyz", "1\nTimestep=soon\nA 1 2 3\n", 2, "not a whole number")]
    [InlineData(".extxyz", "1\n\nA 1 2 1e200\n", 3, "too large")]
    [InlineData(".extxyz", "1\nProperties=pos:R:3:masses:R:1\n1 2 3 1e-300\n", 3, "too small")]
    [InlineData(".extxyz", "1\nProperties=pos:R:3:id:I:1\n1 2 3 -1\n", 3, "the id -1 is out of range")]
    [InlineData(".extxyz", "1\nProperties=pos:R:3:momenta:R:3\n1 2 3 1 1 1\n", 2, "no masses")]
    [InlineData(".extxyz", "1\nProperties=pos:R:3:velo:R:3:momenta:R:3:masses:R:1\n1 2 3 1 1 1 2 2 3 2\n", 3, "not mass times velocity")]
    [InlineData(
        ".dump", "ITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS 7 7 7\n0 1\n0 1\n0 1\nITEM: ATOMS x y z\n0 0 0\n", 6,
        "what the boundaries are")]
    [InlineData(
        ".dump", "ITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pf pp\n0 1\n0 1\n0 1\nITEM: ATOMS x y z\n0 0 0\n", 6,
        "what the boundaries are")]
    [InlineData(".dump", "ITEM: NUMBER OF ATOMS\n1\nITEM: ATOMS id type x y z\n1 0 0 0 0\n", 4, "not the number of a type")]
    [InlineData(".dump", "ITEM: NUMBER OF ATOMS\n1\nITEM: ATOMS id type x y z\n0 1 0 0 0\n", 4, "the id 0 is out of range")]
    [InlineData(".dump", "ITEM: NUMBER OF ATOMS\n1\nITEM: NUMBER OF ATOMS\n2\n", 3, "stands twice")]
    [InlineData(".dump", "ITEM: TIMESTEP\nten\n", 2, "not a number that 'TIMESTEP' can have")]
    [InlineData(".csv", "x,y,box_x\n1,1,9\n", 1, "lengths of the box have no column")]
    [InlineData(".csv", "x,y,box_x,box_y,boundary\n1,1,9,9,7\n", 2, "'7' is no boundary")]
    [InlineData(".csv", "id,x,y,box_x,box_y\n0,1,1,9,9\n1,2,2,9,8\n", 3, "is not that of the frame's first particle")]
    [InlineData(".csv", "step,time,x,y\n0,0,1,1\n0,1,1,1\n", 3, "is not that of the frame's first particle")]
    [InlineData(".csv", "time,id,x,y\n0,0,1,1\n1,0,1,1\n0,1,2,2\n", 4, "goes on here, after others")]
    [InlineData(".csv", "species,x,y\n\"A\"b,1,1\n", 2, "follows a closed quote")]
    [InlineData(".csv", "species,x,y\n\"A,1,1\n", 2, "a quote is not closed")]
    [InlineData(".csv", "species,x,y,radius,diameter\nA,1,1,1,2\n", 1, "radius and for the diameter")]
    [InlineData(".csv", "species,type,x,y\nA,1.5,1,1\n", 2, "not the number of a type")]
    public void Nonsense_is_refused_in_every_column_and_format(string suffix, string text, int line, string problem) =>
        AssertRefused(suffix, text, line, problem);

    // What other programs write

    [Fact]
    public void Quoted_csv_is_read_and_written()
    {
        ParticleFrame frame = Read(
            ".csv", "\"id\",\"species\",\"x\",\"y\",\"z\",\"a\r\nnote\"\r\n0,\"a, "
                + "\"\"b\"\"\",1,1,1,\"two\nlines\"\r\n1, \"A\" ,5,5,5,\r\n");
        Assert.Equal(["a, \"b\"", "A"], frame.SpeciesNames.ToArray());
        Assert.Equal(
            frame.SpeciesNames.ToArray(),
            Assert.Single(Through(".csv", File.ReadAllText(_folder["in.csv"]), ".csv", ".csv")).SpeciesNames.ToArray());
        Assert.Equal(["A"], Read(".csv", "\uFEFF\"species\",\"x\",\"y\"\n\"A\",1,2\n").SpeciesNames.ToArray());
    }

    [Theory]
    [InlineData("pbc=[T, T, F] Lattice=\"6.0 0.0 0.0 0.0 6.0 0.0 0.0 0.0 6.0\" Properties=species:S:1:pos:R:3")]
    [InlineData("pbc=[True,True,False] Lattice=[[6, 0, 0], [0, 6, 0], [0, 0, 6]] Properties=\"species:S:1:pos:R:3\"")]
    [InlineData("pbc={1 1 0} Lattice={6 0 0 0 6 0 0 0 6} energy=-3.5 note=\"a \\\"b\\\" = c\" free")]
    [InlineData("pbc = \"T T F\" Lattice='6 0 0 0 6 0 0 0 6' stress=[[1, 2], [3, 4]] \"two words\"=1")]
    public void Keys_of_extended_xyz_are_read_as_programs_write_them(string comment)
    {
        ParticleFrame frame = Read(".xyz", $"1\n{comment}\nAr 2 2 2\n");
        Assert.Equal(new Box(3, new Vec3(6, 6, 6), Boundary.Periodic, Boundary.Periodic, Boundary.Open), frame.Box);
        Assert.Equal("Ar", frame.SpeciesNames[0]);
    }

    [Fact]
    public void Momenta_and_masses_are_velocities()
    {
        ParticleFrame frame = Read(".extxyz", "1\nProperties=species:S:1:pos:R:3:masses:R:1:momenta:R:3\nAr 0 0 0 4 1 2 -8\n");
        Assert.Equal((new Vec3(0.25, 0.5, -2), 4.0), (frame.Velocities![0], frame.Masses![0]));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("ITEM: TIME\n0.25\n", true)]
    public void Steps_and_frames_go_through_csv(string time, bool hasTime)
    {
        string frame = $"{time}ITEM: TIMESTEP\n@\nITEM: NUMBER OF ATOMS\n2\n{Bounds}ITEM: ATOMS id type x y z\n1 1 1 1 1\n2 2 5 5 @\n";
        ParticleFrame[] frames = Through(
            ".lammps", frame.Replace("@", "3") + frame.Replace("@", "5") + frame.Replace("@", "7"), ".csv", ".lammps");
        Assert.Equal([3, 5, 7], frames.Select(f => f.Step!.Value));
        Assert.Equal([3, 5, 7], frames.Select(f => f.Positions[1].Z));
        Assert.All(frames, f => Assert.Equal((hasTime ? 0.25 : null, Box.Cube(10)), (f.Time, f.Box)));
        Assert.Equal(2, Through(".xyz", "1\n\nA 1 2 3\n1\n\nA 1 2 3\n", ".csv").Length);
        Assert.Equal([4, 4], Through(".lammps", frame.Replace("@", "4") + frame.Replace("@", "4"), ".csv").Select(f => f.Step!.Value));
    }

    [Fact]
    public void A_table_needs_the_same_columns_in_all_frames()
    {
        string path = _folder.Write("in.extxyz", "1\n\nA 1 2 3\n1\nTime=1\nA 1 2 3\n");
        InputFaultException error = Assert.Throws<InputFaultException>(
            () => ParticleFile.Write(_folder["out.csv"], ParticleFile.Read(path).Frames));
        Assert.Contains("different columns", error.Message);
        Assert.False(File.Exists(_folder["out.csv"]));
    }

    // LAMMPS data files

    [Theory]
    [InlineData("Atoms # sphere\n\n2 1 2 0.75 1 2 3 0 -1 0\n1 2 1 6 0 0 0 0 0 0\n", 3.14159265358979, 3.14159265358979)]
    [InlineData("Masses\n\n1 2.5\n2 4\n\nAtoms # atomic\n\n2 1 1 2 3\n1 2 0 0 0\n", 4, 2.5)]
    [InlineData("Masses\n\n1 2.5\n2 4\n\nAtoms # charge\n\n2 1 -1 1 2 3\n1 2 1 0 0 0\n", 4, 2.5)]
    [InlineData(
        "Masses\n\n1 2.5\n2 4 # xenon\n\nPair Coeffs # lj\n\n1 1 1\n2 1 1\n\nAtoms  # full\n\n2 1 1 -1 1 2 3\n1 1 2 1 0 0 "
            + "0\n\nBonds\n\n1 1 1 2\n", 4, 2.5)]
    [InlineData(
        "Atom Type Labels\n\n1 1\n2 2\n\nMasses\n\n1 2.5\n2 4\n\nAtoms\n\n2 1 1 2 3 0 0 1\n1 2 0 0 0 0 0 0\n\nVelocities\n\n1 1 0 "
            + "0\n2 0 1 0\n", 4, 2.5)]
    public void Lammps_data_files_are_read_in_their_atom_styles(string sections, double first, double second)
    {
        ParticleFrame frame = Read(
            ".data", $"LAMMPS data file via write_data\n\n2 atoms\n2 atom types\n1 bonds\n1 bond types\n\n-1 9 xlo xhi\n0 10 ylo yhi\n0 10 "
                + $"zlo zhi\n0 0 0 xy xz yz\n\n{sections}");
        Assert.Equal([new Vec3(1, 0, 0), new Vec3(2, 2, 3)], frame.Positions);
        Assert.Equal([2, 1], frame.Species.Select(frame.TypeOf));
        Assert.Equal(first, frame.Masses![0], 1e-13);
        Assert.Equal(second, frame.Masses![1], 1e-13);
        Assert.Equal(Box.Cube(10), frame.Box);
        Assert.Equal(sections.Contains("sphere", StringComparison.Ordinal) ? [0.5, 1] : null, frame.Radii);
        Assert.Equal(
            sections.Contains("Velocities", StringComparison.Ordinal) ? [new Vec3(1, 0, 0), new Vec3(0, 1, 0)] : null, frame.Velocities);
    }

    [Theory]
    [InlineData("2 atoms", "3 atoms", "ends in the middle")]
    [InlineData("2 atoms", "1 atoms", "where a header line or a section should")]
    [InlineData("2 atom types", "1 atom types", "its type has no number up to 1")]
    [InlineData("0 10 ylo yhi", "10 0 ylo yhi", "not the two bounds")]
    [InlineData("0 10 ylo yhi", "", "bounds of the box are missing")]
    [InlineData("0 10 ylo yhi", "0 10 ylo yhi\n1 0 0 xy xz yz", "not rectangular")]
    [InlineData("# atomic", "# full", "has 5 fields")]
    [InlineData("# atomic", "# ellipsoid", "atom style 'ellipsoid' is not known")]
    [InlineData("1 1 0 0 0", "1 1 0 0 nan", "not a finite number")]
    [InlineData("1 1 0 0 0", "2 1 0 0 0", "two particles have the id 2")]
    [InlineData("1 1 0 0 0", "0 1 0 0 0", "the id 0 is out of range")]
    [InlineData("1 2 3\n", "1 2 3\n\nVelocities\n\n1 1 1 1\n3 1 1 1\n", "has no velocity")]
    [InlineData("1 2 3\n", "1 2 3\n\nVelocities\n\n1 1 1 1\n1 1 1 1\n", "no line of the section Velocities")]
    [InlineData("1 2 3\n", "1 2 3\n\nVelocities\n\n1 1 1 1\n2 1 1 inf\n", "not a finite number")]
    [InlineData("1 2 3\n", "1 2 3\n\nMasses\n\n1 1\n2 -1\n", "no line of the section Masses")]
    [InlineData("title", "ActorMD Dimension=4", "no value of the title's key 'Dimension'")]
    public void Nonsense_in_lammps_data_files_is_refused(string from, string to, string problem)
    {
        string text = "title\n\n2 atoms\n2 atom types\n0 10 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n\nAtoms # atomic\n\n1 "
            + "1 0 0 0\n2 2 1 2 3\n";
        Assert.Empty(ParticleFile.Read(_folder.Write("good.data", text)).Faults);
        AssertRefused(".data", text.Replace(from, to), null, problem);
    }

    [Fact]
    public void What_a_data_file_cannot_hold_is_not_written()
    {
        ParticleFrame frame = Read(".csv", "species,x,y,radius\n9z,1,1,1\n9z,5,5,1\n");
        AssertNotWritten(frame, "needs a box");
        frame = Read(".csv", "species,x,y,radius,box_x,box_y\nA,1,1,1,9,9\nA,5,5,1,9,9\n");
        AssertNotWritten(frame, "sizes without masses");
        frame = Read(".csv", "species,x,y,mass,box_x,box_y\nA,1,1,1,9,9\nA,5,5,2,9,9\n");
        AssertNotWritten(frame, "different masses in one type");
        frame = Read(".csv", "species,x,y,box_x,box_y\n9z,1,1,9,9\n9z,5,5,9,9\n");
        AssertNotWritten(frame, "type labels");
        frame = Read(".csv", "type,x,y,box_x,box_y\n2000000000,1,1,9,9\n");
        AssertNotWritten(frame, "that is 2000000000");

        void AssertNotWritten(ParticleFrame bad, string problem)
        {
            string path = _folder["out.data"];
            Assert.Contains(problem, Assert.Throws<InputFaultException>(() => ParticleFile.Write(path, bad)).Message);
            Assert.False(File.Exists(path) || File.Exists(path + ".tmp"));
        }
    }

    // States

    [Theory]
    [InlineData("A 1e15 1 1 0 0 0 0.5 1", "", "x = 1000000000000000, which is too large")]
    [InlineData("A 1 1 1 1e60 0 0 0.5 1", "", "vx = 1E+60, which is too large")]
    [InlineData("A 1 1 1 0 0 0 6 1", "", "is narrower than")]
    [InlineData("A 1 1 1 0 0 0 0.5 1", "Time=-1", "no time of a run")]
    [InlineData("A 1 1 1 1 0 0 0.5 1", "Time=1e60", "no time of a run")]
    [InlineData("A 0.2 1 1 0 0 0 0.5 1", "Boundary=\"reflecting open open\" pbc=[F, F, F]", "reaches beyond a wall")]
    [InlineData("A 1 1 1 0 0 0 0.5 1\nA 1.5 1 1 0 0 0 0.5 1", "", "two spheres overlap")]
    public void Only_what_can_be_simulated_becomes_a_state(string rows, string keys, string problem)
    {
        string text = $"{rows.Split('\n').Length}\nLattice=\"10 0 0 0 10 0 0 0 10\" {keys} "
            + $"Properties=species:S:1:pos:R:3:velo:R:3:radius:R:1:masses:R:1\n{rows}\n";
        string path = _folder["out.state"];
        InputFaultException error = Assert.Throws<InputFaultException>(() => ParticleFile.Write(path, Read(".extxyz", text)));
        Assert.Contains(problem, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(_folder["in.extxyz"], error.Faults[0].File);
        Assert.False(File.Exists(path) || File.Exists(path + ".tmp"));
    }

    [Theory, InlineData("a.csv"), InlineData("a.extxyz"), InlineData("a.dump"), InlineData("a.data"), InlineData("a.state")]
    public void A_write_that_fails_or_is_stopped_leaves_the_old_file_and_nothing_else(string name)
    {
        Gas gas = Cases.Mixture() with { Zones = [] };
        ParticleFrame frame = ParticleFrame.Of(
            gas, new SystemState([new ParticleState { Position = new Vec3(1, 1, 1) }], double.PositiveInfinity));
        string path = _folder.Write(name, "old");
        Directory.CreateDirectory(path + ".tmp");
        Assert.ThrowsAny<Exception>(() => ParticleFile.Write(path, frame));
        Directory.Delete(path + ".tmp");
        if (!name.EndsWith(".state", StringComparison.Ordinal) && !name.EndsWith(".data", StringComparison.Ordinal))
        {
            Assert.Throws<OperationCanceledException>(
                () => ParticleFile.Write(path, [frame, frame], new CancellationToken(canceled: true)));
            Assert.Throws<OperationCanceledException>(() => ParticleFile.Read(path, stop: new CancellationToken(canceled: true)));
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Directory));
    }

    private ParticleFrame[] Through(string suffix, string text, params string[] suffixes)
    {
        string path = _folder.Write("in" + suffix, text);
        for (int k = 0; k < suffixes.Length; k++)
        {
            ParticleFileLoad load = ParticleFile.Read(path);
            Assert.True(load.Faults.IsEmpty, string.Join('\n', load.Faults));
            path = _folder[$"through{k}{suffixes[k]}"];
            ParticleFile.Write(path, load.Frames);
        }

        ParticleFileLoad last = ParticleFile.Read(path);
        Assert.True(last.Faults.IsEmpty, string.Join('\n', last.Faults));
        return [.. last.Frames];
    }

    private ParticleFrame Read(string suffix, string text)
    {
        ParticleFileLoad load = ParticleFile.Read(_folder.Write("in" + suffix, text));
        Assert.True(load.Faults.IsEmpty, string.Join('\n', load.Faults));
        return Assert.Single(load.Frames);
    }

    private void AssertRefused(string suffix, string text, int? line, string problem)
    {
        ParticleFileLoad load = ParticleFile.Read(_folder.Write("bad" + suffix, text));
        Assert.Empty(load.Frames);
        Assert.Contains(problem, load.Faults[0].Problem);
        Assert.NotEmpty(load.Faults[0].Remedy);
        if (line is not null)
        {
            Assert.Equal(line, load.Faults[0].Line);
        }
    }
}
