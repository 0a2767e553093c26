using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Manifests;
using ActorMD.Files.Studies;
using ActorMD.Files.Whole;

namespace ActorMD.Files.Tests;

public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_appears_whole_and_replaces_an_older_one_and_nothing_else_is_there()
    {
        string path = _folder["a.txt"];
        WholeFile.Write(path, "one");
        WholeFile.Write(path, stream =>
        {
            stream.Write("tw"u8);
            Assert.Equal("one", File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFiles(_folder.Directory));
            stream.Write("o"u8);
        });
        Assert.Equal("two", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Directory));
    }

    [Fact]
    public void Who_fails_while_writing_leaves_the_old_file_and_nothing_else()
    {
        string path = _folder["a.txt"];
        WholeFile.Write(path, "one");
        Assert.Throws<IOException>(() => WholeFile.Write(path, _ => throw new IOException("full")));
        Assert.Equal("one", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Directory));
    }

    [Fact]
    public void A_folder_is_locked_once_and_holds_no_file_for_it()
    {
        using (FolderLock first = FolderLock.TryAcquire(_folder.Directory)!)
        {
            Assert.Null(FolderLock.TryAcquire(_folder.Directory));
            Assert.Empty(Directory.GetFiles(_folder.Directory));
        }

        using FolderLock? again = FolderLock.TryAcquire(_folder.Directory);
        Assert.NotNull(again);
    }

    [Theory]
    [InlineData("b", "c")]
    [InlineData("5", "6")]
    [InlineData("actormd-manifest/1", "actormd-manifest/2")]
    public void A_changed_manifest_is_refused(string before, string after)
    {
        string path = _folder["manifest.json"];
        string text = RunManifest.Of(_folder.Directory, [_folder.Write("thermo.csv", "time\n0.5\n")], "0.1").ToText();
        File.WriteAllText(path, text);
        Assert.Single(RunManifest.Read(path).Files);
        int at = text.IndexOf(
            before, text.IndexOf("sha256", StringComparison.Ordinal) is var sum
            && before.Length == 1 ? sum + 8 : 0, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + after + text[(at + before.Length)..]);
        Assert.Throws<InputFaultException>(() => RunManifest.Read(path));
    }

    [Theory]
    [InlineData("../thermo.csv")]
    [InlineData("/etc/hostname")]
    [InlineData("report/../../thermo.csv")]
    public void A_manifest_whose_entries_lead_out_of_the_folder_is_refused(string name)
    {
        FileEntry entry = FileEntry.Of(_folder.Write("thermo.csv", "time\n0.5\n"), name);
        File.WriteAllText(_folder["manifest.json"], new RunManifest(RunManifest.SchemaName, "0.1", [entry]).ToText());
        InputFaultException refused = Assert.Throws<InputFaultException>(() => RunManifest.Read(_folder["manifest.json"]));
        Assert.Contains($"'{name}' leads out of the run folder", Assert.Single(refused.Faults).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, "(5)")]
    [InlineData(5000, "(2500 to 2502)")]
    public void The_line_that_has_changed_is_named(int lineCount, string place)
    {
        string path = _folder.Write("thermo.csv", string.Concat(Enumerable.Range(0, lineCount).Select(n => $"{n}\n")));
        FileEntry entry = FileEntry.Of(path, "thermo.csv");
        Assert.Null(entry.Check(path));
        string[] lines = File.ReadAllLines(path);
        lines[lineCount / 2 - 1] += "1";
        File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
        Assert.StartsWith(path + place, entry.Check(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resolved_study_is_the_same_study_again()
    {
        string text = Cases.Base;
        _folder.Write("base.yaml", text);
        string first = _folder.Write(
            "study.yaml",
            "name: it's\ncase: base.yaml\nladder: [20, 40]\ntimes: [0.1, 0.25]\nbins: { axis: y, count: 4 }\n".Replace(
                "it's", "its", StringComparison.Ordinal));
        Study study = StudyFile.Load(first);
        Study again = StudyFile.Load(_folder.Write("resolved.yaml", StudyWriter.Write(study)));
        Assert.Equal(CaseFile.Write(study.Case), CaseFile.Write(again.Case));
        Assert.Equal(StudyWriter.Write(study), StudyWriter.Write(again));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a\0b", "character 00")]
    [InlineData("a\tb", "character 09")]
    public void Paths_that_no_system_opens_are_told(string path, string problem)
    {
        Assert.Contains(problem, PathCheck.Problem(path), StringComparison.Ordinal);
        Assert.Contains("300 bytes", PathCheck.Problem("x/" + new string('n', 300)), StringComparison.Ordinal);
        Assert.Contains("at most 4095", PathCheck.Problem(string.Join('/', Enumerable.Repeat("name", 1000))), StringComparison.Ordinal);
        Assert.Null(PathCheck.Problem("Äpfel und 字/x.yaml"));
    }
}
