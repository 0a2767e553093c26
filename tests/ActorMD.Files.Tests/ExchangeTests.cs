using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

/// <summary>Files for other programs: the real LAMMPS, GSD's and HDF5's own Python libraries read and write them.</summary>
public sealed class ExchangeTests : IDisposable
{
    private const string GsdScript = """
        import sys, numpy, gsd.hoomd
        folder = sys.argv[1]
        with gsd.hoomd.open(folder + '/out.gsd', 'rb') as trajectory:
            assert trajectory.file.schema == 'hoomd' and trajectory.file.schema_version == (1, 4), trajectory.file.schema_version
            for frame in trajectory:
                p = frame.particles
                rows = [frame.configuration.box, p.position, p.velocity, p.mass, p.diameter, p.typeid, frame.log['time']]
                print(' '.join(p.types), ' '.join(repr(float(x)) for row in rows for x in numpy.ravel(row)))
            back = gsd.hoomd.Snapshot()
            back.configuration.step = 7
            back.configuration.box = [4, 4, 4, 0, 0, 0]
            back.particles.N = 2
            back.particles.types = ['Ar', 'Xe']
            back.particles.typeid = [1, 0]
            back.particles.position = [[-1, 0, 1], [1.5, 0.25, -2]]
            back.particles.velocity = [[1, 2, 3], [0, -1, 0.5]]
            back.particles.diameter = [0.5, 1]
            later = gsd.hoomd.Snapshot()
            later.configuration.step = 9
            later.particles.N = 2
            later.particles.position = [[-1, 0, 1.25], [1.5, 0.25, -1]]
            with gsd.hoomd.open(folder + '/back.gsd', 'wb') as out:
                out.append(back)
                out.append(later)
        """;

    private const string H5Script = """
        import sys, numpy, h5py
        folder = sys.argv[1]
        with h5py.File(folder + '/out.h5md', 'r') as f:
            assert list(f['h5md'].attrs['version']) == [1, 1]
            all = f['particles/all']
            text = lambda words: [w if isinstance(w, str) else w.decode() for w in words]
            print(' '.join(text(f['parameters/actormd/species_names'][:])), ' '.join(text(all['box'].attrs['boundary'])))
            for name in ('box/edges', 'position/value', 'velocity/value', 'mass', 'diameter', 'species', 'position/time'):
                print(name, ' '.join(repr(float(x)) for x in numpy.ravel(all[name][...])))
        with h5py.File(folder + '/back.h5', 'w') as f:
            f.create_group('h5md').attrs['version'] = [1, 1]
            g = f.create_group('particles/argon')
            box = g.create_group('box')
            box.attrs['dimension'] = 3
            box.attrs.create('boundary', [b'periodic', b'periodic', b'none'], dtype='S8')
            box['edges'] = [4.0, 5.0, 6.0]
            position = g.create_group('position')
            position['step'] = [0, 10]
            position['time'] = [0.0, 0.5]
            value = numpy.array([[[1, 1, 1], [2, 2, 2]], [[1.5, 1, 1], [2, 2.25, 2]]], dtype='f4')
            position.create_dataset('value', data=value, chunks=(1, 2, 3), compression='gzip')
            g['species'] = numpy.array([1, 0], dtype='i4')
            g['mass'] = numpy.array([40.0, 131.5])
        """;

    // Reads our data file, writes its own, then takes positions and velocities of a dump of ours.
    private const string LammpsScript = """
        units lj
        atom_style sphere
        boundary p p p
        read_data FOLDER/out.data
        write_data FOLDER/back.data
        write_dump all custom FOLDER/back.dump id type x y z vx vy vz radius mass modify sort id format float %.17g
        read_dump FOLDER/later.dump 0 x y z vx vy vz box yes
        write_dump all custom FOLDER/second.dump id type x y z vx vy vz radius mass modify sort id format float %.17g
        """;

    private static readonly Gas Gas = new(
        new Box(3, new Vec3(4, 5, 6), Boundary.Periodic, Boundary.Periodic, Boundary.Periodic),
        [new Species("1", 40, 0.5), new Species("2", 131.3, 0.7)], []);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lammps_reads_our_files_and_its_own_hold_the_same_state()
    {
        SystemState state = State(1), later = State(2);
        ParticleFile.Write(_folder["out.data"], Gas, state);
        ParticleFile.Write(_folder["later.dump"], Gas, later);
        File.WriteAllText(_folder["in.lammps"], LammpsScript.Replace("FOLDER", _folder.Directory, StringComparison.Ordinal));
        Python.RunProgram("lmp", "-in", _folder["in.lammps"], "-log", "none");
        Assert.Equal(DigestOf(state), DigestOf(_folder["back.data"]));
        Assert.Equal(DigestOf(state), DigestOf(_folder["back.dump"]));
        Assert.Equal(DigestOf(later), DigestOf(_folder["second.dump"]));
        ParticleFrame back = Read(_folder["back.dump"]);
        Assert.Equal(Gas.Box, back.Box);
        Assert.All(back.Masses!.Zip([40, 131.3]), pair => Assert.Equal(pair.Second, pair.First, 1e-13));
        Assert.Equal([0.25, 0.35], back.Radii!);
    }

