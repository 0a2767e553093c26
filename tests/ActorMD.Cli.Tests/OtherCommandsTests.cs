using System.CommandLine;
using System.Text.Json;

namespace ActorMD.Cli.Tests;

public sealed class OtherCommandsTests : IDisposable
{
    private readonly Workplace _place = new();

    public static TheoryData<string> CommandNames => [.. Root.Create().Subcommands.Select(command => command.Name)];

    public void Dispose() => _place.Dispose();

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Help_describes_every_command_with_examples(string command)
    {
        ActorMdProcess.Result result = _place.Run(command, "--help");

        Assert.Equal(0, result.Code);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Contains($"Examples:\n  actormd {command}", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_every_command_is_described() =>
        Assert.All(
            Root.Create().Subcommands.SelectMany(c => c.Options.Cast<Symbol>().Concat(c.Arguments)),
            symbol => Assert.False(string.IsNullOrWhiteSpace(symbol.Description), symbol.Name));

    [Fact]
    public void Verify_tells_a_sound_run_a_broken_one_and_no_run_apart()
    {
        _place.Run("run", "small.yaml", "--quiet");
        ActorMdProcess.Result sound = _place.Run("verify", "runs/small");
        Assert.Equal(0, sound.Code);
        Assert.EndsWith("The run is sound.\n", sound.Output, StringComparison.Ordinal);

        File.AppendAllText(_place["runs/small/thermo.csv"], "\n");
        ActorMdProcess.Result broken = _place.Run("verify", "runs/small");
        Assert.Equal(3, broken.Code);
        Assert.StartsWith("wrong: ", broken.Error, StringComparison.Ordinal);

        Assert.Equal(2, _place.Run("verify", "runs").Code);
        Assert.Equal(2, _place.Run("verify", "nowhere").Code);
    }

    [Fact]
    public void Hierarchy_computes_the_terms_of_the_series_of_the_same_case()
    {
        ActorMdProcess.Result computed = _place.Run(
            "hierarchy", "small.yaml", "--times", "0.01,0.02", "--terms", "1", "--samples", "3000", "--particles", "1,1", "--observable", "energy", "--observable", "slow_B", "--json");
        Assert.Equal(0, computed.Code);
        JsonElement series = JsonDocument.Parse(computed.Output).RootElement.GetProperty("series");
        Assert.Equal(2 * 2 * 2, series.GetArrayLength());
        foreach (string key in (string[])["time", "observable", "k", "estimate", "error", "unsigned", "samples"])
        {
            Assert.True(series[3].TryGetProperty(key, out _), key);
        }

        _place.AssertSound("runs/small-hierarchy");
        Assert.Contains("already finished", _place.Run("resume", "runs/small-hierarchy").Error, StringComparison.Ordinal);
        ActorMdProcess.Result refused = _place.Run("hierarchy", "small.yaml", "--times", "10", "--out", "runs/no");
        Assert.Equal(2, refused.Code);
        Assert.Contains("out of reach", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place["runs/no"]));
        Assert.Equal(2, _place.Run("hierarchy", "small.yaml", "--set", "initial.rescale=true", "--out", "runs/no").Code);
    }

    [Fact]
    public void Boltzmann_solves_the_kinetic_equation_of_the_same_case()
    {
        ActorMdProcess.Result solved = _place.Run("boltzmann", "small.yaml", "--particles", "2000", "--runs", "3", "--refine", "--json");
        Assert.Equal(0, solved.Code);
        JsonElement summary = JsonDocument.Parse(solved.Output).RootElement;
        Assert.Equal("dsmc", summary.GetProperty("kinetic").GetProperty("solver").GetString());
        Assert.Equal(200, summary.GetProperty("particles").GetInt32());
        Assert.True(summary.GetProperty("kinetic").GetProperty("standard_errors").GetProperty("frequency_AB").GetDouble() > 0);
        Assert.Equal(1, summary.GetProperty("kinetic").GetProperty("refinement").GetArrayLength());
        Assert.Contains("coefficient A of AB", solved.Error, StringComparison.Ordinal);
        Assert.Matches("expected cost.* MB of memory", solved.Error);
        _place.AssertSound("runs/small-boltzmann");

        ActorMdProcess.Result again = _place.Run("boltzmann", "small.yaml", "--quiet");
        Assert.Equal(2, again.Code);
        Assert.Contains("already holds a run", again.Error, StringComparison.Ordinal);
        ActorMdProcess.Result wrong = _place.Run("boltzmann", "small.yaml", "--cells", "4x0x1", "--runs", "many", "--force");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("--cells", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("--runs", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("start.extxyz")]
    [InlineData("start.lammps")]
    [InlineData("start.csv")]
    [InlineData("start.state")]
    public void Sample_writes_the_state_in_the_format_of_the_suffix(string name)
    {
        Assert.Equal(0, _place.Run("sample", "small.yaml", "--out", name).Code);
        byte[] first = File.ReadAllBytes(_place[name]);
        ActorMdProcess.Result refused = _place.Run("sample", "small.yaml", "--seed", "6", "--out", name);
        Assert.Equal(2, refused.Code);
        Assert.Contains("already exists", refused.Error, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllBytes(_place[name]));
        Assert.Equal(0, _place.Run("sample", "small.yaml", "--seed", "6", "--out", name, "--force").Code);
        Assert.NotEqual(first, File.ReadAllBytes(_place[name]));
    }

    [Fact]
    public void A_sampled_state_starts_the_same_run_as_the_case_itself()
    {
        _place.Run("run", "small.yaml", "--out", "drawn", "--quiet");
        _place.Run("sample", "small.yaml", "--out", "start.extxyz");
        ActorMdProcess.Result result = _place.Run(
            "run", "small.yaml", "--out", "read", "--quiet", "--set", "initial.positions={method: file, file: start.extxyz}");

        Assert.Equal("", result.Error);
        Assert.Equal(Digest("drawn"), Digest("read"));
    }

    [Fact]
    public void Convert_goes_there_and_back_without_loss()
    {
        _place.Run("sample", "small.yaml", "--out", "a.csv");
        Assert.Equal(0, _place.Run("convert", "a.csv", "b.extxyz").Code);
        Assert.Equal(0, _place.Run("convert", "b.extxyz", "c.csv").Code);

        Assert.Equal(File.ReadAllText(_place["a.csv"]), File.ReadAllText(_place["c.csv"]));
    }

    [Fact]
    public void Convert_turns_an_event_log_into_a_table()
    {
        Assert.Equal(0, _place.Run("run", "small.yaml", "--set", "output.events={}", "--quiet", "--domains", "2x1x1").Code);
        _place.AssertSound("runs/small");
        Assert.Equal(0, _place.Run("convert", "runs/small/run.events", "events.csv").Code);

        string[] lines = File.ReadAllLines(_place["events.csv"]);
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(_place["runs/small/summary.json"])).RootElement;
        Assert.StartsWith("event,time,epoch,offset,order,id,impact_x,impact_y,impact_z,before_x", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + 2 * summary.GetProperty("events").GetProperty("order2").GetInt32(), lines.Length);
        Assert.Equal(2, _place.Run("convert", "runs/small/run.events", "events.extxyz").Code);
        Assert.Equal(2, _place.Run("convert", "runs/small/thermo.csv.events", "events2.csv").Code);
    }

    [Theory]
    [InlineData("no format for particles", "sample", "small.yaml", "--out", "start.pdf")]
    [InlineData("does not exist", "sample", "small.yaml", "--out", "nowhere/start.csv")]
    [InlineData("no-such.csv", "convert", "no-such.csv", "b.extxyz")]
    [InlineData("One kind of gas", "scale")]
    [InlineData("is not a number", "scale", "--species", "A,c=x,count=3")]
    [InlineData("order 2", "scale", "--order", "3,c=1", "--count", "100")]
    [InlineData("no key 'd'", "scale", "--species", "A,d=1,count=3")]
    [InlineData("Required command", "--json")]
    [InlineData("no benchmark case up to 100000 particles has 'dense-256000'", "bench", "--only", "dense-256000")]
    [InlineData("a time above 0", "bench", "--seconds", "0")]
    [InlineData("at least 1", "bench", "--repeats", "0")]
    [InlineData("no benchmark case has 'liquid'", "bench", "split", "--only", "liquid")]
    [InlineData("one thread in one domain", "bench", "split", "--domains", "1x1x1", "--workers", "1")]
    [InlineData("has no room for", "bench", "split", "--only", "fluid-4000", "--domains", "100x1x1")]
    public void Wrong_input_exits_2_and_writes_nothing(string message, params string[] arguments)
    {
        ActorMdProcess.Result result = _place.Run(arguments);

        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
        Assert.Equal(["small.yaml"], _place.Entries);
    }

    [Fact]
    public void Scale_solves_the_mixed_scaling()
    {
        // [Mix 2.30]: N_1 = (c_1/c_2) b^(1-d) N_2.
        ActorMdProcess.Result result = _place.Run("scale", "--species", "A,c=2,b=0.5", "--species", "B,c=1,count=4000", "--json");

        JsonElement species = JsonDocument.Parse(result.Output).RootElement.GetProperty("species");
        Assert.Equal(2 * 4 * 4000, species[0].GetProperty("count").GetInt32());
        Assert.Equal(Math.Sqrt(1.0 / 4000) / 2, species[0].GetProperty("diameter").GetDouble(), 1e-12);
    }

    [Fact]
    public void Scale_writes_a_ladder_of_cases_and_a_study_of_it()
    {
        string[] arguments = ["scale", "--species", "A,c=1,b=0.5", "--species", "B,c=1,count=100,mass=4", "--ladder", "100,400", "--out", "ladder"];
        ActorMdProcess.Result written = _place.Run(arguments);
        Assert.Equal(0, written.Code);
        Assert.Equal(3, written.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        // N_a eps_a^2 stays, up to the rounding of counts; b exactly.
        JsonElement[] species = [.. JsonDocument.Parse(_place.Run("scale", "ladder/scaled-400.yaml", "--json").Output).RootElement
            .GetProperty("species").EnumerateArray()];
        Assert.Equal(400, species.Sum(a => a.GetProperty("count").GetInt32()));
        Assert.All(species, a => Assert.Equal(1, a.GetProperty("count").GetInt32() * Math.Pow(a.GetProperty("diameter").GetDouble(), 2), 0.02));
        Assert.Equal(0.5, species[0].GetProperty("diameter").GetDouble() / species[1].GetProperty("diameter").GetDouble(), 1e-9);
        Assert.Contains("ladder: [100, 400]", File.ReadAllText(_place["ladder/study.yaml"]), StringComparison.Ordinal);

        ActorMdProcess.Result again = _place.Run(arguments);
        Assert.Equal(2, again.Code);
        Assert.Contains("already there", again.Error, StringComparison.Ordinal);
        Assert.Contains("is no ladder", _place.Run("scale", "small.yaml", "--ladder", "400,100").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Converge_follows_moments_and_compares_along_a_ladder()
    {
        File.WriteAllText(_place["plane.yaml"], """
            dimensions: 2
            box: { lengths: [1, 1], boundary: periodic }
            species:
              - { name: A, count: 200, mass: 1, diameter: 0.002 }
            zones:
              - { order: 3, distance: 0.02 }
            initial:
              positions: { method: conditioned }
              velocities: { A: { temperature: 1, shape: power, tail: 5 } }
            run: { until: 1 }

            """);
        File.WriteAllText(_place["moments.yaml"], "name: m\ncases: [plane.yaml]\norders: [[2], [2, 3]]\npowers: [4]\ntimes: [1]\nreference: { runs: 2, particles: 2000 }\n");
        ActorMdProcess.Result moments = _place.Run("converge", "moments.yaml", "--json");
        Assert.Equal(0, moments.Code);
        Assert.Matches("expected cost.* MB of memory", moments.Error);
        Assert.Equal(3, JsonDocument.Parse(moments.Output).RootElement.GetProperty("curves").GetArrayLength());
        Assert.Equal(1 + 3 * 2, File.ReadAllLines(_place["runs/m/moments.csv"]).Length);

        File.WriteAllText(
            _place["study.yaml"],
            "name: s\ncase: plane.yaml\nladder: [50, 100]\ntimes: [0.1]\nbins: { count: 4 }\nreplicas: { min: 6, max: 6 }\nreference: { runs: 2, particles: 2000 }\n");
        ActorMdProcess.Result study = _place.Run("converge", "study.yaml");
        Assert.Equal(0, study.Code);
        Assert.Matches("expected cost, a replica of N = 100.* MB of memory", study.Error);
        Assert.Contains("verdict: ", study.Output, StringComparison.Ordinal);
        string[] files = [.. Directory.GetFiles(_place["runs/s"], "*.csv").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["chaos.csv", "convergence.csv", "cumulants.csv", "h.csv"], files);
        Assert.Contains("proved: no rate: a power tail lies in no space with a Gaussian weight", study.Output, StringComparison.Ordinal);
        Assert.Contains("ln Z_N = ", study.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("the proofs hold up to", study.Output, StringComparison.Ordinal);
        Assert.Equal(2, _place.Run("converge", "study.yaml").Code);

        File.WriteAllText(_place["warm.yaml"],
            File.ReadAllText(_place["plane.yaml"]).Replace(", shape: power, tail: 5", "", StringComparison.Ordinal));
        File.WriteAllText(_place["waves.yaml"],
            "name: w\ncase: warm.yaml\nladder: [50, 100]\nwaves: [1]\ntimes: [0.1]\nreplicas: { count: 8, origins: 2 }\n");
        ActorMdProcess.Result waves = _place.Run("converge", "waves.yaml");
        Assert.Equal(0, waves.Code);
        Assert.Contains("beyond what is proved", waves.Output, StringComparison.Ordinal);
        Assert.Equal(1 + 2 * 2, File.ReadAllLines(_place["runs/w/fluctuations.csv"]).Length);
        _place.AssertSound("runs/w");
    }

    [Fact]
    public void Scale_prints_a_case_that_runs()
    {
        ActorMdProcess.Result scaled = _place.Run("scale", "--species", "A,c=1,count=300", "--dimension", "2", "--case");
        File.WriteAllText(_place["scaled.yaml"], scaled.Output);
        Assert.Contains("total_momentum: zero", scaled.Output, StringComparison.Ordinal);

        Assert.Equal(0, _place.Run("run", "scaled.yaml", "--quiet").Code);
        _place.AssertSound("runs/scaled");
    }

    [Theory]
    [InlineData("Two species have the same name.", "--species", "A,c=1,count=10", "--species", "A,c=1,count=10")]
    [InlineData("The temperature is -1.", "--species", "A,c=1,count=10", "--temperature", "-1")]
    [InlineData("'2.7' is not a whole number.", "--species", "A,c=1,count=10", "--dimension", "2.7")]
    [InlineData("The species name 'A B' cannot be used", "--species", "A B,c=1,count=100", "--case")]
    public void What_scale_cannot_solve_is_refused(string problem, params string[] options)
    {
        ActorMdProcess.Result result = _place.Run(["scale", .. options]);

        Assert.Equal(2, result.Code);
        Assert.Equal("", result.Output);
        Assert.StartsWith(problem, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Scale_shows_the_accessible_share_of_every_order()
    {
        ActorMdProcess.Result result = _place.Run("scale", "--count", "1000", "--order", "2,c=1", "--order", "3,c=1", "--json");

        // physics.md section 4: 0.10 at N = 1000 in three dimensions.
        JsonElement zone = JsonDocument.Parse(result.Output).RootElement.GetProperty("zones")[0];
        Assert.Equal(0.10, zone.GetProperty("accessible_share").GetDouble(), 0.01);
    }

    [Fact]
    public void Bench_prints_what_was_measured_as_json()
    {
        ActorMdProcess.Result result = _place.Run("bench", "--only", "zones-2-to-4", "--seconds", "0.1", "--repeats", "4", "--json");

        Assert.Equal(0, result.Code);
        JsonElement measured = Assert.Single(JsonDocument.Parse(result.Output).RootElement.EnumerateArray());
        Assert.Equal("zones-2-to-4-2000", measured.GetProperty("name").GetString());
        Assert.Equal(2000, measured.GetProperty("particles").GetInt32());
        double[] repeats = [.. measured.GetProperty("repeats").EnumerateArray().Select(r => r.GetDouble()).Order()];
        Assert.Equal(4, repeats.Length);
        Assert.Equal(0.5 * (repeats[1] + repeats[2]), measured.GetProperty("collisions_per_cpu_second").GetDouble());
        Assert.Equal(repeats[0], measured.GetProperty("slowest").GetDouble());
        Assert.Equal(repeats[3], measured.GetProperty("fastest").GetDouble());
        Assert.True(repeats[0] > 0);
        Assert.True(measured.GetProperty("crossings_per_collision").GetDouble() > 0);
        Assert.True(measured.GetProperty("predictions_per_collision").GetDouble() >= 1);
        Assert.True(measured.GetProperty("bytes_per_particle").GetDouble() > 128); // a particle and its next event, at the least
        Assert.True(measured.GetProperty("start_seconds").GetDouble() > 0);
        // The box holds its pressure nearly as an ideal gas.
        Assert.Equal(1, measured.GetProperty("z").GetDouble(), 0.1);
    }

    [Fact]
    public void A_certificate_is_made_once_and_again_only_by_force()
    {
        Assert.Equal(0, _place.Run("certificate", "--out", "c/d", "--days", "2").Code);
        string before = File.ReadAllText(_place["c/d/node.key"]);
        Assert.Contains("BEGIN CERTIFICATE", File.ReadAllText(_place["c/d/node.pem"]), StringComparison.Ordinal);
        Assert.Equal(2, _place.Run("certificate", "--out", "c/d").Code);
        Assert.Equal(before, File.ReadAllText(_place["c/d/node.key"]));
        Assert.Equal(0, _place.Run("certificate", "--out", "c/d", "--force").Code);
        Assert.NotEqual(before, File.ReadAllText(_place["c/d/node.key"]));
        Assert.Equal(2, _place.Run("certificate", "--out", "e", "--days", "0").Code);
        Assert.False(Directory.Exists(_place["e"]));
    }

    [Fact]
    public void The_schema_is_json()
    {
        ActorMdProcess.Result result = _place.Run("schema");

        Assert.Equal(0, result.Code);
        Assert.Contains("species", JsonDocument.Parse(result.Output).RootElement.GetProperty("properties").EnumerateObject().Select(p => p.Name));
    }

    private string Digest(string folder) => StraightRun.DigestOf(_place[folder]);
}
