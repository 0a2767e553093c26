using System.Text.RegularExpressions;

namespace ActorMD.Examples.Tests;

/// <summary>The comment at the top of an example, as one line of text: what the example promises.</summary>
internal sealed partial class ExampleHeader
{
    private readonly string _name;

    private ExampleHeader(string name, string text)
    {
        _name = name;
        Text = text;
    }

    public string Text { get; }

    public static ExampleHeader Read(string name)
    {
        IEnumerable<string> lines = File.ReadLines(Path.Combine(Repository.ExamplesDirectory, name + ".yaml"))
            .TakeWhile(line => line.StartsWith('#'))
            .Select(line => line[1..]);
        return new ExampleHeader(name, WhiteSpace().Replace(string.Join(' ', lines), " ").Trim());
    }

    /// <summary>Fails unless the header contains these words, so that it cannot tell other numbers than the test.</summary>
    public void AssertSays(FormattableString words)
    {
        string text = FormattableString.Invariant(words);
        Assert.True(
            Text.Contains(text, StringComparison.Ordinal),
            $"the header of examples/{_name}.yaml should say '{text}'; it says: {Text}");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