    [Fact]
    public void The_library_of_gsd_reads_our_file_and_writes_one_for_us()
    {
        ParticleFrame[] frames = [ParticleFrame.Of(Gas, State(1)), ParticleFrame.Of(Gas, State(2))];
        ParticleFile.Write(_folder["out.gsd"], frames);
        string[] lines = Python.Run("gsd", GsdScript, _folder.Directory);
        Assert.Equal(2, lines.Length);
        for (int k = 0; k < 2; k++)
        {
            double[] numbers = Numbers(lines[k], 2);
            Assert.Equal([4, 5, 6, 0, 0, 0], numbers[..6]);
            Assert.Equal(Rounded(frames[k].Positions, new Vec3(2, 2.5, 3)), numbers[6..12]);
            Assert.Equal(Rounded(frames[k].Velocities!, Vec3.Zero), numbers[12..18]);
            Assert.Equal([40, (float)131.3, 0.5, (float)0.7, 0, 1, frames[k].Time!.Value], numbers[18..]);
        }

        ImmutableArray<ParticleFrame> back = ParticleFile.Read(_folder["back.gsd"]).Frames;
        Assert.Equal(2, back.Length);
        Assert.Equal(["Xe", "Ar"], back[1].Species.Select(s => back[1].SpeciesNames[s]));
        Assert.Equal((7, 9), (back[0].Step, back[1].Step));
        Assert.Equal([new Vec3(1, 2, 3), new Vec3(3.5, 2.25, 0)], back[0].Positions);
        Assert.Equal([new Vec3(1, 2, 3.25), new Vec3(3.5, 2.25, 1)], back[1].Positions);
        Assert.Equal(new Vec3(0, -1, 0.5), back[1].Velocities![1]); // not in the second frame: as in the first
        Assert.Equal([0.25, 0.5], back[1].Radii!);
        Assert.Equal([1, 1], back[0].Masses!); // not in the file: the schema's value
    }

    [Fact]
    public void The_library_of_hdf5_reads_our_file_and_writes_one_for_us()
    {
        ParticleFrame[] frames = [ParticleFrame.Of(Gas, State(1)), ParticleFrame.Of(Gas, State(2))];
        ParticleFile.Write(_folder["out.h5md"], frames);
        string[] lines = Python.Run("h5py", H5Script, _folder.Directory);
        Assert.Equal("1 2 periodic periodic periodic", lines[0]);
        Assert.Equal([4, 5, 6], Numbers(lines[1], 1));
        Assert.Equal(frames.SelectMany(frame => Flat(frame.Positions)), Numbers(lines[2], 1));
        Assert.Equal(frames.SelectMany(frame => Flat(frame.Velocities!)), Numbers(lines[3], 1));
        Assert.Equal([40, 131.3], Numbers(lines[4], 1));
        Assert.Equal([0.5, 0.7], Numbers(lines[5], 1));
        Assert.Equal([1, 2], Numbers(lines[6], 1));
        Assert.Equal(frames.Select(frame => frame.Time!.Value), Numbers(lines[7], 1));

        ImmutableArray<ParticleFrame> back = ParticleFile.Read(_folder["back.h5"]).Frames;
        Assert.Equal(2, back.Length);
        Assert.Equal([new Vec3(1.5, 1, 1), new Vec3(2, 2.25, 2)], back[1].Positions);
        Assert.Equal([2, 1], back[0].Species.Select(back[0].TypeOf)); // theirs count from 0
        Assert.Equal((10, 0.5), (back[1].Step, back[1].Time));
        Assert.Equal([40, 131.5], back[1].Masses!);
        Assert.Null(back[1].Velocities);
        Assert.Equal(new Box(3, new Vec3(4, 5, 6), Boundary.Periodic, Boundary.Periodic, Boundary.Open), back[0].Box);
    }

