using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

public sealed class SizeDistributionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>What stands for a species' size, and a part of what is said of it.</summary>
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "diameter: 1, distribution: { kind: uniform, min: 1, max: 2 }", "species.A.diameter", "both 'diameter' and 'distribution'" },
        { "mass_power: 3", "species.A.mass_power", "not known" },
        { "distribution: { kind: gauss }", "species.A.distribution.kind", "'gauss'" },
        { "distribution: { mean: 1 }", "species.A.distribution.kind", "'kind' is missing" },
        { "distribution: { kind: uniform, min: 1 }", "species.A.distribution.max", "'max' is missing" },
        { "distribution: { kind: uniform, min: 1, max: 2, mean: 1.5 }", "species.A.distribution.mean", "not known" },
        { "distribution: { kind: uniform, min: 2, max: 1 }", "species.A.distribution", "not above the smallest" },
        { "distribution: { kind: normal, mean: 1, deviation: 0.4 }", "species.A.distribution", "must be above 0" },
        { "distribution: { kind: histogram, edges: 1, shares: [1] }", "species.A.distribution.edges", "not a list" },
        { "distribution: { kind: values, values: [1, 2], shares: [1] }", "species.A.distribution", "one share for each" },
        { "distribution: { kind: power, exponent: x, min: 1, max: 2 }", "species.A.distribution.exponent", "not a number" },
        { "distribution: { kind: uniform, min: 60, max: 70 }", "box.lengths", "narrower than two reaches" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_wrong_distribution_is_told(string size, string key, string problem)
    {
        CaseLoad load = Cases.Load(CaseOf(size));
        Assert.True(
            load.Faults.Any(fault => fault.Key == key && fault.Problem.Contains(problem, StringComparison.Ordinal)),
            string.Join('\n', load.Faults));
        Assert.DoesNotContain(load.Faults, fault => fault.Problem.Contains("NaN", StringComparison.Ordinal));
    }

    [Fact]
    public void Zones_and_sizes_do_not_go_together()
    {
        CaseLoad load = Cases.Load(CaseOf("distribution: { kind: uniform, min: 1, max: 2 }") + "zones: [{ order: 3, distance: 8 }]\n");
        Assert.Contains("do not go together", Assert.Single(load.Faults).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.extxyz")]
    [InlineData("a.csv")]
    [InlineData("a.h5md")]
    [InlineData("a.lammps")]
    [InlineData("a.data")]
    public void Files_hold_the_size_and_mass_of_every_particle(string name)
    {
        (Gas gas, SystemState state) = Start();
        ParticleFile.Write(_folder[name], [ParticleFrame.Of(gas, state)]);
        ParticleFileLoad load = ParticleFile.Read(_folder[name]);
        Assert.Empty(load.Faults);
        (Gas read, SystemState again) = FrameState.Of(_folder[name], load.Frames[^1]);
        Assert.Equal(gas.Kinds.Length, read.Kinds.Length);
        for (int k = 0; k < gas.Kinds.Length; k++)
        {
            Assert.Equal(gas.Kinds[k].Diameter, read.Kinds[k].Diameter);
            Assert.Equal(gas.Kinds[k].Mass, read.Kinds[k].Mass, 2e-15 * gas.Kinds[k].Mass);
        }

        Assert.Equal(StateDigest.Of(state), StateDigest.Of(again));
        // With the case, particles get the sizes of the case, which are the same.
        Assert.Equal(state.Particles.Select(p => p.Kind), load.Frames[^1].ToParticles(gas).Select(p => p.Kind));
    }

    [Fact]
    public void GSD_rounds_sizes_as_it_rounds_everything()
    {
        (Gas gas, SystemState state) = Start();
        ParticleFile.Write(_folder["a.gsd"], [ParticleFrame.Of(gas, state)]);
        ParticleFrame frame = ParticleFile.Read(_folder["a.gsd"]).Frames[^1];
        Assert.Equal(state.Particles.Select(p => (double)(float)gas.Kinds[p.Kind].Diameter), frame.Radii!.Select(radius => 2 * radius));
    }

    [Fact]
    public void A_checkpoint_holds_the_distribution()
    {
        Case @case = Cases.Valid(Cases.Sized);
        ParticleState[] particles = [new() { Kind = 7 }, new() { Kind = @case.Gas.Kinds.Length - 1 }];
        Checkpoint checkpoint = new(@case.Gas, "print", new SystemState(particles, 1), new EventTally(8, 2), new RunProgress());
        MemoryStream stream = new();
        CheckpointFormat.Write(stream, checkpoint);
        stream.Position = 0;
        Checkpoint read = CheckpointFormat.Read(stream, "checkpoint");
        Assert.Equal(@case.Gas, read.Gas);
        Assert.Equal(@case.Gas.Kinds.AsEnumerable(), read.Gas.Kinds.AsEnumerable());
        Assert.Equal(checkpoint.State.Particles.Select(p => p.Kind), read.State.Particles.Select(p => p.Kind));
    }

    public void Dispose() => _folder.Dispose();

    private static (Gas Gas, SystemState State) Start()
    {
        Species own = Species.Of("A", new SizeDistribution(SizeForm.Schulz, [1, 0.2, 0.4, 1.8], 2, 3, 30));
        Gas gas = new(Box.Cube(12), [own, new Species("B", 3, 0.5)], []);
        SystemState state = Gases.Lattice(gas, [30, 5]);
        // A file has no number of boxes, no time of a last event but the frame's.
        return (gas, new SystemState(state.Particles, state.EpochLength));
    }

    private static string CaseOf(string size) => $$"""
        box: { lengths: 100, boundary: periodic }
        species: [{ name: A, count: 50, mass: 1, {{size}} }]
        run: { until: 1 }

        """;
}
