using Mono.Cecil;
using NetArchTest.Rules;

namespace ActorMD.Architecture.Tests;

/// <summary>A room uses those below it only, and says so in its project file.</summary>
public sealed class LayerTests
{
    [Fact]
    public void Every_project_of_src_is_a_room() => Assert.Equal(
        Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(),
        Room.All.Select(room => room.Project).Order());

    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void A_room_declares_just_the_rooms_that_it_uses_and_all_are_below_it(string name)
    {
        Room room = Room.Of(name);
        using AssemblyDefinition assembly = room.Read();
        string[] used = [.. assembly.MainModule.AssemblyReferences.Select(r => r.Name).Where(IsRoom).Order()];

        Assert.Equal(used, room.Declared("ProjectReference").Order());
        Assert.Subset([.. room.Below.Select(below => $"ActorMD.{below}")], [.. used]);
    }

    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void A_room_declares_the_packages_that_it_uses(string name)
    {
        Room room = Room.Of(name);
        using AssemblyDefinition assembly = room.Read();
        IEnumerable<string> foreign = assembly.MainModule.AssemblyReferences.Select(r => r.Name).Where(
            reference => !IsRoom(reference) && !reference.StartsWith("System", StringComparison.Ordinal)
                && !reference.StartsWith("Microsoft.Win32", StringComparison.Ordinal) && reference is not ("netstandard" or "mscorlib"));
        string[] declared = [.. room.Declared("PackageReference")];

        Assert.All(foreign, reference => Assert.True(
            declared.Any(package => package == reference || Members(package).Contains(reference)),
            $"{room.Project} uses {reference}, which none of its packages ({string.Join(", ", declared)}) is"));
    }

    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void No_type_depends_on_a_room_that_is_not_below(string name)
    {
        Room room = Room.Of(name);
        string[] forbidden = [.. Room.All.Where(other => other.Name != name && !room.Below.Contains(other.Name)).Select(other => other.Project + ".")];
        using AssemblyDefinition assembly = room.Read();
        TestResult result = Types.FromPath(AppContext.BaseDirectory).That().ResideInNamespaceStartingWith(room.Project)
            .ShouldNot().HaveDependencyOnAny(forbidden).GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    private static bool IsRoom(string assembly) => assembly.StartsWith("ActorMD.", StringComparison.Ordinal);

    // Packages that consist of several libraries which may be used as one.
    private static string[] Members(string package) => package switch
    {
        "Akka.Cluster.Tools" => ["Akka", "Akka.Cluster", "Akka.Coordination", "Akka.Remote"],
        "MessagePack" => ["MessagePack.Annotations"],
        "OxyPlot.Core" => ["OxyPlot"],
        _ => [],
    };
}