    [Theory, InlineData("extxyz"), InlineData("lammps"), InlineData("csv"), InlineData("data"), InlineData("h5md"), InlineData("csv.zst")]
    public void A_state_comes_back_with_its_digest_from_every_format_that_can_hold_it(string suffix)
    {
        foreach (Gas gas in (Gas[])[Gas, Walls, Plane])
        {
            SystemState state = State(3, gas);
            ParticleFile.Write(_folder["one.state"], gas, state);
            ParticleFile.Write(_folder["two." + suffix], ParticleFile.Read(_folder["one.state"]).Frames);
            ParticleFile.Write(_folder["three.state"], ParticleFile.Read(_folder["two." + suffix]).Frames);
            Checkpoint one = CheckpointFormat.Read(_folder["one.state"]), three = CheckpointFormat.Read(_folder["three.state"]);
            Assert.Equal(DigestOf(one.State), DigestOf(three.State));
            Assert.Equal(one.Gas.Box, three.Gas.Box);
            Assert.Equal(one.Gas.Species.Select(s => s.Name), three.Gas.Species.Select(s => s.Name));
        }
    }

    [Theory, InlineData("gsd"), InlineData("h5md")]
    public void Walls_ids_with_gaps_types_and_times_stay(string suffix)
    {
        ParticleFrame frame = new()
        {
            Dimension = 2,
            SpeciesNames = ["Kr", "Ar", "Xe"],
            TypeNumbers = [5, 2, 9],
            Species = [0, 1, 2],
            Ids = [3, 7, 8],
            Positions = [new Vec3(1, 1, 0), new Vec3(2, 2, 0), new Vec3(3, 3, 0)],
            Velocities = [Vec3.Zero, Vec3.Zero, new Vec3(1, 0.5, 0)],
            Masses = [1, 2, 3],
            Radii = [0.5, 0.25, 0.125],
            Box = new Box(2, new Vec3(4, 5, 0), Boundary.Reflecting, Boundary.Periodic, Boundary.Open),
            Time = 0.1,
            Step = 4,
        };
        string path = _folder["a." + suffix];
        ParticleFile.Write(path, frame);
        ParticleFrame back = Read(path);
        Assert.Equal((frame.Box, frame.Time, frame.Step, 2), (back.Box, back.Time, back.Step, back.Dimension));
        Assert.Equal(frame.Ids, back.Ids);
        Assert.Equal([(5, "Kr"), (2, "Ar"), (9, "Xe")], back.Species.Select(s => (back.TypeOf(s), back.SpeciesNames[s])));
        Assert.Equal(frame.Positions, back.Positions);
        Assert.Equal(frame.Velocities, back.Velocities);
        Assert.Equal(frame.Radii, back.Radii);
        Assert.Equal(frame.Masses, back.Masses);
        byte[] whole = File.ReadAllBytes(path);
        foreach (int length in (int[])[0, 1, 100, 300, whole.Length / 2, whole.Length - 40])
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Single(ParticleFile.Read(path).Faults); // never an error of another kind
        }
    }

    [Fact]
    public void No_run_begins_from_rounded_numbers()
    {
        ParticleFile.Write(_folder["a.gsd"], Gas, State(1));
        ImmutableArray<ParticleFrame> frames = ParticleFile.Read(_folder["a.gsd"]).Frames;
        string problem = Assert.Throws<Inputs.InputFaultException>(() => ParticleFile.Write(_folder["a.state"], frames)).Message;
        Assert.Contains("32 bits", problem, StringComparison.Ordinal);
    }

    private static Gas Walls { get; } = new(
        new Box(3, new Vec3(4, 5, 6), Boundary.Reflecting, Boundary.Open, Boundary.Periodic), Gas.Species, []);

    private static Gas Plane { get; } = new(Box.Square(5), Gas.Species, []);

    private static SystemState State(int seed) => State(seed, Gas);

    private static SystemState State(int seed, Gas gas)
    {
        Random random = new(seed);
        double Number() => random.NextDouble();
        double Z(double z) => gas.Dimension == 3 ? z : 0;
        return new SystemState(
            [
                new ParticleState { Position = new Vec3(1 + Number() / 3, 2, Z(3)), Velocity = new Vec3(Number(), -1, Z(0.25)) },
                new ParticleState { Position = new Vec3(3, Number() + 1, Z(1)), Velocity = new Vec3(1.0 / 3, 0, Z(7)), Kind = 1 },
            ],
            epochLength: 1);
    }

    private static string DigestOf(SystemState state) => StateDigest.Of(state);

    private static string DigestOf(string path) => DigestOf(FrameState.Of(path, Read(path)).State);

    private static ParticleFrame Read(string path)
    {
        ParticleFileLoad load = ParticleFile.Read(path);
        Assert.Empty(load.Faults);
        return Assert.Single(load.Frames);
    }

    private static double[] Numbers(string line, int words) =>
        [.. line.Split(' ').Skip(words).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];

    private static IEnumerable<double> Flat(Vec3[] vectors) => vectors.SelectMany(v => (double[])[v.X, v.Y, v.Z]);

    private static double[] Rounded(Vec3[] vectors, Vec3 middle) =>
        [.. Flat([.. vectors.Select(v => v - middle)]).Select(x => (double)(float)x)];
}
