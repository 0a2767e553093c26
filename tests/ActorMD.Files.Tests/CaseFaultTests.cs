using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;

namespace ActorMD.Files.Tests;

public class CaseFaultTests
{
    /// <summary>A wrong case: what is changed in the base case, and the fault that must be found.</summary>
    /// <param name="From">Text of the base case.</param>
    /// <param name="To">What stands there instead.</param>
    /// <param name="At">The fault is on the first line with this text; null: on no line.</param>
    /// <param name="Key">The fault's key.</param>
    /// <param name="Problem">Part of the sentence.</param>
    /// <param name="Remedy">Part of what would be right.</param>
    public sealed record Wrong(string From, string To, string? At, string? Key, string Problem, string Remedy)
    {
        public override string ToString() => $"{To.Trim()} -> {Problem}";
    }

    private const string SpeciesA = "  - { name: A, count: 100, mass: 1, diameter: 0.05 }";
    private const string Box = "box: { lengths: [1, 1, 1], boundary: periodic }";
    private const string Zone = "  - { order: 3, distance: 0.12 }";
    private const string Run = "run: { until: 1 }";
    private const string Method = "method: conditioned";

    public static TheoryData<Wrong> WrongCases => new(
        // Keys.
        new Wrong("seed: 7", "sed: 7", "sed: 7", "sed", "'sed' is not known", "did you mean 'seed'"),
        new Wrong("mass: 1,", "masss: 1,", "masss", "species.A.masss", "'masss' is not known", "did you mean 'mass'"),
        new Wrong("mass: 1, ", "", SpeciesA[..20], "species.A.mass", "'mass' is missing", "a mass above 0"),
        new Wrong(Run, "", "name: base", "run", "'run' is missing", "until"),
        new Wrong(Box, "", "name: base", "box", "'box' is missing", "lengths"),
        new Wrong("lengths: [1, 1, 1], ", "", "boundary", "box.lengths", "'lengths' is missing", "one side length per dimension"),
        new Wrong("until: 1", "sample: 1", "run:", "run.until", "'until' is missing", "simulation time"),
        new Wrong("seed: 7", "seed: 7\nseed: 8", "seed: 8", "seed", "stands twice: first on line 2", "keep one"),
        new Wrong("mass: 1,", "mass: 1, mass: 1,", "mass: 1, mass", "species[0].mass", "stands twice: first on line 6", "keep one"),
        // Types and YAML traps.
        new Wrong("count: 100", "count: many", "many", "species.A.count", "'many' is not a number", "a whole number of particles"),
        new Wrong("count: 100", "count: 1.5", "1.5", "species.A.count", "1.5 is not a whole number", "a whole number"),
        new Wrong("count: 100", "count: \"100\"", "\"100\"", "species.A.count", "text", "without quotes"),
        new Wrong("count: 100", "count: 010", "010", "species.A.count", "octal", "write 10"),
        new Wrong("count: 100", "count: 0x10", "0x10", "species.A.count", "not a decimal number", "decimal digits"),
        new Wrong("count: 100", "count: 8_000", "8_000", "species.A.count", "thousands separators", "write 8000"),
        new Wrong("count: 100", "count: 8,000", "8,000", "species.A.000", "'000' is not known", "without commas"),
        new Wrong("count: 100", "count: 3e9", "3e9", "species.A.count", "beyond the range", "2147483647"),
        new Wrong("count: 100", "count: [1]", "[1]", "species.A.count", "a list of 1, not a whole number", "a whole number"),
        new Wrong("diameter: 0.05", "diameter: .nan", ".nan", "species.A.diameter", "'.nan' is not a finite number", "above 0"),
        new Wrong("diameter: 0.05", "diameter: -.Inf", "-.Inf", "species.A.diameter", "not a finite number", "above 0"),
        new Wrong("diameter: 0.05", "diameter: 1e999", "1e999", "species.A.diameter", "beyond the range", "above 0"),
        new Wrong("diameter: 0.05", "diameter: 1e-300", "1e-300", "species.A.diameter", "too small to calculate with", "choose units"),
        new Wrong(
            "temperature: 2", "temperature: 1e300", "1e300", "initial.velocities.A.temperature", "too large to calculate with", "1E+50"),
        new Wrong("diameter: 0.05", "diameter: 0.05 m", "0.05 m", "species.A.diameter", "not a number", "above 0"),
        new Wrong("diameter: 0.05", "diameter: !!float 1", "!!float", "species[0].diameter", "tag", "remove"),
        new Wrong("seed: 7", "seed: 18446744073709551616", "seed", "seed", "beyond the range of seeds", "18446744073709551615"),
        new Wrong("seed: 7", "seed: -1", "seed", "seed", "beyond the range of seeds", "from 0"),
        new Wrong("seed: 7", "seed: abc", "seed", "seed", "'abc' is not a number", "whole number"),
        new Wrong("name: base", "name: ../up", "name", "name", "cannot be used", "letters"),
        new Wrong("name: base", "name: [a]", "name", "name", "a list of 1, not a word", "word"),
        new Wrong(Run, "\tx", "\tx", null, "tab", "spaces"),
        new Wrong(Run, "run: { until: 1", "run", null, "not valid YAML", "brackets"),
        new Wrong("periodic }", "periodic", "species", null, "bracket or a quote before this is not closed", "brackets"),
        new Wrong(Run, Run + "\n---\nname: second\n", "---", null, "second YAML document", "one document"),
        new Wrong(Run, "run: *gone", "*gone", null, "no anchor", "check"),
        new Wrong(Run, "run: 5", "run", "run", "'run' is '5', not a mapping", "until"),
        new Wrong(
            "velocities: { A: { temperature: 2 } }", "velocities: warm", "warm", "initial.velocities", "'warm', not a mapping",
            "temperature"),
        // Dimension and box.
        new Wrong("dimensions: 3", "dimensions: 4", "dimensions", "dimensions", "the dimension is 4", "2 or 3"),
        new Wrong("dimensions: 3", "dimensions: 2", "lengths", "box.lengths", "3 components in 2 dimensions", "2 numbers"),
        new Wrong("[1, 1, 1]", "[1, 1]", "lengths", "box.lengths", "2 components in 3 dimensions", "3 numbers"),
        new Wrong("[1, 1, 1]", "[1, -1, 1]", "lengths", "box.lengths[1]", "along y is -1", "above 0"),
        new Wrong("[1, 1, 1]", "wide", "lengths", "box.lengths", "'wide' is not a number", "above 0"),
        new Wrong("boundary: periodic", "boundary: perodic", "perodic", "box.boundary", "'perodic' is no value", "did you mean 'periodic'"),
        new Wrong("boundary: periodic", "boundary: [open, open]", "[open", "box.boundary", "2 entries in 3 dimensions", "one per axis"),
        new Wrong(
            "boundary: periodic", "boundary: [open, open, shut]", "[open", "box.boundary[2]", "'shut' is no value",
            "periodic, reflecting, open"),
        new Wrong(
            "[1, 1, 1]", "[1, 0.19, 1]", "lengths", "box.lengths[1]", "narrower than two reaches: the reach (of zone 3)", "at least 0.195"),
        new Wrong(
            "[1, 1, 1], boundary: periodic", "[0.05, 1, 1], boundary: reflecting", "lengths", "box.lengths[0]", "no room between its walls",
            "above 0.05"),
        // Species.
        new Wrong("name: B", "name: A", "  - { name: A, count: 50", "species[1].name", "two species are named 'A'", "name of its own"),
        new Wrong("name: B", "name: 'A,B'", "'A,B'", "species.A,B.name", "cannot be used in column names", "letter"),
        new Wrong("name: B", "name: 1", "name: 1", "species.1.name", "cannot be used in column names", "letter"),
        new Wrong("mass: 1,", "mass: -1,", "mass: -1", "species.A.mass", "the mass of species A is -1", "above 0"),
        new Wrong("diameter: 0.05", "diameter: 0", "diameter: 0 ", "species.A.diameter", "the diameter of species A is 0", "above 0"),
        new Wrong("count: 100", "count: -3", "count: -3", "species.A.count", "the count of species A is -3", "0 or more"),
        new Wrong(
            "count: 100, mass: 1, diameter: 0.05 }\n  - { name: B, count: 50",
            "count: 0, mass: 1, diameter: 0.05 }\n  - { name: B, count: 0",
            "count: 0, mass: 1", "species", "there are no particles", "above 0"),
        new Wrong("diameter: 0.05 }\n  - { name: B, count: 50, mass: 4, diameter: 0.03 }\nzones:\n  - { order: 3, distance: 0.12 }",
            "diameter: 0.3 }", "diameter: 0.3", "species", "overfull", "fewer or smaller"),
        // Zones.
        new Wrong("order: 3", "order: 2", "order: 2", "zones.2.order", "a zone has order 2", "from 3 to 16"),
        new Wrong("order: 3", "order: 1000000", "order: 1000000", "zones.1000000.order", "a zone has order 1000000", "from 3 to 16"),
        new Wrong("distance: 0.12", "distance: -1", "distance: -1", "zones.3.distance", "the distance of zone 3 is -1", "above 0"),
        new Wrong(
            Zone, Zone + "\n  - { order: 3, distance: 0.2 }", "0.2", "zones[1].order", "two zones have order 3", "one zone for each order"),
        new Wrong(
            Zone, Zone + "\n  - { order: 4, distance: 0.1 }", "0.1 }", "zones.4.distance", "not larger than zone 3", "above 0.169706"),
        new Wrong(Zone, Zone + "\n  - { order: 4, distance: 0.16 }", "0.16", "zones.4.distance", "zone 4 is inert", "above 0.169706"),
        new Wrong("distance: 0.12", "distance: 0.05", "distance: 0.05", "zones.3.distance", "zone 3 is inert", "above 0.0519615"),
        new Wrong(
            "count: 100, mass: 1, diameter: 0.05 }\n  - { name: B, count: 50",
            "count: 1, mass: 1, diameter: 0.05 }\n  - { name: B, count: 1",
            "order: 3", "zones.3.order", "zone 3 needs 3 particles, and there are 2", "add particles"),
        // Initial state.
        new Wrong(
            Method, "method: conditoned", "conditoned", "initial.positions.method", "'conditoned' is no value",
            "did you mean 'conditioned'"),
        new Wrong("diameter: 0.05", "diameter: 0.2", "positions", "initial.positions.method", "conditioned cannot fill", "growth"),
        new Wrong(Method, Method + ", sweeps: 0", "sweeps", "initial.positions.sweeps", "the number of sweeps is 0", "1 or more"),
        new Wrong(Method, "method: lattice, sweeps: 3", "sweeps", "initial.positions.sweeps", "conditioned only", "remove it"),
        new Wrong(Method, "method: file", "method", "initial.positions.file", "'file' is missing", "path"),
        new Wrong(Method, Method + ", file: x.extxyz", "x.extxyz", "initial.positions.file", "method file only", "method: file"),
        new Wrong(
            Method, "method: file, file: gone.extxyz", "gone", "initial.positions.file", "does not exist", "relative to the case file"),
        new Wrong("temperature: 2", "temperature: -2", "-2", "initial.velocities.A.temperature", "is -2", "0 or more"),
        new Wrong("temperature: 2", "mean: [1, 2]", "mean", "initial.velocities.A.mean", "2 components in 3 dimensions", "3 numbers"),
        new Wrong("temperature: 2", "mean: [1, x, 2]", "mean", "initial.velocities.A.mean[1]", "'x' is not a number", "a number"),
        new Wrong("velocities: { A:", "velocities: { C:", "C:", "initial.velocities.C", "there is no species 'C'", "possible are A, B"),
        new Wrong(
            "velocities: { A: { temperature: 2 } }", "velocities: file", "file", "initial.velocities", "positions do not", "method: file"),
        new Wrong(Run, "  total_momentum: none\n" + Run, "none", "initial.total_momentum", "'none'", "zero, free"),
        new Wrong(Run, "  total_energy: 0\n" + Run, "total_energy", "initial.total_energy", "the total energy is 0", "above 0"),
        new Wrong(
            Run, "  total_momentum: [100, 0, 0]\n  total_energy: 1\n" + Run, "total_energy", "initial.total_energy", "common motion",
            "larger energy"),
        new Wrong(
            "temperature: 2 } }", "temperature: 0 }, B: { temperature: 0 } }\n  total_energy: 1", "total_energy", "initial.total_energy",
            "do not differ", "temperature above 0"),
        // Run and output.
        new Wrong("until: 1", "until: 0", "until", "run.until", "the end of the run is 0", "above 0"),
        new Wrong("until: 1", "until: 1, sample: -1", "sample", "run.sample", "the sampling interval is -1", "above 0"),
        new Wrong("until: 1", "until: 1, sample: 1e-12", "sample", "run.sample", "1E+12 rows", "at least 1E-08"),
        new Wrong("until: 1", "until: 1, sample: 0,05", "sample", "run.05", "'05' is not known", "0.5, not 0,5"),
        new Wrong("until: 1", "until: 1, equilibrate: 1", "equilibrate", "run.equilibrate", "averages would start at 1", "below run.until"),
        new Wrong("until: 1", "until: 1, equilibrate: -1", "equilibrate", "run.equilibrate", "is -1", "0 or more"),
        new Wrong("until: 1", "until: 1, checkpoint: 0", "checkpoint", "run.checkpoint", "checkpoint interval is 0", "above 0"),
        new Wrong(
            Run, Run + "\noutput: { events: { from: -1 } }", "output", "output.events.from", "would start at -1", "0 or more"),
        new Wrong(
            Run, Run + "\noutput: { events: { from: 1 } }", "output", "output.events.from", "the run ends at 1", "below run.until"),
        new Wrong(
            Run, Run + "\noutput: { events: { from: 0.5, until: 0.5 } }", "output", "output.events.until", "it starts at 0.5",
            "after output.events.from"),
        new Wrong(
            Run, Run + "\noutput: { events: { form: 0.5 } }", "output", "output.events.form", "'form' is not known", "did you mean 'from'"),
        new Wrong(
            Run, Run + "\noutput: { trajectory: { format: csv } }", "output", "output.trajectory.every", "'every' is missing",
            "time between two frames"),
        new Wrong(
            Run, Run + "\noutput: { trajectory: { every: 1, format: xyz } }", "output", "output.trajectory.format", "'xyz' is no value",
            "did you mean 'extxyz'"),
        new Wrong(
            Run, Run + "\noutput: { trajectories: { every: 1 } }", "output", "output.trajectories", "'trajectories' is not known",
            "did you mean 'trajectory'"));

