using ActorMD.Files.Cases;

namespace ActorMD.Report.Tests;

/// <summary>docs/case-file.md is what 'actormd schema --markdown' prints; with ACTORMD_WRITE_DOCS=1 this test writes it anew.</summary>
public sealed class CaseReferenceTests
{
    [Fact]
    public void The_page_is_that_of_the_schema()
    {
        string path = Path.Combine(Repository.Root, "docs", "case-file.md"), text = CaseReference.Markdown().ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("ACTORMD_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path));
    }

    [Theory]
    [InlineData("| **`run.until`** | number above 0 |")]
    [InlineData("| **`species[].count`** | integer from 0 to 2147483647 |")]
    [InlineData("| `output.trajectory.format` | `extxyz`, `lammps`, `csv` | `\"extxyz\"` |")]
    [InlineData("| `initial.velocities.NAME.temperature` | number from 0 or [profile](#profiles-along-an-axis) | `1` |")]
    public void Keys_have_type_and_default(string row) => Assert.Contains(row, CaseReference.Markdown(), StringComparison.Ordinal);
}
