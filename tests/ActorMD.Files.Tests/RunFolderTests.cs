using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("thermo-3d.csv", 3, Boundary.Periodic)]
    [InlineData("thermo-open-3d.csv", 3, Boundary.Open)]
    [InlineData("thermo-open-2d.csv", 2, Boundary.Open)]
    public void The_columns_of_thermo_are_those_of_the_contract(string name, int dimension, Boundary boundary)
    {
        Gas gas = Cases.Mixture(boundary, dimension);
        string path = _folder["thermo.csv"];
        using (ThermoWriter writer = ThermoWriter.Create(path, gas))
        {
            writer.Append(
                Row(0) with { Temperature = null, Pressure = double.NaN, Z = double.PositiveInfinity, TemperatureBySpecies = [0.5, null] });
            writer.Append(Row(0.1));
        }

        Golden.Equal(name, File.ReadAllBytes(path));
        ImmutableArray<ThermoRow> rows = ThermoReader.Read(path, gas);
        Assert.Equal((null, null, null), (rows[0].Temperature, rows[0].Pressure, rows[0].Z));
        Vec3 expected = boundary != Boundary.Open ? Vec3.Zero : dimension == 2 ? new Vec3(0, 0, 6) : new Vec3(4, 5, 6);
        Assert.Equal(expected, rows[1].AngularMomentum);
        Assert.Equivalent(
            Row(0.1) with { AngularMomentum = expected, Momentum = Row(0).Momentum with { Z = dimension == 3 ? 1e-17 : 0 } }, rows[1]);
    }

    [Fact]
    public void Rows_after_the_checkpoint_are_cut_off_on_resume()
    {
        Gas gas = Cases.Mixture();
        string path = _folder["thermo.csv"];
        long length;
        using (ThermoWriter writer = ThermoWriter.Create(path, gas))
        {
            writer.Append(Row(0));
            writer.Flush(toDisk: true);
            length = writer.Length;
            writer.Append(Row(99));
        }

        using (ThermoWriter writer = ThermoWriter.Resume(path, gas, length))
        {
            writer.Append(Row(0.5));
        }

        Assert.Equal([0, 0.5], ThermoReader.Read(path, gas).Select(r => r.Time));
        Assert.Throws<InputFaultException>(() => ThermoWriter.Resume(path, gas, 1_000_000));
    }

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("time,temperature\n", 1, "the header is")]
    [InlineData("@\n1,2\n", 2, "2 fields")]
    [InlineData("@\n1,,,,,,x,,,\n", 2, "'x' is not a number")]
    [InlineData("@\n1,,,,,,NaN,,,\n", 2, "'NaN' is not a number")]
    public void A_damaged_thermo_file_is_refused_on_its_line(string text, int line, string problem)
    {
        const string Header = "time,temperature,temperature_A,temperature_B,pressure,Z,energy,momentum_x,momentum_y,momentum_z";
        string path = _folder.Write("thermo.csv", text.Replace("@", Header));
        InputFault fault = Assert.Throws<InputFaultException>(() => ThermoReader.Read(path, Cases.Mixture())).Faults[0];
        Assert.Contains(problem, fault.Problem);
        Assert.Equal((path, line), (fault.File, fault.Line));
    }

    [Fact]
    public void The_summary_has_the_keys_of_the_contract()
    {
        string json = Summary().ToJson();
        Golden.Equal("summary.json", System.Text.Encoding.UTF8.GetBytes(json));
        JsonObject root = JsonNode.Parse(json)!.AsObject();
        string[] paths =
        [
            "schema", "name", "version", "runtime", "domains", "workers", "particles", "time", "wall_seconds", "cpu_seconds",
            "peak_rss_bytes",
            "events.order2", "events.order3", "events.walls", "events.crossings", "collisions_per_cpu_second", "energy.initial",
            "energy.final",
            "energy.relative_drift", "momentum_drift", "temperature.overall", "temperature.by_species.A", "pressure.value", "pressure.Z",
            "collision_frequency.AA", "collision_frequency.AB", "collision_frequency.BB", "collision_frequency.order3",
            "pathologies.multiple",
            "pathologies.grazing", "windows.committed", "windows.rolled_back", "windows.mean_length", "windows.redundant_event_fraction",
            "digest",
        ];
        Assert.All(paths, path =>
        {
            JsonObject? node = root;
            foreach (string key in path.Split('.'))
            {
                Assert.True(node!.ContainsKey(key), path);
                node = node[key] as JsonObject;
            }
        });
    }

    [Fact]
    public void What_is_undefined_is_null_and_never_nan()
    {
        JsonNode root = JsonNode.Parse(Summary().ToJson())!;
        Assert.Null(root["momentum_drift"]);
        Assert.Null(root["pressure"]!["value"]);
        Assert.Null(root["collision_frequency"]!["BB"]);
        Assert.Null(root["temperature"]!["by_species"]!["B"]);
    }

    [Fact]
    public void A_summary_is_read_back()
    {
        string path = _folder["summary.json"];
        Summary().Write(path);
        Assert.Equal(Summary().ToJson(), RunSummary.Read(path).ToJson());
        Assert.Equal([path], Directory.GetFiles(_folder.Directory));
    }

    [Theory]
    [InlineData("", "not a run's summary")]
    [InlineData("null", "null")]
    [InlineData("{}", "not a run's summary")]
    [InlineData("{\"schema\": 5}", "not a run's summary")]
    public void A_damaged_summary_is_refused(string json, string problem)
    {
        InputFault fault = Assert.Throws<InputFaultException>(() => RunSummary.Parse(json, "summary.json")).Faults[0];
        Assert.Contains(problem, fault.Problem);
    }

    [Fact]
    public void A_summary_of_another_format_is_refused() => Assert.Contains(
        "'actormd-summary/2' is not known",
        Assert.Throws<InputFaultException>(
            () => RunSummary.Parse(Summary().ToJson().Replace("summary/1", "summary/2"), "summary.json")).Message);

    [Fact]
    public void A_run_is_not_overwritten_without_force()
    {
        string directory = _folder["run"];
        RunFolder folder = RunFolder.Create(directory, force: false);
        InputFault fault = Assert.Throws<InputFaultException>(() => RunFolder.Create(directory, force: false)).Faults[0];
        Assert.Contains("already holds a run", fault.Problem);
        Assert.Contains("--force", fault.Remedy);
        Assert.True(Directory.Exists(folder.CheckpointDirectory));
    }

    [Fact]
    public void Force_removes_what_actormd_wrote_and_nothing_else()
    {
        string directory = _folder["run"];
        RunFolder folder = RunFolder.Create(directory, force: false);
        File.WriteAllText(folder.CasePath, CaseFile.Write(Cases.Valid(Cases.Base)));
        string[] own = [folder.SummaryPath, folder.ThermoPath, folder.LogPath, folder.TrajectoryPath(TrajectoryFormat.Csv)];
        string[] foreign = [Path.Combine(directory, "notes.txt"), Path.Combine(directory, "thermo.png"),
            Path.Combine(directory, "sketch.svg"), Path.Combine(folder.CheckpointDirectory, "copy.bin")];
        Assert.All(own.Concat(foreign), path => File.WriteAllText(path, "x"));
        RunFolder.Create(directory, force: true);
        Assert.All(own.Append(folder.CasePath), path => Assert.False(File.Exists(path), path));
        Assert.All(foreign, path => Assert.True(File.Exists(path), path));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void The_users_own_case_file_is_never_removed(bool force)
    {
        string path = _folder.Write("case.yaml", Cases.Base);
        InputFault fault = Assert.Throws<InputFaultException>(() => RunFolder.Create(_folder.Directory, force)).Faults[0];
        Assert.Equal(path, fault.File);
        Assert.Equal(Cases.Base, File.ReadAllText(path));
    }

    [Fact]
    public void A_folder_without_a_run_cannot_be_opened()
    {
        Assert.Contains("no case.yaml", Assert.Throws<InputFaultException>(() => RunFolder.Open(_folder.Directory)).Message);
        Assert.Contains("does not exist", Assert.Throws<InputFaultException>(() => RunFolder.Open(_folder["gone"])).Message);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_a_fault_of_the_input()
    {
        string file = _folder.Write("file", "");
        Assert.Contains(
            "cannot be written",
            Assert.Throws<InputFaultException>(() => RunFolder.Create(Path.Combine(file, "run"), force: false)).Message);
    }

    private static ThermoRow Row(double time) => new()
    {
        Time = time,
        Temperature = 1.5,
        TemperatureBySpecies = [1, 2],
        Pressure = 0.1 + 0.2,
        Z = 1.25,
        Energy = 1e22,
        Momentum = new Vec3(-1, 0, 1e-17),
        AngularMomentum = new Vec3(4, 5, 6),
    };

    private static RunSummary Summary() => new()
    {
        Name = "mixture",
        Version = "0.1.0",
        Runtime = "local",
        Domains = "1x1x1",
        Workers = 1,
        Particles = 12000,
        Time = 1,
        WallSeconds = 2.5,
        CpuSeconds = 2.25,
        PeakRssBytes = 1 << 27,
        Events = ImmutableSortedDictionary.CreateRange(
            new Dictionary<string, long>
            { ["order2"] = 42000, ["order3"] = 17, [SummaryKeys.Walls] = 0, [SummaryKeys.Crossings] = 1L << 40 }),
        CollisionsPerCpuSecond = 18674.2,
        Energy = new EnergySummary(27000, 27000.000000000004, 1.3e-16),
        MomentumDrift = double.NaN,
        Temperature = new TemperatureSummary(
            1.5, ImmutableSortedDictionary.CreateRange(new Dictionary<string, double?> { ["A"] = 2, ["B"] = null })),
        Pressure = new PressureSummary(double.NaN, 1.01),
        CollisionFrequency = ImmutableSortedDictionary.CreateRange(
            new Dictionary<string, double?>
            { ["AA"] = 7.1, ["AB"] = 3.5, ["BB"] = double.PositiveInfinity, [SummaryKeys.Order(3)] = 0.01 }),
        Pathologies = new PathologySummary(0, 0),
        Windows = new WindowSummary(0, 0, null, null),
        Digest = "sha256:" + new string('0', 64),
    };
}
