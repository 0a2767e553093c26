using System.Text.RegularExpressions;
using ActorMD.Files.Cases;

namespace ActorMD.Examples.Tests.Documents;

public sealed partial class DocumentedCaseTests
{
    private static readonly string[] Cases =
    [
        .. Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "user-guide.md")))
            .Select(match => match.Groups[1].Value)
            .Where(text => text.StartsWith("name: ", StringComparison.Ordinal) && text.Contains("\nspecies:", StringComparison.Ordinal)),
    ];

    [Fact]
    public void A_case_that_the_user_guide_shows_can_be_simulated()
    {
        string text = Assert.Single(Cases);
        CaseLoad load = CaseFile.Parse(text, "user-guide.yaml", []);
        Assert.Empty(load.Faults);
        Assert.Equal("mixture", load.Case?.Name);
        Assert.Empty(load.Warnings);
    }

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
