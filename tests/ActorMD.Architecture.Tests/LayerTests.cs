using System.Reflection;
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

    [Fact]
    public void Rooms_stand_above_those_that_they_use()
    {
        List<string> below = [];
        foreach (Room room in Room.All)
        {
            Wall.Holds(room.Below.Except(below));
            below.Add(room.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void No_type_uses_a_room_that_is_not_below(string name) =>
        Wall.Holds(Breaches(Assembly.LoadFrom(Room.Of(name).AssemblyPath), Room.Of(name).Forbidden));

    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void A_room_declares_the_rooms_that_it_uses_and_no_others(string name)
    {
        Room room = Room.Of(name);
        Wall.Holds(References.Wrong(References.Of(room).Where(References.IsRoom), room.DeclaredRooms()));
        Wall.Holds(room.DeclaredRooms().Except(room.Below.Select(below => $"ActorMD.{below}")));
    }

    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void A_room_declares_the_packages_that_it_uses_and_no_others(string name)
    {
        Room room = Room.Of(name);
        Wall.Holds(
            References.Wrong(
                References.Of(room).Where(References.IsForeign).Select(References.PackageOf).Distinct(), room.DeclaredPackages()));
    }

    [Fact]
    public void A_planted_use_is_found() => Assert.Equal(
        [typeof(Planted.Below.Reaching).FullName!],
        Breaches(typeof(LayerTests).Assembly, ["ActorMD.Architecture.Tests.Planted.Above"], "ActorMD.Architecture.Tests.Planted.Below"));

    [Fact]
    public void A_reference_that_nobody_declared_and_one_that_nobody_uses_are_found()
    {
        Assert.Equal(["used, not declared: A", "declared, not used: C"], References.Wrong(["A", "B"], ["B", "C"]));
        Assert.Contains("Mono.Cecil", References.Of(typeof(LayerTests).Assembly.Location).Where(References.IsForeign));
        Assert.Equal("Akka.Cluster.Tools", References.PackageOf("Akka.Remote"));
    }

    private static IEnumerable<string> Breaches(Assembly assembly, string[] forbidden, string within = "ActorMD") =>
        Types.InAssembly(assembly).That().ResideInNamespace(within)
            .ShouldNot().HaveDependencyOnAny(forbidden).GetResult().FailingTypeNames ?? [];
}