    [Theory, MemberData(nameof(WrongCases))]
    public void A_wrong_case_is_refused_with_file_line_key_and_remedy(Wrong wrong)
    {
        Assert.Contains(wrong.From, Cases.Base);
        string text = Cases.Base.Replace(wrong.From, wrong.To);
        CaseLoad load = Cases.Load(text);
        Assert.Null(load.Case);
        int line = 1 + Array.FindIndex(text.Split('\n'), l => l.Contains(wrong.At!));
        InputFault? fault = load.Faults.FirstOrDefault(f => f.Problem.Contains(wrong.Problem, StringComparison.OrdinalIgnoreCase));
        Assert.True(fault is not null, string.Join('\n', load.Faults));
        Assert.Equal((Cases.Path, line, wrong.Key), (fault.File, fault.Line, fault.Key));
        Assert.Contains(wrong.Remedy, fault.Remedy);
        string[] message = fault.ToString().Split('\n');
        Assert.Equal(3, message.Length);
        Assert.Matches("^[^a-z].*[.?]$", message[0]);
        Assert.Equal($"  at {Cases.Path}({line}){(wrong.Key is null ? "" : ", key " + wrong.Key)}", message[1]);
    }

    [Fact]
    public void All_faults_are_reported_at_once_in_the_order_of_the_lines()
    {
        string text = Cases.Base.Replace("seed: 7", "seed: x").Replace("mass: 1,", "mass: -1,").Replace("order: 3", "odor: 3")
            .Replace("until: 1", "untill: 1").Replace("diameter: 0.05", "diameter: .nan");
        int?[] lines = [.. Cases.Load(text).Faults.Select(f => f.Line)];
        Assert.Equal([2, 6, 6, 9, 9, 13, 13], lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("- a\n- b\n")]
    [InlineData("just text")]
    [InlineData("\0")]
    [InlineData("a: b: c")]
    [InlineData("{{{{")]
    public void What_is_no_case_at_all_is_refused_on_a_line(string text)
    {
        CaseLoad load = Cases.Load(text);
        Assert.Null(load.Case);
        Assert.All(load.Faults, fault => Assert.NotNull(fault.Line));
        Assert.NotEmpty(load.Faults);
    }

    [Fact]
    public void No_damage_to_a_file_is_answered_with_an_exception()
    {
        const string Noise = "{}[]:,-&*!|>'\"%@`#?\t\n \0\u00E9x0.e";
        Random random = new(5);
        for (int trial = 0; trial < 2000; trial++)
        {
            char[] text = Cases.Everything.ToCharArray();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                text[random.Next(text.Length)] = Noise[random.Next(Noise.Length)];
            }

            CaseLoad load = Cases.Load(new string(text[..random.Next(text.Length / 2, text.Length)]));
            Assert.True(load.Case is not null ^ !load.Faults.IsEmpty);
        }
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        InputFault fault = Assert.Single(Cases.Load(new string('[', 100_000)).Faults);
        Assert.Contains("deep", fault.Problem);
    }

    [Fact]
    public void A_file_that_is_missing_binary_or_a_folder_is_refused()
    {
        using TemporaryFolder folder = new();
        string binary = folder["binary.yaml"];
        File.WriteAllBytes(binary, [0xFF, 0xFE, 0x80, 0x00]);
        Assert.Contains("does not exist", Assert.Single(CaseFile.Load(folder["gone.yaml"], []).Faults).Problem);
        Assert.Contains("UTF-8", Assert.Single(CaseFile.Load(binary, []).Faults).Problem);
        File.WriteAllText(binary, Cases.Everything + "\0\0");
        Assert.Contains("no text", Assert.Single(CaseFile.Load(binary, []).Faults).Problem);
        Assert.Contains("folder", Assert.Single(CaseFile.Load(folder.Directory, []).Faults).Problem);
    }
}
