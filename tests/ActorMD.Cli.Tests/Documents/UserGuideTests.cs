using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorMD.Testing;

namespace ActorMD.Cli.Tests.Documents;

/// <summary>What the user guide shows for other programs works.</summary>
public sealed partial class UserGuideTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Python_reads_an_event_log_with_the_line_of_the_guide()
    {
        Assert.Equal(0, _place.Run("run", "small.yaml", "--quiet", "--set", "output.events={}").Code);
        string line = Assert.Single(
            Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "user-guide.md"))).Select(m => m.Groups[1].Value),
            block => block.Contains("run.events", StringComparison.Ordinal));
        string script = $"import numpy\n{line}\nprint(len(e), (e['order'] == 2).all(), (e['id'][:, 0] < e['id'][:, 1]).all())";

        // Debian's packages belong to Debian's Python.
        ProcessStartInfo start = new("/usr/bin/python3", ["-c", script])
        {
            WorkingDirectory = _place["runs/small"],
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process python = Process.Start(start)!;
        string output = python.StandardOutput.ReadToEnd(), error = python.StandardError.ReadToEnd();
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, $"python3 with numpy (Debian: python3-numpy) reads no event log: {error}");
        long collisions = JsonDocument.Parse(File.ReadAllText(_place["runs/small/summary.json"])).RootElement
            .GetProperty("events").GetProperty("order2").GetInt64();
        Assert.Equal($"{collisions} True True", output.Trim());
    }

    [GeneratedRegex("^```python\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
