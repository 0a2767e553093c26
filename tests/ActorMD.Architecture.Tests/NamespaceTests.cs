using Mono.Cecil;

namespace ActorMD.Architecture.Tests;

/// <summary>Namespaces are folders, and the arrows between them form no circle.</summary>
public sealed class NamespaceTests
{
    [Fact]
    public void Every_file_has_the_namespace_of_its_folder() => Wall.Holds(InOtherFolders(Sources.All));

    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void No_circle_of_namespaces(string name)
    {
        using AssemblyDefinition assembly = Room.Of(name).Read();
        Wall.Holds(CirclesIn(assembly, Debts.Allowed($"circle in ActorMD.{name}", 1)));
    }

    [Fact]
    public void A_file_in_a_wrong_folder_is_found() => Assert.Equal(
        ["src/ActorMD.Files/Cases/Case.cs declares ActorMD.Files, its folder is ActorMD.Files.Cases"],
        InOtherFolders(
        [
            new Source("src/ActorMD.Files/Cases/Case.cs", "using System;\n\nnamespace ActorMD.Files;\n"),
            new Source("src/ActorMD.Files/Cases/CaseFile.cs", "namespace ActorMD.Files.Cases;\n"),
        ]));

    [Fact]
    public void A_planted_circle_is_found()
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(typeof(NamespaceTests).Assembly.Location);
        Assert.Contains(CirclesIn(assembly), circle => circle.Contains(typeof(Planted.Above.Circling).FullName!, StringComparison.Ordinal));
    }

    [Fact]
    public void A_circle_is_told_from_a_way_round()
    {
        Assert.Equal([["a", "b", "c"]], Circles.Of([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "a")]));
        Assert.Empty(Circles.Of([("a", "b"), ("b", "c"), ("a", "c")]));
    }

    private static IEnumerable<string> InOtherFolders(IEnumerable<Source> sources) =>
        from source in sources
        where source.Namespace is { } declared && declared != source.FolderNamespace
        select $"{source.Path} declares {source.Namespace}, its folder is {source.FolderNamespace}";

    // Each circle of more namespaces than may be in one, with the uses that make it.
    private static IEnumerable<string> CirclesIn(AssemblyDefinition assembly, int most = 1)
    {
        (TypeDefinition User, TypeDefinition Used)[] uses =
            [.. TypeGraph.Of(assembly).Where(e => IsOurs(e.User) && IsOurs(e.Used) && e.User.Namespace != e.Used.Namespace)];
        return
            from circle in Circles.Of(uses.Select(e => (e.User.Namespace, e.Used.Namespace)).Distinct())
            where circle.Length > most
            let inside = uses.Where(e => circle.Contains(e.User.Namespace) && circle.Contains(e.Used.Namespace))
            select $"{string.Join(", ", circle)}: {string.Join("; ", inside.Select(e => $"{e.User.FullName} uses {e.Used.FullName}"))}";
    }

    private static bool IsOurs(TypeDefinition type) => type.Namespace.StartsWith("ActorMD", StringComparison.Ordinal);
}
