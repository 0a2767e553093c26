using System.Text.RegularExpressions;
using Mono.Cecil;

namespace ActorMD.Architecture.Tests;

/// <summary>Namespaces are folders, and the arrows between them form no circle.</summary>
public sealed partial class NamespaceTests
{
    // What is still tangled; the list may only get shorter.
    private static readonly string[] Tangled = ["Engine"];

    [Fact]
    public void Every_file_has_the_namespace_of_its_folder() => Assert.Empty(
        Sources.All.Where(source => Declaration().Match(source.Text) is { Success: true } match && match.Groups[1].Value != source.FolderNamespace)
            .Select(source => $"{source.Path} is not in {source.FolderNamespace}"));

    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void No_circle_of_namespaces(string name)
    {
        using AssemblyDefinition assembly = Room.Of(name).Read();
        (TypeDefinition User, TypeDefinition Used)[] types =
            [.. TypeGraph.Of(assembly).Where(e => e.User.Namespace.Length > 0 && e.Used.Namespace.Length > 0 && e.User.Namespace != e.Used.Namespace)];
        IReadOnlyList<string[]> circles = Circles.Of(types.Select(e => (e.User.Namespace, e.Used.Namespace)).Distinct());

        if (Tangled.Contains(name))
        {
            Assert.True(circles.Count > 0, $"{name} has no circle any more: take it from the list");
            return;
        }

        Assert.True(circles.Count == 0, string.Join("\n", circles.Select(circle =>
            $"{string.Join(", ", circle)}: " + string.Join("; ", types
                .Where(e => circle.Contains(e.User.Namespace) && circle.Contains(e.Used.Namespace)).Select(e => $"{e.User.FullName} uses {e.Used.FullName}")))));
    }

    [Fact]
    public void A_circle_is_found()
    {
        Assert.Equal([["a", "b", "c"]], Circles.Of([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "a")]));
        Assert.Empty(Circles.Of([("a", "b"), ("b", "c"), ("a", "c")]));
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
