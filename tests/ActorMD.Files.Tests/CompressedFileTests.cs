using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

public sealed class CompressedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("extxyz"), InlineData("lammps"), InlineData("csv"), InlineData("data")]
    public void A_compressed_file_holds_what_the_plain_one_does(string suffix)
    {
        ParticleFrame frame = Frame();
        string plain = _folder["a." + suffix];
        ParticleFile.Write(plain, frame);
        foreach (string compression in (string[])[".gz", ".zst"])
        {
            ParticleFile.Write(plain + compression, frame);
            string again = _folder["again." + suffix];
            ParticleFileLoad load = ParticleFile.Read(plain + compression);
            Assert.Empty(load.Faults);
            ParticleFile.Write(again, Assert.Single(load.Frames));
            Assert.Equal(File.ReadAllText(plain), File.ReadAllText(again));
            Assert.NotEqual(File.ReadAllBytes(plain), File.ReadAllBytes(plain + compression));
        }
    }

    [Theory, InlineData(".gz"), InlineData(".zst")]
    public void A_compressed_file_that_is_no_such_file_is_refused(string compression)
    {
        string path = _folder["a.extxyz" + compression];
        File.WriteAllText(path, "this is plain text, and long enough to be looked at");
        Assert.Contains("damaged or cut off", Assert.Single(ParticleFile.Read(path).Faults).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_is_not_compressed() => Assert.False(ParticleFile.KnowsSuffix("a.state.gz"));

    [Fact]
    public void Species_get_other_names() =>
        Assert.Equal(["Ar", "Xe"], Frame().WithSpeciesNames(["Ar", "Xe"]).SpeciesNames!.ToArray());

    private static ParticleFrame Frame()
    {
        Gas gas = new(Box.Cube(1), [new Species("A", 1, 0.1), new Species("B", 2, 0.2)], []);
        ParticleState[] particles = new ParticleState[40];
        for (int id = 0; id < particles.Length; id++)
        {
            particles[id] = new ParticleState
            {
                Position = new Vec3(id / 40.0, 0.5, 0.25),
                Velocity = new Vec3(0.1 * id, -1, 0.5),
                Kind = id % 2,
            };
        }

        return ParticleFrame.Of(gas, new SystemState(particles, double.PositiveInfinity));
    }
}
