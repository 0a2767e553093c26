using System.Diagnostics;

namespace ActorMD.Cli.Tests;

/// <summary>Files that people bring, through the commands that take them.</summary>
public sealed class ForeignFileCommandTests : IDisposable
{
    private const string Header = "ITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Types_stay_in_every_frame_of_a_dump()
    {
        const string Atoms = "ITEM: ATOMS id type element x y z vx vy vz radius mass\n";
        Write("in.lammps", "ITEM: TIMESTEP\n0\n" + Header + Atoms + "2 2 B 5 5 5 0 1 0 0.4 2\n1 1 A 1 1 1 1 0 0 0.5 1\n"
            + "ITEM: TIMESTEP\n1\n" + Header + Atoms + "1 1 A 1 1 1 1 0 0 0.5 1\n2 2 B 5 5 6 0 1 0 0.4 2\n");
        AssertDone("convert", "in.lammps", "out.lammps");
        Assert.Equal(
            ["1 1 A 1 1 1 1 0 0 0.5 1", "2 2 B 5 5 5 0 1 0 0.4 2", "1 1 A 1 1 1 1 0 0 0.5 1", "2 2 B 5 5 6 0 1 0 0.4 2"],
            File.ReadLines(_place["out.lammps"]).Where(line => line.Split(' ').Length == 11));
    }

    [Fact]
    public void A_dump_goes_through_csv_and_back()
    {
        string dump = "ITEM: TIMESTEP\n0\n" + Header + "ITEM: ATOMS id type x y z\n1 1 1 1 1\n2 2 5 5 0\n"
            + "ITEM: TIMESTEP\n1\n" + Header + "ITEM: ATOMS id type x y z\n1 1 1 1 1\n2 2 5 5 1\n";
        Write("in.lammps", dump);
        AssertDone("convert", "in.lammps", "out.csv");
        Assert.StartsWith("step,id,species,x,y,z,box_x", File.ReadAllText(_place["out.csv"]), StringComparison.Ordinal);
        AssertDone("convert", "out.csv", "back.lammps");
        Assert.Equal(dump, File.ReadAllText(_place["back.lammps"]));
    }

    [Fact]
    public void A_start_whose_last_number_is_cut_is_refused_on_its_line()
    {
        Write("start.csv", "id,species,x,y,z,vx,vy,vz\n0,A,0.1,0.1,0.1,1,0,0\n1,B,0.5,0.5,0.5,0,0.5,-0.");
        ActorMdProcess.Result result = _place.Run(
            "run", "small.yaml", "--set", "initial.positions={method: file, file: start.csv}", "--set", "species.A.count=1", "--set",
            "species.B.count=1");
        Assert.Equal(2, result.Code);
        Assert.StartsWith("The last line has no line end", result.Error, StringComparison.Ordinal);
        Assert.Contains("start.csv(3)", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place["runs"]));
    }

    [Theory]
    [InlineData("1e15", "", "is too large to calculate with")]
    [InlineData("1", "Boundary=\"7 7 7\"", "the boundaries '7 7 7' cannot be read")]
    [InlineData("NaN", "", "'NaN' is not a finite number")]
    public void What_is_no_state_is_refused_and_nothing_is_written(string x, string key, string problem)
    {
        Write(
            "in.extxyz", $"1\nLattice=\"10 0 0 0 10 0 0 0 10\" pbc=\"T T T\" {key} "
                + $"Properties=species:S:1:pos:R:3:velo:R:3:radius:R:1:mass:R:1\nA {x} 1 1 0 0 0 0.5 1\n");
        ActorMdProcess.Result result = _place.Run("convert", "in.extxyz", "out.state");
        Assert.Equal(2, result.Code);
        Assert.Contains(problem, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("diagnosis", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["in.extxyz", "small.yaml"], _place.Entries);
    }

    [Fact]
    public void Whole_frames_and_events_are_salvaged_from_what_a_killed_run_leaves()
    {
        Assert.Equal(0, _place.Run("run", "small.yaml", "--quiet", "--set", "output={trajectory: {every: 0.25}, events: {}}").Code);
        string trajectory = _place["runs/small/trajectory.extxyz"], log = _place["runs/small/run.events"];
        File.WriteAllText(_place["cut.extxyz"], File.ReadAllText(trajectory)[..^7]);
        File.WriteAllBytes(_place["cut.events"], File.ReadAllBytes(log)[..^7]);

        foreach (
            (string cut, string whole, string kept) in new[]
                { ("cut.extxyz", "whole.extxyz", "Kept 2 whole frames"), ("cut.events", "whole.csv", "Kept ") })
        {
            ActorMdProcess.Result refused = _place.Run("convert", cut, whole);
            Assert.Equal(2, refused.Code);
            Assert.Contains("--salvage", refused.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(_place[whole]) || File.Exists(_place[whole + ".tmp"]));
            ActorMdProcess.Result salvaged = _place.Run("convert", cut, whole, "--salvage");
            Assert.Equal(0, salvaged.Code);
            Assert.StartsWith(kept, salvaged.Error, StringComparison.Ordinal);
            Assert.Contains(cut, salvaged.Error, StringComparison.Ordinal);
        }

        Assert.StartsWith(File.ReadAllText(_place["whole.extxyz"]), File.ReadAllText(trajectory), StringComparison.Ordinal);
        AssertDone("convert", log, "all.csv");
        Assert.StartsWith(File.ReadAllText(_place["whole.csv"]), File.ReadAllText(_place["all.csv"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("o.csv")]
    [InlineData("o.extxyz")]
    [InlineData("o.dump")]
    [InlineData("o.data")]
    [InlineData("o.state")]
    public void A_disk_without_room_leaves_nothing_and_gives_the_right_advice(string name)
    {
        AssertDone("sample", "small.yaml", "--out", "start.extxyz");
        string[] before = _place.Entries;
        foreach (string[] command in new[] { new[] { "convert", "start.extxyz", name }, ["sample", "small.yaml", "--out", name] })
        {
            ActorMdProcess.Result result = RunWithoutRoom(command);
            Assert.Equal(4, result.Code);
            Assert.Contains("nothing was written", result.Error, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("resume", result.Error, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(before, _place.Entries);
        }
    }

    // No file may grow beyond 4 KiB: the write fails as on a full disk, and no rights are needed to arrange it.
    private ActorMdProcess.Result RunWithoutRoom(string[] arguments)
    {
        ProcessStartInfo start = new("bash")
        {
            WorkingDirectory = _place.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // its memory is a file
        string[] words = ["-c", "trap '' XFSZ; ulimit -f 4; exec dotnet \"$@\"", "bash", ActorMdProcess.Program, .. arguments];
        Array.ForEach(words, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ActorMdProcess.Result(process.ExitCode, output, error.Result);
    }

    private void Write(string name, string text) => File.WriteAllText(_place[name], text);

    private void AssertDone(params string[] arguments)
    {
        ActorMdProcess.Result result = _place.Run(arguments);
        Assert.True(result.Code == 0, result.Error);
    }
}
