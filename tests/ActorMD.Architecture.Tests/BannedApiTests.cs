using System.Collections.Frozen;
using System.Reflection;
using Mono.Cecil;

namespace ActorMD.Architecture.Tests;

/// <summary>
/// Rooms whose results depend on the case and the seed alone use no clock, file or thread and no inexact mathematics. The compiler refuses
/// what the lists <c>src/BannedSymbols.*.txt</c> name; here it is seen that the lists name what exists, and that no room has escaped them.
/// </summary>
public sealed class BannedApiTests
{
    private static readonly string[] Exact = ["Physics", "Engine", "Protocol"];

    public static TheoryData<string, string> Lists
    {
        get
        {
            TheoryData<string, string> lists = new() { { "Kinetic", "Outside" } };
            foreach (string room in Exact)
            {
                lists.Add(room, "Outside");
                lists.Add(room, "Threads");
                lists.Add(room, "Mathematics");
            }

            return lists;
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_room_uses_nothing_that_is_banned_in_it(string room, string list)
    {
        using AssemblyDefinition assembly = Room.Of(room).Read();
        Wall.Holds(Used(assembly, Banned(list)));
    }

    [Theory]
    [InlineData("Outside")]
    [InlineData("Threads")]
    [InlineData("Mathematics")]
    public void Whatever_is_banned_exists(string list) => Wall.Holds(Banned(list).Where(symbol => !Exists(symbol)));

    [Fact]
    public void A_planted_use_and_a_misspelt_ban_are_found()
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(typeof(BannedApiTests).Assembly.Location);
        Assert.Contains("T:System.IO.File", Used(assembly, Banned("Outside")));
        Assert.Contains("M:System.Math.Exp(System.Double)", Used(assembly, Banned("Mathematics")));
        Assert.Contains("P:System.DateTime.UtcNow", Used(assembly, Banned("Outside")));
        Assert.False(Exists("M:System.Math.Exq(System.Double)"));
        Assert.False(Exists("M:System.Math.Exp(System.Single)"));
        Assert.True(Planted() > 0);
    }

    private static double Planted() => Math.Exp(DateTime.UtcNow.Second);

    private static FrozenSet<string> Banned(string list) =>
        File.ReadLines(Path.Combine(Repository.Root, "src", $"BannedSymbols.{list}.txt")).Select(line => line.Split(';')[0]).ToFrozenSet();

    private static IEnumerable<string> Used(AssemblyDefinition assembly, FrozenSet<string> banned) =>
        assembly.MainModule.GetTypeReferences().Select(type => $"T:{type.FullName}")
            .Concat(assembly.MainModule.GetMemberReferences().OfType<MethodReference>().Select(IdOf))
            .Where(banned.Contains).Distinct();

    // As in documentation: a method with its parameters, a property by its name.
    private static string IdOf(MethodReference method) => method.Name.StartsWith("get_", StringComparison.Ordinal)
        ? $"P:{method.DeclaringType.FullName}.{method.Name[4..]}"
        : $"M:{method.DeclaringType.FullName}.{method.Name}({string.Join(',', method.Parameters.Select(p => p.ParameterType.FullName))})";

    private static bool Exists(string symbol)
    {
        string name = symbol[2..].Split('(')[0];
        int dot = name.LastIndexOf('.');
        return symbol[0] switch
        {
            'T' => Find(name) is not null,
            'P' => Find(name[..dot])?.GetProperty(name[(dot + 1)..]) is not null,
            _ => Find(name[..dot])?.GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Any(m => m.Name == name[(dot + 1)..] && symbol.EndsWith(
                    $"({string.Join(',', m.GetParameters().Select(p => p.ParameterType.FullName))})", StringComparison.Ordinal)) == true,
        };
    }

    private static Type? Find(string name) => AppDomain.CurrentDomain.GetAssemblies()
        .Append(typeof(Console).Assembly).Append(typeof(System.Net.Sockets.Socket).Assembly)
        .Append(typeof(System.Diagnostics.Process).Assembly).Append(typeof(Parallel).Assembly)
        .Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null);
}
