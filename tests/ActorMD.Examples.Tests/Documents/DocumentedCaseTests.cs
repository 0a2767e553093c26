using System.Text.RegularExpressions;
using ActorMD.Files.Cases;
using ActorMD.Files.Studies;

namespace ActorMD.Examples.Tests.Documents;

/// <summary>The YAML that the user guide shows is understood as it stands there: a whole case, parts of cases, a study.</summary>
public sealed partial class DocumentedCaseTests : IDisposable
{
    private const string Gas = """
        box: { lengths: [1, 1, 1], boundary: periodic }
        species:
          - { name: A, count: 800, mass: 1, diameter: 0.01 }
          - { name: B, count: 400, mass: 2, diameter: 0.01 }

        """;

    private static readonly string[] Blocks =
    [
        .. Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "user-guide.md"))).Select(match => match.Groups[1].Value),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_case_that_the_user_guide_shows_can_be_simulated()
    {
        string text = Assert.Single(Blocks, block => block.Contains("\nspecies:", StringComparison.Ordinal));
        CaseLoad load = CaseFile.Parse(text, "user-guide.yaml", []);
        Assert.Empty(load.Faults);
        Assert.Equal("mixture", load.Case?.Name);
        Assert.Empty(load.Warnings);
    }

    [Fact]
    public void Parts_of_cases_that_it_shows_are_understood()
    {
        string[] parts = [.. Blocks.Where(block => block.StartsWith("initial:", StringComparison.Ordinal)
            || block.StartsWith("run:", StringComparison.Ordinal))];
        Assert.Equal(2, parts.Length);
        Assert.All(parts, part =>
        {
            string run = part.StartsWith("run:", StringComparison.Ordinal) ? "" : "run: { until: 1 }\n";
            CaseLoad load = CaseFile.Parse(Gas + run + part, "user-guide.yaml", []);
            Assert.Empty(load.Faults);
        });
    }

    [Fact]
    public void Its_study_is_understood()
    {
        string study = Assert.Single(Blocks, block => block.Contains("\nladder:", StringComparison.Ordinal));
        File.WriteAllText(_folder["my-case.yaml"], Gas + "run: { until: 1 }\n");
        File.WriteAllText(_folder["study.yaml"], study);
        Assert.Equal("my-study", StudyFile.Load(_folder["study.yaml"]).Name);
    }

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
