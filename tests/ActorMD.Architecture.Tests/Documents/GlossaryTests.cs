using System.Text.RegularExpressions;

namespace ActorMD.Architecture.Tests.Documents;

public sealed partial class GlossaryTests
{
    private static readonly string[][] Rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "glossary.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal)
                && !line.StartsWith("| word |", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | ")),
    ];

    [Fact]
    public void Every_name_of_the_glossary_stands_in_the_code()
    {
        string[] names = [.. Rows.SelectMany(row => Quoted().Matches(row[1])).Select(match => match.Groups[1].Value)];
        Assert.True(names.Length > 100, "the second column has hardly any names in code quotes");
        string[] unknown = [.. names.Where(name => !name.Split('.').All(SourceText.Has))];
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_row_has_a_word_a_name_and_a_meaning() => Assert.All(Rows, row => Assert.Equal(3, row.Length));

    [Fact]
    public void No_word_has_two_rows()
    {
        IEnumerable<string> words = Rows.SelectMany(row => row[0].Split(", "));
        Assert.Empty(words.GroupBy(word => word).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Theory, InlineData("slab"), InlineData("seam"), InlineData("wander"), InlineData("taken back")]
    public void A_word_that_was_given_up_does_not_come_back(string word)
    {
        string[] found =
        [
            .. Sources.Product.SelectMany(source => source.Lines
                .Where(line => Regex.IsMatch(line, $@"\b{word}", RegexOptions.IgnoreCase))
                .Select(line => $"{source.Path}: {line.Trim()}")),
        ];
        Wall.Holds(found);
    }

    [Fact]
    public void A_name_that_is_nowhere_would_be_found() => Assert.False(SourceText.Has("SlabEventLoop"));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
