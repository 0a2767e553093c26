using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using ActorMD.Testing;

namespace ActorMD.Cli.Tests.Documents;

/// <summary>What the tutorial tells people to type works, in the order in which it tells it.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class TutorialTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_tutorial_can_be_followed_from_its_first_command_to_its_last()
    {
        string[] blocks = [.. ShellBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "tutorial.md")))
            .Select(m => m.Groups[1].Value)];
        Assert.True(blocks.Length >= 10);
        // Each block says its number first, so that a failure says where.
        ActorMdProcess.Result result = Shell.Run(
            _place.Path, "set -e\n" + string.Concat(blocks.Select((block, k) => $"echo 'block {k + 1}'\n{block}")));

        Assert.True(result.Code == 0, result.Output + result.Error);
        // Split, and computed by two processes: the digests are those of the plain run.
        string[] digests = [.. Digest().Matches(result.Output).Select(m => m.Value)];
        Assert.Equal(3, digests.Length);
        Assert.Single(digests.Distinct());
        foreach (string page in (string[])["first", "comparison", "many", "both", "small-study"])
        {
            Assert.True(File.Exists(_place[$"runs/{page}/report.html"]), page);
        }
    }

    [GeneratedRegex("^```sh\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("\"digest\": \"sha256:[0-9a-f]{64}\"")]
    private static partial Regex Digest();
}
