using System.Reflection;
using System.Text.RegularExpressions;

namespace ActorMD.Examples.Tests;

public sealed partial class CompletenessTests
{
    private static IEnumerable<string> Tested => typeof(ExampleTests).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ExampleTests)))
        .Select(type => (string)type.GetProperty(nameof(IExample.Name), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!);

    [Fact]
    public void Every_example_has_tests_and_every_test_an_example() => Assert.Equal(Repository.ExampleNames.Order(), Tested.Order());

    [Fact]
    public void Every_example_has_a_known_digest_and_no_other_has() =>
        Assert.Equal(Repository.ExampleNames.Order(StringComparer.Ordinal), KnownDigests.Read().Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void An_example_is_named_as_its_file()
    {
        foreach (string name in Repository.ExampleNames)
        {
            string text = File.ReadAllText(Path.Combine(Repository.ExamplesDirectory, name + ".yaml"));
            Assert.Contains($"\nname: {name}\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_digests_in_the_README_are_known_ones()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string[] shown = [.. Digest().Matches(readme).Select(match => match.Value)];
        Assert.NotEmpty(shown);
        Assert.All(shown, digest => Assert.Contains(digest, KnownDigests.Read().Values));
    }

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();
}
