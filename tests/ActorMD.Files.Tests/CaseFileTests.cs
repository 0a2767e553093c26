using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.States;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

public class CaseFileTests
{
    [Fact]
    public void The_case_of_the_interface_contract_is_read()
    {
        Case @case = Cases.Valid(
            """
            name: mixture
            seed: 1
            dimensions: 3
            box: { lengths: [1, 1, 1], boundary: periodic }       # periodic | reflecting | open, for all or one per axis
            species:
              - { name: A, count: 8000, mass: 1.0, diameter: 0.0111803 }
              - { name: B, count: 4000, mass: 4.0, diameter: 0.0158114 }
            zones:                                                 # optional: events of order 3 and up
              - { order: 3, distance: 0.03 }
            initial:
              positions: { method: conditioned }
              velocities: { A: { temperature: 2.0 }, B: { temperature: 0.5 } }
            run: { equilibrate: 0.2, until: 1.0, sample: 0.05, checkpoint: 0.25 }
            output: { trajectory: { every: 0.1, format: extxyz } }
            """);
        Assert.Equal("mixture", @case.Name);
        Assert.Equal(1UL, @case.Seed);
        Assert.Equal(
            new Gas(Box.Cube(1), [new Species("A", 1, 0.0111803), new Species("B", 4, 0.0158114)], [new Zone(3, 0.03)]), @case.Gas);
        Assert.Equal([8000, 4000], @case.Counts.ToArray());
        Assert.Equal(new PositionPlan(PositionMethod.Conditioned), @case.Initial.Positions);
        Assert.Equal([new Maxwellian(2, Vec3.Zero), new Maxwellian(0.5, Vec3.Zero)], @case.Initial.Velocities.Species.ToArray());
        Assert.Equal(new RunPlan(0.2, 1, 0.05, 0.25), @case.Run);
        Assert.Equal(new OutputPlan(new TrajectoryPlan(0.1, TrajectoryFormat.ExtXyz)), @case.Output);
    }

    [Fact]
    public void Defaults_fill_what_is_left_out()
    {
        Case @case = Cases.Valid(Cases.Minimal);
        Assert.Equal("base", @case.Name);
        Assert.Equal(1UL, @case.Seed);
        Assert.Equal(Box.Cube(1), @case.Gas.Box);
        Assert.Equal(PositionMethod.Conditioned, @case.Initial.Positions.Method);
        Assert.Equal([new Maxwellian(1, Vec3.Zero)], @case.Initial.Velocities.Species.ToArray());
        Assert.Equal(new RunPlan(0, 2, 0.02, null), @case.Run);
        Assert.Null(@case.Output.Trajectory);
    }

    [Theory]
    [InlineData("periodic", 2, "", true)]
    [InlineData("periodic", 1, "", false)] // a single particle would stand still
    [InlineData("reflecting", 2, "", false)]
    [InlineData("open", 2, "", false)]
    [InlineData("[periodic, periodic, reflecting]", 2, "", false)]
    [InlineData("periodic", 2, "velocities: { A: { mean: [1, 0, 0] } }", false)]
    [InlineData("periodic", 2, "total_momentum: free", false)]
    [InlineData("open", 2, "total_momentum: zero", true)]
    public void Total_momentum_is_zero_by_default_where_a_periodic_gas_rests(string boundary, int count, string initial, bool isZero)
    {
        Case @case = Cases.Valid(
            $$"""
            box: { lengths: 1, boundary: {{boundary}} }
            species: [{ name: A, count: {{count}}, mass: 1, diameter: 0.1 }]
            initial: { {{initial}} }
            run: { until: 2 }
            """);
        Assert.Equal(isZero ? Vec3.Zero : null, @case.Initial.Velocities.TotalMomentum);
    }

    [Theory]
    [InlineData("NO")]
    [InlineData("yes")]
    [InlineData("null_")]
    [InlineData("e5")]
    [InlineData("true")]
    public void A_word_that_other_readers_take_for_a_boolean_is_a_name(string name) =>
        Assert.Equal(name, Cases.Valid(Cases.Base.Replace("name: B", $"name: {name}")).Gas.Species[1].Name);

    [Theory]
    [InlineData("1e-3", 1e-3)]
    [InlineData("1E-3", 1e-3)]
    [InlineData("+.001", 1e-3)]
    [InlineData("1.", 1.0)]
    [InlineData("0.1", 0.1)]
    [InlineData("1e0", 1.0)]
    public void Numbers_are_those_of_yaml_1_2(string text, double expected) =>
        Assert.Equal(expected, Cases.Valid(Cases.Base.Replace("mass: 1", $"mass: {text}")).Gas.Species[0].Mass);

    [Theory]
    [InlineData("1e2", 100)]
    [InlineData("0", 0)]
    [InlineData("70.0", 70)]
    [InlineData("1.5e1", 15)]
    public void Whole_numbers_may_be_written_with_exponent_or_point(string text, int expected) =>
        Assert.Equal(expected, Cases.Valid(Cases.Base.Replace("count: 100", $"count: {text}")).Counts[0]);

