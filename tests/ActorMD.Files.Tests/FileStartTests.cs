using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

/// <summary>Cases whose positions come from a file.</summary>
public sealed class FileStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private const string Start = """
        3
        Properties=species:S:1:pos:R:3:velo:R:3 Lattice="1 0 0 0 1 0 0 0 1"
        A 0.5 0.5 0.5 1 0 0
        B 0.2 0.5 0.5 0 1 0
        A 0.8 0.5 0.5 0 0 1

        """;

    [Fact]
    public void Positions_and_velocities_are_taken_bit_for_bit()
    {
        CaseLoad load = Load(Start);
        Assert.True(load.Case!.Initial.VelocitiesFromFile);
        ParticleState[] particles = load.Frame!.ToParticles(load.Case.Gas);
        Assert.Equal([0, 1, 0], particles.Select(p => p.Kind));
        Assert.Equal(new Vec3(0.2, 0.5, 0.5), particles[1].Position);
        Assert.Equal(new Vec3(0, 1, 0), particles[1].Velocity);
        Assert.Equal(_folder["start.extxyz"], load.Case.Initial.Positions.File);
        Assert.Empty(load.Warnings);
    }

    [Fact]
    public void The_resolved_case_needs_the_file_only_to_start()
    {
        CaseLoad load = Load(Start);
        string resolved = CaseFile.Write(load.Case!);
        File.Delete(_folder["start.extxyz"]);
        Assert.Equivalent(load.Case, CaseFile.Parse(resolved, "/elsewhere/case.yaml", [], readParticles: false).Case, strict: true);
        Assert.Contains("does not exist", Assert.Single(CaseFile.Parse(resolved, "/elsewhere/case.yaml", []).Faults).Problem);
    }

    [Fact]
    public void Velocities_are_drawn_when_the_case_gives_them_or_the_file_has_none()
    {
        Assert.False(Load(Start, "  velocities: { A: { temperature: 2 } }").Case!.Initial.VelocitiesFromFile);
        Case @case = Load(
            Start.Replace(":velo:R:3", "").Replace(" 1 0 0\n", "\n").Replace(" 0 1 0\n", "\n").Replace(" 0 0 1\n", "\n")).Case!;
        Assert.False(@case.Initial.VelocitiesFromFile);
        Assert.Equal([new Maxwellian(1, Vec3.Zero), new Maxwellian(1, Vec3.Zero)], @case.Initial.Velocities.Species.ToArray());
    }

    [Fact]
    public void Only_velocities_that_are_drawn_replace_those_of_the_file()
    {
        CaseLoad kept = Load(Start), drawn = Load(Start, "  velocities: { A: { temperature: 2 } }");
        SystemState Build(CaseLoad load) =>
            InitialState.Build(load.Case!.Gas, load.Frame!.ToParticles(load.Case.Gas), load.Case.Initial, load.Case.Seed);
        Assert.Equal([new Vec3(1, 0, 0), new Vec3(0, 1, 0), new Vec3(0, 0, 1)], Build(kept).Particles.Select(p => p.Velocity));
        Assert.Empty(Build(drawn).Particles.Select(p => p.Velocity).Intersect(Build(kept).Particles.Select(p => p.Velocity)));
    }

    [Fact]
    public void Positions_outside_a_periodic_box_are_wrapped_with_a_warning()
    {
        CaseLoad load = Load(Start.Replace("B 0.2", "B -0.8"));
        Assert.Contains("1 particles lie outside", Assert.Single(load.Warnings).Problem);
        Assert.Equal(0.2, load.Frame!.ToParticles(load.Case!.Gas)[1].Position.X, 1e-15);
    }

    [Fact]
    public void The_last_frame_of_a_trajectory_is_used_with_a_warning()
    {
        CaseLoad load = Load(Start + Start.Replace("B 0.2", "B 0.25"));
        Assert.Contains("2 frames", Assert.Single(load.Warnings).Problem);
        Assert.Equal(0.25, load.Frame!.Positions[1].X);
    }

    [Fact]
    public void A_file_made_for_another_box_or_size_is_used_with_a_warning()
    {
        CaseLoad load = Load(
            Start.Replace("Lattice=\"1 0", "Lattice=\"2 0").Replace("velo:R:3", "velo:R:3:radius:R:1").Replace(" 0\n", " 0 0.3\n").Replace(
                " 1\n", " 1 0.3\n"));
        Assert.Equal(["box", "radius"], load.Warnings.Select(w => w.Key));
        Assert.Equal(3, load.Warnings[1].Line);
    }

    [Theory]
    [InlineData("A 0.8", "B 0.8", "", null, "1 particles of species A, and the case 2", "count: 1")]
    [InlineData("A 0.8", "C 0.8", "", 5, "no species 'C'", "possible are A, B")]
    [InlineData("A 0.8", "A 0.59", "", 3, "two spheres overlap by 0.1", "apart")]
    [InlineData(
        "A 0.8", "A 0.62", "zones: [{ order: 3, distance: 0.55 }]", 3, "3 particles are inside their zone", "smaller diameters or zones")]
    [InlineData("A 0.8", "A 1e12", "", 5, "x = 1000000000000, which is too large", "into the box")]
    [InlineData("A 0.8", "A 0.96", "reflecting", 5, "x = 0.96 reaches beyond a wall", "from 0.05 to 0.95")]
    [InlineData("A 0.8", "A x", "", 5, "'x' is not a finite number", "decimal number")]
    [InlineData("velo:R:3", "note:R:3", "  velocities: file", 12, "has no velocities", "temperature")]
    [InlineData("", "", "  total_energy: 5", 12, "'total_energy' cannot be fixed", "remove it")]
    public void Wrong_particles_are_refused(string from, string to, string extra, int? line, string problem, string remedy)
    {
        string particles = from.Length == 0 ? Start : Start.Replace(from, to);
        CaseLoad load = extra == "reflecting" ? Load(particles, boundary: extra) : Load(particles, extra);
        InputFault fault = load.Faults[0];
        Assert.Null(load.Case);
        Assert.Contains(problem, fault.Problem);
        Assert.Contains(remedy, fault.Remedy);
        Assert.Equal(line, fault.Line);
        Assert.Equal(_folder[line == 12 ? "case.yaml" : "start.extxyz"], fault.File);
    }

    [Fact]
    public void Flat_particles_and_deep_boxes_do_not_mix()
    {
        string flat = Start.Replace("Properties", "Dimension=2 Properties").Replace(" 0.5 1 0 0", " 0 1 0 0")
            .Replace(" 0.5 0 1 0", " 0 0 1 0").Replace(
            " 0.5 0 0 1", " 0 0 0 0");
        Assert.Contains("two dimensions, and the case three", Assert.Single(Load(flat).Faults).Problem);
        Assert.Empty(Load(flat, "dimensions: 2").Faults);
        InputFault fault = Assert.Single(Load(Start, "dimensions: 2").Faults);
        Assert.Equal((3, "z"), (fault.Line, fault.Key));
    }

    private CaseLoad Load(string particles, string extra = "", string boundary = "periodic")
    {
        _folder.Write("start.extxyz", particles);
        string path = _folder.Write(
            "case.yaml",
            $$"""
            name: start
            seed: 3
            box:
              lengths: 1
              boundary: {{boundary}}
            species:
              - { name: A, count: 2, mass: 1, diameter: 0.1 }
              - { name: B, count: 1, mass: 4, diameter: 0.2 }
            run: { until: 1 }
            initial:
              positions: { method: file, file: start.extxyz }
            {{extra}}
            """);
        return CaseFile.Load(path, []);
    }
}
