using System.Text.RegularExpressions;

namespace ActorMD.Architecture.Tests;

/// <summary>A comment says something. That every public member has one is checked by the compiler (CS1591).</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void No_parameter_is_the_same() => Wall.Holds(Empty(Sources.All));

    [Fact]
    public void A_comment_that_says_nothing_is_found() => Assert.Equal(
        ["a.cs:1", "a.cs:3"],
        Empty(
            [new Source(
                "a.cs", "/// <param name=\"x\">The same.</param>\n/// <param name=\"y\">The same axes as before.</param>\n/// <param "
                    + "name=\"z\"></param>\n")]));

    private static IEnumerable<string> Empty(IEnumerable<Source> sources) =>
        from source in sources
        from line in source.Lines.Index()
        where EmptyParameter().IsMatch(line.Item)
        select $"{source.Path}:{line.Index + 1}";

    [GeneratedRegex(@"^\s*/// <param name=""\w+"">\s*(?:(?:The s|S)ame(?: as \w+)?\.?|As above\.?|See above\.?)?\s*</param>")]
    private static partial Regex EmptyParameter();
}
