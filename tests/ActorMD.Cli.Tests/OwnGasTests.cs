using System.Text.Json;

namespace ActorMD.Cli.Tests;

/// <summary>
/// What people who bring their own gases run into: what cannot end is refused, what is odd is told, what is long is summed up.
/// </summary>
public sealed class OwnGasTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(
        "tuples of order 12", "zones=[{ order: 12, distance: 0.9 }]", "species.A.diameter=0.01", "species.B.diameter=0.01",
        "species.A.count=250")]
    [InlineData(
        "tuples of order 16", "zones=[{ order: 16, distance: 2 }]", "box.lengths=[2, 2, 2]", "species.A.count=3000",
        "initial.positions.method=growth")]
    [InlineData("years", "run.until=1e12", "run.sample=1e9", "run.checkpoint=1e11")]
    [InlineData("cannot be told from a Maxwellian", "initial.velocities.A={ temperature: 1, shape: power, tail: 100000000 }")]
    [InlineData("cannot be resolved", "species.A.diameter=1e-9")]
    [InlineData("No method of ActorMD", "species.A.diameter=0.18", "species.B.diameter=0.2", "initial.positions.method=growth")]
    public void What_cannot_end_or_begin_is_refused_with_a_sentence(string sentence, params string[] settings)
    {
        ActorMdProcess.Result result = _place.Run(["run", "small.yaml", .. settings.SelectMany(setting => (string[])["--set", setting])]);

        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Equal(["small.yaml"], _place.Entries);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_signal_ends_a_search_among_crowded_zones(string signal)
    {
        string[] zones = ["zones=[{ order: 3, distance: 0.1 }, { order: 6, distance: 0.36 }]", "species.A.count=1500",
            "species.A.diameter=0.01", "species.B.count=0", "initial.positions.method=growth"];
        using ActorMdProcess process = ActorMdProcess.Start(
            _place.Path, ["run", "small.yaml", "--out", "slow", "--quiet", .. zones.SelectMany(setting => (string[])["--set", setting])]);
        SpinWait.SpinUntil(() => File.Exists(_place["slow/case.yaml"]) || process.HasExited, TimeSpan.FromSeconds(60));
        Thread.Sleep(1000);
        process.Send(signal);
        ActorMdProcess.Result stopped = process.Wait();

        Assert.Equal(130, stopped.Code);
        Assert.Contains("actormd resume", stopped.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_place["slow/case.yaml"]));
    }

    [Fact]
    public void A_disk_between_two_walls_is_an_event_storm_with_a_frame()
    {
        File.WriteAllText(
            _place["wall.yaml"],
            """
            dimensions: 2
            box: { lengths: [10, 1.0000000000001], boundary: [periodic, reflecting] }
            species:
              - { name: A, count: 2, mass: 1, diameter: 1 }
            initial: { positions: { method: lattice } }
            run: { until: 1 }

            """);
        ActorMdProcess.Result result = _place.Run("run", "wall.yaml", "--out", "wall", "--quiet");

        Assert.Equal(3, result.Code);
        Assert.StartsWith("Event storm: particle ", result.Error, StringComparison.Ordinal);
        JsonElement diagnosis = JsonDocument.Parse(File.ReadAllText(_place["wall/diagnosis.json"])).RootElement;
        JsonElement particle = Assert.Single(diagnosis.GetProperty("particles").EnumerateArray());
        Assert.Contains($"particle {particle.GetProperty("id").GetInt32()} of species A", result.Error, StringComparison.Ordinal);
        Assert.InRange(particle.GetProperty("position")[1].GetDouble(), 0.5, 0.5 + 1e-13);
        Assert.Equal(diagnosis.GetProperty("frame_ids").GetArrayLength() + 2, File.ReadAllLines(_place["wall/diagnosis.extxyz"]).Length);
    }

    [Fact]
    public void Tables_of_many_species_are_summed_up_and_the_full_ones_go_to_csv()
    {
        const int Count = 500;
        File.WriteAllText(
            _place["many.yaml"],
            "box: { lengths: 10 }\nspecies:\n"
            + string.Concat(
                Enumerable.Range(1, Count)
                    .Select(n => FormattableString.Invariant($"  - {{ name: S{n}_, count: 1, mass: {n}, diameter: 0.{100 + n} }}\n")))
            + "run: { until: 0.2, sample: 0.1 }\n");
        ActorMdProcess.Result run = _place.Run("run", "many.yaml", "--out", "many");
        Assert.Equal(0, run.Code);
        Assert.InRange(run.Output.Length, 500, 3000);
        Assert.Equal(Count + 1, File.ReadAllLines(_place["many/temperatures.csv"]).Length);
        Assert.Equal(Count * (Count + 1) / 2 + 1, File.ReadAllLines(_place["many/frequencies.csv"]).Length);
        _place.AssertSound("many");

        ActorMdProcess.Result scale = _place.Run("scale", "many.yaml", "--csv", "tables");
        Assert.Equal(0, scale.Code);
        Assert.InRange(scale.Output.Length, 500, 30_000);
        Assert.Contains("250 000 pairs", scale.Output, StringComparison.Ordinal);
        Assert.Equal(Count * Count + 1, File.ReadAllLines(_place["tables/pairs.csv"]).Length);
    }

    // The tests of the other commands look for the same.
    [Fact]
    public void What_writes_no_run_folder_says_what_it_will_cost_too()
    {
        ActorMdProcess.Result sample = _place.Run("sample", "small.yaml", "--out", "sample.csv");
        Assert.Equal((0, ""), (sample.Code, sample.Output));
        Assert.Matches("expected cost.* MB of memory", sample.Error);
        ActorMdProcess.Result bench = _place.Run("bench", "--only", "fluid-4000", "--seconds", "0.1", "--repeats", "1");
        Assert.Matches("^1 case: about [0-9]+ s, [0-9.]+ MB of memory", bench.Error);
    }

    [Theory]
    [InlineData(
        "years", "ensemble", "small.yaml", "--replicas", "2000000000", "--until", "1000", "--set", "run.sample=10", "--set",
        "run.checkpoint=100")]
    [InlineData(
        "years", "boltzmann", "small.yaml", "--particles", "100000", "--until", "1e11", "--set", "run.sample=1e9", "--set",
        "run.checkpoint=1e10")]
    [InlineData("GB of memory", "boltzmann", "small.yaml", "--particles", "1e9")]
    [InlineData("every particle has about", "converge", "study.yaml", "--force")]
    public void No_command_begins_what_cannot_end(string sentence, params string[] arguments)
    {
        File.WriteAllText(
            _place["study.yaml"],
            "name: s\ncase: crowded.yaml\nladder: [4000, 8000]\ntimes: [0.1]\nbins: { count: 4 }\nreplicas: { min: 6, max: 6 }\nreference: "
                + "{ runs: 2, particles: 2000 }\n");
        File.WriteAllText(
            _place["crowded.yaml"],
            File.ReadAllText(_place["small.yaml"])
                .Replace("lattice", "conditioned", StringComparison.Ordinal) + "zones: [{ order: 10, distance: 1 }]\n");
        ActorMdProcess.Result result = _place.Run(arguments);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Equal(["crowded.yaml", "small.yaml", "study.yaml"], _place.Entries);
    }

    [Fact]
    public void A_dense_mixture_of_two_sizes_starts()
    {
        ActorMdProcess.Result result = _place.Run(
            "run", "small.yaml", "--until", "0.01", "--set", "run.equilibrate=0", "--set", "run.sample=0.01", "--set",
            "initial.positions.method=growth",
            "--set", "box.lengths=[2.936, 2.936, 2.936]", "--set", "species.A={ name: A, count: 108, mass: 1, diameter: 0.43 }", "--set",
            "species.B={ name: B, count: 18, mass: 1, diameter: 1 }");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("0.5", result.Output.Split("packing")[1].Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_screen_has_what_is_expected_beside_what_was_measured_and_the_folder_once()
    {
        ActorMdProcess.Result result = _place.Run("run", "small.yaml", "--out", "shown", "--until", "5");
        Assert.Equal(2, result.Output.Split(_place["shown"]).Length);
        string[] lines = result.Output.Split('\n');
        string expected = Assert.Single(lines, line => line.Contains("expected in equilibrium", StringComparison.Ordinal));
        string measured = Assert.Single(lines, line => line.Contains("events per particle and time  AA", StringComparison.Ordinal));
        string rate = expected.Split("AA ")[1].Split(',')[0];
        Assert.Contains($"(expected {rate})", measured, StringComparison.Ordinal);
        double found = double.Parse(measured.Split("AA ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        // Some 1000 collisions: three standard errors of a tenth.
        Assert.Equal(1, found / double.Parse(rate, System.Globalization.CultureInfo.InvariantCulture), 0.3);
        Assert.Contains("expected cost", result.Output, StringComparison.Ordinal);
        Assert.Contains(" for 2 (independent draws differ by", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fewer than 20000 particles", "output={}")]
    [InlineData("fewer than 20000 particles", "zones=[{ order: 3, distance: 0.2 }]")]
    [InlineData("open sides", "box.boundary=open")]
    public void Who_really_works_is_said_with_the_reason(string reason, string setting)
    {
        ActorMdProcess.Result result = _place.Run("run", "small.yaml", "--out", "r", "--workers", "2", "--set", setting);
        Assert.Equal("", result.Error);
        Assert.Contains(reason, result.Output.Split("collisions  ")[0], StringComparison.Ordinal);
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(_place["r/summary.json"])).RootElement;
        Assert.Equal(1, summary.GetProperty("sharing").GetProperty("workers").GetInt32());
        Assert.Equal(1, summary.GetProperty("workers").GetInt32());
        Assert.Contains(reason, summary.GetProperty("sharing").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("monitor of an ensemble", "replicas 3 of 3", "ensemble", "--replicas", "3")]
    [InlineData("monitor of a kinetic solution", "time 0.5 of 0.5", "boltzmann", "--particles", "2000")]
    public void The_monitor_shows_each_kind_with_its_own_progress(string folder, string progress, string command, params string[] options)
    {
        Assert.Equal(0, _place.Run([command, "small.yaml", "--quiet", "--out", folder, .. options]).Code);
        ActorMdProcess.Result monitor = _place.Run("monitor", folder, "--once");
        Assert.Contains(progress, monitor.Output, StringComparison.Ordinal);
        Assert.Contains("100.0 %", monitor.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Finished", monitor.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("collisions 0,", monitor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_keeps_warnings()
    {
        ActorMdProcess.Result result = _place.Run(
            "ensemble", "small.yaml", "--replicas", "2", "--quiet", "--set", "output={ trajectory: { every: 0.1 } }");
        Assert.StartsWith("Warning: ", result.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (result.Code, result.Output));
    }

    [Theory]
    [InlineData("There is no command 'hierarchi'.", "hierarchi", "x.yaml", "--out", "y")]
    [InlineData("There is no command 'rum'.\n  Did you mean 'run'?", "rum", "x.yaml")]
    [InlineData("There is no option '--wokers'.\n  Did you mean '--workers'?", "run", "small.yaml", "--wokers", "2")]
    public void A_misspelt_word_is_one_sentence_and_what_was_meant(string message, params string[] arguments)
    {
        ActorMdProcess.Result result = _place.Run(arguments);
        Assert.Equal(2, result.Code);
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void An_impossible_rung_of_a_ladder_is_named_and_nothing_is_written()
    {
        File.WriteAllText(_place["small.yaml"], File.ReadAllText(_place["small.yaml"]).Replace("0.09", "0.18", StringComparison.Ordinal));
        ActorMdProcess.Result result = _place.Run("scale", "small.yaml", "--ladder", "10,300,1000", "--out", "lad");
        Assert.Equal(2, result.Code);
        Assert.Contains("rung of 10 particles is impossible", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("lad/", result.Error, StringComparison.Ordinal);
        Assert.Equal(["small.yaml"], _place.Entries);
    }

    [Fact]
    public void Numbers_and_paths_that_cannot_be_are_faults_of_the_input()
    {
        string[] scale = ["scale", .. "ABCD".SelectMany(name => (string[])["--species", $"{name},count=1e9,c=1"])];
        string longName = new('n', 300);
        File.WriteAllText(
            _place["nul.yaml"], "box: { lengths: 10 }\nspecies: [{ name: A, count: 2, mass: 1, diameter: 1 }]\ninitial: { positions: { "
                + "method: file, file: \"a\\0b\" } }\nrun: { until: 1 }\n");
        File.WriteAllText(_place["study.yaml"], "name: \"\"\ncase: \"a\\0b\"\ntimes: [1]\n");
        Assert.All(
            (string[][])
            [
                scale, ["run", "nul.yaml"], ["run", "small.yaml", "--out", longName],
                ["ensemble", "small.yaml", "--replicas", "2", "--out", longName],
                ["boltzmann", "small.yaml", "--out", longName], ["sample", "small.yaml", "--out", longName + ".csv"], ["verify", longName],
                ["resume", longName], ["monitor", longName], ["converge", "study.yaml"], ["run", longName], ["resume", ""],
                ["boltzmann", "small.yaml", "--runs", "100000", "--particles", "1000000000"],
            ],
            arguments =>
            {
                ActorMdProcess.Result result = _place.Run(arguments);
                Assert.Equal(2, result.Code);
                Assert.NotEqual("", result.Error);
                Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
                Assert.DoesNotContain("mistake", result.Error, StringComparison.Ordinal);
            });
        Assert.Equal(["nul.yaml", "small.yaml", "study.yaml"], _place.Entries);
    }

    [Fact]
    public void Velocities_are_scaled_to_the_asked_temperature_on_request_only()
    {
        string[] rescale = ["--set", "initial.rescale=true"];
        Assert.Equal(0, _place.Run(["run", "small.yaml", "--quiet", "--out", "scaled", .. rescale]).Code);
        double[] row = [.. File.ReadAllLines(_place["scaled/thermo.csv"])[1].Split(',').Skip(2).Take(2)
            .Select(field => double.Parse(field, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(1, row[0], 1e-12);
        Assert.Equal(2, row[1], 1e-12);
        File.WriteAllText(_place["study.yaml"], "case: small.yaml\nladder: [50, 100]\ntimes: [0.1]\n");
        File.WriteAllText(
            _place["small.yaml"], File.ReadAllText(_place["small.yaml"])
                .Replace("initial:", "initial:\n  rescale: true", StringComparison.Ordinal));
        Assert.All(
            (string[][])[["ensemble", "small.yaml", "--replicas", "2"], ["boltzmann", "small.yaml"], ["converge", "study.yaml"]],
            arguments =>
            {
                ActorMdProcess.Result result = _place.Run(arguments);
                Assert.Equal(2, result.Code);
                Assert.Contains("no independent draws", result.Error, StringComparison.Ordinal);
            });
    }
}
