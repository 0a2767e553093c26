using System.Collections.Immutable;
using System.Text;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Fuzz;

/// <summary>Sound inputs: what ActorMD writes, and what other programs do.</summary>
internal static class Samples
{
    public static Gas Gas { get; } = new(
        new Box(3, new Vec3(4, 5, 6), Boundary.Periodic, Boundary.Reflecting, Boundary.Open),
        [new Species("A", 1, 0.5), new Species("Xe", 4.1, 0.25)],
        [new Zone(3, 0.7)]);

    public static Gas Flat { get; } = new(Box.Square(9), [new Species("1", 1, 0.5), new Species("2", 3, 0.25)], []);

    public static ImmutableArray<byte[]> ExtXyz { get; } =
    [
        Written("a.xyz", Gas), Written("a.xyz", Flat), Trajectory("a.xyz"),
        Text("2\nLattice=\"6.0 0.0 0.0 0.0 6.0 0.0 0.0 0.0 6.0\" pbc=[T, T, F] Properties=species:S:1:pos:R:3\nAr 0 0 0\nAr 2 2 2\n"),
        Text(
            "2\nProperties=species:S:1:pos:R:3:masses:R:1:momenta:R:3 energy=-1.5 note='a b' free Origin=\"-1 0 0\"\nAr 0 0 0 40 1 2 "
                + "3\nXe 2 2 2 131 0 0 0\n"),
        Text("3\nmade by hand\nA 0 0 0\nB 1 1 1\nC 2 2 2\n3\nagain\nA 0 0 0\nB 1 1 1\nC 2 2 3\n"),
        Text("2\nProperties=id:I:1:type:I:1:pos:R:2:velo:R:2:diameter:R:1 Timestep=5 Time=0.5\n7 1 1 1 0 0 1\n3 2 2 2 0 0 1\n"),
    ];

    public static ImmutableArray<byte[]> Dumps { get; } =
    [
        Written("a.dump", Gas), Written("a.dump", Flat), Trajectory("a.dump"),
        Text(
            "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS xy xz yz pp pp ff\n-2 2 0\n-2 2 0\n0 8 0\nITEM: ATOMS id type "
                + "xs ys zs\n2 1 0.5 0.5 0.5\n1 2 0 0.25 1\n"),
        Text(
            "ITEM: UNITS\nlj\nITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n-0.5 0.5\n-0.5 0.5\n-0.5 0.5\nITEM: "
                + "ATOMS id type element xu yu zu vx vy vz radius mass ix\n1 3 He 0 0 0.1 1 0 0 0.1 4 0\n2 5 Xe 0.25 0.25 "
                + "-0.2 0 1 0 0.2 131 0\n"),
        Text(
            "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n-0.5 0.5\nITEM: ATOMS id "
                + "type x y z\n1 1 1 1 0\n"),
    ];

    public static ImmutableArray<byte[]> Data { get; } =
    [
        Written("a.data", Gas), Written("a.data", Flat),
        Text(
            "LAMMPS data file\n\n2 atoms\n2 atom types\n1 bonds\n1 bond types\n\n-1 9 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n0 0 0 xy xz "
                + "yz\n\nMasses\n\n1 2.5\n2 4 # xenon\n\nPair Coeffs # lj\n\n1 1 1\n2 1 1\n\nAtoms # full\n\n2 1 1 -1 1 2 3\n1 1 2 1 0 0 "
                + "0\n\nBonds\n\n1 1 1 2\n"),
        Text(
            "t\n\n2 atoms\n2 atom types\n0 9 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n\nAtom Type Labels\n\n1 C\n2 O\n\nAtoms\n\n2 C 1 2 3 0 0 "
                + "1\n1 O 0 0 0 0 0 0\n\nVelocities\n\n1 1 0 0\n2 0 1 0\n"),
    ];

    public static ImmutableArray<byte[]> Csv { get; } =
    [
        Written("a.csv", Gas), Written("a.csv", Flat), Trajectory("a.csv"),
        Text("\"id\",\"species\",\"x\",\"y\",\"z\",\"note\"\r\n0,\"a \"\"b\"\"\",1,1,1,\"two\r\nlines\"\r\n1,\"A,B\",5,5,5,\r\n"),
        Text("frame,type,x,y,vx,vy,diameter,mass\n0,1,1,1,0,0,1,2\n0,7,2,2,1,1,1,2\n1,1,1,1,0,0,1,2\n1,7,2,2,1,1,1,2\n"),
        Text("step,time,species,type,x,y,box_x,box_y,boundary\n5,0.5,A,4,1,1,9,9,periodic|open\n"),
    ];

    public static ImmutableArray<byte[]> Gsd { get; } = [Written("a.gsd", Gas), Written("a.gsd", Flat), Trajectory("a.gsd")];

    public static ImmutableArray<byte[]> H5md { get; } = [Written("a.h5md", Gas), Written("a.h5md", Flat), Trajectory("a.h5md")];

    public static ImmutableArray<byte[]> States { get; } = [Written("a.state", Gas), Written("a.state", Flat)];

    /// <summary>A few particles that do not overlap, in the second epoch.</summary>
    public static SystemState State(Gas gas, int seed = 1)
    {
        Random random = new(seed);
        ParticleState[] particles = new ParticleState[5];
        for (int id = 0; id < particles.Length; id++)
        {
            bool isDeep = gas.Dimension == 3;
            particles[id] = new ParticleState
            {
                Position = new Vec3(0.5 + (id % 2) * 2, 0.5 + id * 0.8, isDeep ? 1 + random.NextDouble() : 0),
                Velocity = new Vec3(random.NextDouble() - 0.5, 0.1 * random.NextDouble(), isDeep ? random.NextDouble() : 0),
                Time = 0.125 - 0.25 * random.NextDouble(),
                Image = new Int3(random.Next(-9, 9), 0, 0),
                Kind = (id + 1) % 2,
            };
        }

        return new SystemState(particles, 0.5, epoch: 1, time: 0.125);
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Written(string name, Gas gas) => Written(name, [ParticleFrame.Of(gas, State(gas))], gas);

    private static byte[] Trajectory(string name) => Written(name, [.. Enumerable.Range(1, 3).Select(k => Frame(k))], Gas);

    private static ParticleFrame Frame(int seed)
    {
        SystemState state = State(Gas, seed);
        return ParticleFrame.Of(Gas, new SystemState(state.Particles, state.EpochLength, seed, state.Time));
    }

    private static byte[] Written(string name, ParticleFrame[] frames, Gas gas)
    {
        using MemoryStream stream = new();
        if (name.EndsWith(".state", StringComparison.Ordinal))
        {
            CheckpointFormat.Write(
                stream, new Checkpoint(gas, "", State(gas), new EventTally(gas.Species.Length, gas.OrderMax), new RunProgress()));
        }
        else
        {
            ParticleFile.CheckWritable(name, frames);
            ParticleFile.Write(name, frames, stream, default);
        }

        return stream.ToArray();
    }
}
