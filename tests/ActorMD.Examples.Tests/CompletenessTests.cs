using System.Reflection;

namespace ActorMD.Examples.Tests;

public sealed class CompletenessTests
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
}
