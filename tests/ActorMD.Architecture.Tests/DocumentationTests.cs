using System.Xml.Linq;
using Mono.Cecil;

namespace ActorMD.Architecture.Tests;

/// <summary>What other rooms see is explained.</summary>
public sealed class DocumentationTests
{
    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void Every_public_type_says_what_it_is(string name)
    {
        HashSet<string> documented = Documented(Room.Of(name));
        using AssemblyDefinition assembly = Room.Of(name).Read();

        Assert.Empty(assembly.MainModule.Types.Where(t => t.IsPublic && !documented.Contains($"T:{t.FullName}")).Select(t => t.FullName));
    }

    [Theory]
    [MemberData(nameof(Room.Names), MemberType = typeof(Room))]
    public void Public_members_without_a_comment_become_fewer(string name)
    {
        int allowed = Allowances.Read("undocumented.txt").GetValueOrDefault(name), found = Undocumented(Room.Of(name)).Count();

        Assert.True(found <= allowed, $"{found} public members of {name} have no comment, {allowed} are allowed:\n"
            + string.Join("\n", Undocumented(Room.Of(name)).Order(StringComparer.Ordinal)));
    }

    private static IEnumerable<string> Undocumented(Room room)
    {
        HashSet<string> documented = Documented(room);
        using AssemblyDefinition assembly = room.Read();
        foreach (TypeDefinition type in assembly.MainModule.Types.Where(t => t.IsPublic))
        {
            // What the compiler makes of a record, and what a base or an interface explains, needs no comment of its own.
            foreach (string member in type.Properties.Where(p => p.GetMethod?.IsPublic == true && p.Name != "EqualityContract").Select(p => $"P:{type.FullName}.{p.Name}")
                .Concat(type.Fields.Where(f => f.IsPublic && !f.IsSpecialName).Select(f => $"F:{type.FullName}.{f.Name}")))
            {
                if (!documented.Contains(member))
                {
                    yield return member;
                }
            }
        }
    }

    private static HashSet<string> Documented(Room room)
    {
        string path = Path.Combine(AppContext.BaseDirectory, room.Name == "Cli" ? "actormd.xml" : $"{room.Project}.xml");
        HashSet<string> names = [.. XDocument.Load(path).Descendants("member").Select(m => (string)m.Attribute("name")!)];
        // A parameter of a record's constructor explains the property of its name.
        foreach (XElement member in XDocument.Load(path).Descendants("member"))
        {
            string name = (string)member.Attribute("name")!;
            int constructor = name.IndexOf(".#ctor", StringComparison.Ordinal);
            string? type = name.StartsWith("T:", StringComparison.Ordinal) ? name[2..] : constructor > 0 ? name[2..constructor] : null;
            foreach (XElement parameter in type is null ? [] : member.Elements("param"))
            {
                names.Add($"P:{type}.{(string)parameter.Attribute("name")!}");
            }
        }

        return names;
    }
}