    [Theory]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("9007199254740993", 9007199254740993)]
    [InlineData("0", 0)]
    public void Seeds_keep_all_64_bits(string text, ulong expected) =>
        Assert.Equal(expected, Cases.Valid(Cases.Base.Replace("seed: 7", $"seed: {text}")).Seed);

    [Fact]
    public void Anchors_and_aliases_are_resolved()
    {
        Case @case = Cases.Valid(
            Cases.Base.Replace("velocities: { A: { temperature: 2 } }", "velocities: { A: &warm { temperature: 2 }, B: *warm }"));
        Assert.Equal(2, @case.Initial.Velocities.Species[1].TemperatureIn(@case.Gas.Box));
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_do_no_harm()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("case.yaml", "\uFEFF" + Cases.Base.Replace("\n", "\r\n"));
        Assert.Empty(CaseFile.Load(path, []).Faults);
    }

    [Fact]
    public void The_name_defaults_to_that_of_the_file_without_what_a_folder_cannot_have() =>
        Assert.Equal("a-b c", CaseFile.Parse(Cases.Minimal, "/x/.a:b c.yaml", []).Case?.Name);

    [Fact]
    public void Overrides_reach_items_by_name_order_and_index()
    {
        Case @case = Cases.Valid(
            Cases.Base, "species.A.count=5", "zones.3.distance=0.2", "box.lengths.2=3", "species.1.mass=1e-3", "run.checkpoint=0.5",
            "output.trajectory.every=0.25", "box.boundary=[open, periodic, open]", "initial.velocities.B.temperature=3");
        Assert.Equal([5, 50], @case.Counts.ToArray());
        Assert.Equal(0.2, @case.Gas.Zones[0].Distance);
        Assert.Equal(new Vec3(1, 1, 3), @case.Gas.Box.Lengths);
        Assert.Equal(1e-3, @case.Gas.Species[1].Mass);
        Assert.Equal(0.5, @case.Run.Checkpoint);
        Assert.Equal(0.25, @case.Output.Trajectory?.Every);
        Assert.Equal(Boundary.Open, @case.Gas.Box.BoundaryZ);
        Assert.Equal(3, @case.Initial.Velocities.Species[1].TemperatureIn(@case.Gas.Box));
    }

    [Fact]
    public void Seed_and_until_are_overrides_of_their_keys()
    {
        CaseLoad load = CaseFile.Parse(Cases.Base, Cases.Path, [CaseOverride.Seed("9"), CaseOverride.Until("7")]);
        Assert.Equal((9UL, 7.0), (load.Case!.Seed, load.Case.Run.Until));
    }

    [Theory]
    [InlineData("species.A.count", "not of the form key=value", null)]
    [InlineData("species..count=1", "not of the form key=value", null)]
    [InlineData("species.C.count=1", "'species' has no item 'C'", "species.C.count")]
    [InlineData("species.A.cout=1", "the key 'cout' is not known", "species.A.cout")]
    [InlineData("species.A.count=-1", "the count of species A is -1", "species.A.count")]
    [InlineData("species.A.count=[1", "not valid YAML", "species.A.count")]
    [InlineData("species.A.count=", "the key 'count' in 'species.A' has no value", "species.A.count")]
    [InlineData("run.until.x=1", "'run.until' is '1', which has no 'x'", "run.until.x")]
    [InlineData("seed=1e30", "too large", "seed")]
    public void A_wrong_override_is_named(string assignment, string problem, string? key)
    {
        InputFault fault = Assert.Single(Cases.Load(Cases.Base, assignment).Faults);
        Assert.Contains(problem, fault.Problem);
        Assert.Equal($"--set {assignment}", fault.File);
        Assert.Null(fault.Line);
        Assert.Equal(key, fault.Key);
        Assert.NotEmpty(fault.Remedy);
    }

    [Fact]
    public void One_particle_is_a_case() => Assert.Equal(1, Cases.Valid(Cases.Minimal).ParticleCount);

    [Fact]
    public void Species_whose_pairs_would_share_a_name_are_refused()
    {
        InputFault fault = Assert.Single(Cases.Load(Cases.Minimal.Replace(
            "[{ name: A, count: 1, mass: 1, diameter: 0.1 }]",
            string.Concat(
                new[] { "A", "AB", "B", "BB" }.Select(name => $"\n  - {{ name: {name}, count: 1, mass: 1, diameter: 0.1 }}")))).Faults);
        Assert.Contains("'ABB'", fault.Problem);
        Assert.Equal((5, "species.B.name"), (fault.Line, fault.Key));
    }

    [Fact]
    public void Equal_fingerprints_mean_equal_trajectories_and_averages()
    {
        string fingerprint = CaseFingerprint.Of(Cases.Valid(Cases.Base));
        string Of(string change) => CaseFingerprint.Of(Cases.Valid(Cases.Base, change));
        Assert.All(
            new[] { "name=x", "run.until=9", "run.sample=0.3", "run.checkpoint=0.1", "output.trajectory.every=1" },
            change => Assert.Equal(fingerprint, Of(change)));
        Assert.All(
            new[]
            {
                "seed=8", "species.A.mass=2", "species.A.count=99", "box.lengths=1.5", "box.boundary=open", "zones.3.distance=0.13",
                "initial.velocities.B.temperature=2", "initial.positions.method=lattice", "run.equilibrate=0.5",
            },
            change => Assert.NotEqual(fingerprint, Of(change)));
    }
}
