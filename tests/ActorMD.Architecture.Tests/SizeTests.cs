using Mono.Cecil;

namespace ActorMD.Architecture.Tests;

/// <summary>Lines, files and classes stay small enough to be read at once.</summary>
public sealed class SizeTests
{
    [Fact]
    public void No_line_is_too_long()
    {
        string[] found = [.. LongLines(Sources.All, Limits.LineLength)];
        Wall.Holds(found.Length <= Debts.Allowed("lines too long", 0) ? [] : found);
    }

    [Fact]
    public void No_file_is_too_long() => Wall.Holds(
        TooLarge("lines of", Sources.All.Select(source => (source.Path, source.Lines.Length)), Limits.FileLines));

    [Fact]
    public void No_class_has_too_many_lines() => Wall.Holds(TooLarge("lines of", ClassLines(Sources.Product), Limits.ClassLines));

    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void No_class_has_too_many_fields(string name)
    {
        using AssemblyDefinition assembly = Room.Of(name).Read();
        Wall.Holds(TooLarge("fields of", Fields(assembly), Limits.ClassFields));
    }

    [Fact]
    public void A_debt_is_allowed_and_no_more()
    {
        Assert.Equal(25, Debts.Allowed("fields of ActorMD.Physics.Gas", 25));
        Assert.Equal(27, Debts.Allowed("fields of ActorMD.Files.RunFolders.RunSummary", 25));
    }

    [Fact]
    public void A_long_line_is_found() => Assert.Equal(
        ["a.cs:2 has 11 characters"], LongLines([new Source("a.cs", "0123456789\n0123456789A\n")], 10));

    [Fact]
    public void Parts_of_a_class_count_together() => Assert.Equal(
        ["A.Big has 5, the limit is 4"],
        TooLarge(
            "lines of",
            ClassLines(
            [
                new Source("src/A/Big.cs", "namespace A;\n\npublic sealed partial class Big;\n"),
                new Source("src/A/Big.More.cs", "namespace A;\npartial class Big;\n"),
                new Source("src/A/Small.cs", "namespace A;\nrecord Small;\n"),
            ]),
            4));

    [Fact]
    public void Fields_of_a_planted_class_are_counted()
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(typeof(SizeTests).Assembly.Location);
        Assert.Contains(
            TooLarge("fields of", Fields(assembly), 2), wrong => wrong == $"{typeof(Planted.ThreeFields).FullName} has 3, the limit is 2");
    }

    private static IEnumerable<string> LongLines(IEnumerable<Source> sources, int limit) =>
        from source in sources
        from line in source.Lines.Index()
        where line.Item.Length > limit
        select $"{source.Path}:{line.Index + 1} has {line.Item.Length} characters";

    private static IEnumerable<string> TooLarge(string what, IEnumerable<(string Name, int Size)> measured, int limit) =>
        from m in measured
        where m.Size > Debts.Allowed($"{what} {m.Name}", limit)
        select $"{m.Name} has {m.Size}, the limit is {limit}";

    // A file counts for the first type in it.
    private static IEnumerable<(string Name, int Lines)> ClassLines(IEnumerable<Source> sources) =>
        from source in sources
        where source.FirstType is not null
        group source.Lines.Length by $"{source.FolderNamespace}.{source.FirstType}" into parts
        select (parts.Key, parts.Sum());

    // Those of one object; what a compiler or a generator made is not read by anybody.
    private static IEnumerable<(string Name, int Count)> Fields(AssemblyDefinition assembly) =>
        from type in assembly.MainModule.GetTypes()
        where !type.IsEnum && !type.Name.Contains('<', StringComparison.Ordinal)
            && !type.CustomAttributes.Any(a => a.AttributeType.Name == "GeneratedCodeAttribute")
        select (type.FullName, type.Fields.Count(field => !field.IsStatic));
}
