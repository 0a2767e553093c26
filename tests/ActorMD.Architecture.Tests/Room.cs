using System.Xml.Linq;
using Mono.Cecil;

namespace ActorMD.Architecture.Tests;

/// <summary>One project of src/: a room of the house.</summary>
/// <param name="Name">Without the prefix <c>ActorMD.</c>.</param>
/// <param name="Below">The rooms that it may use.</param>
public sealed record Room(string Name, params string[] Below)
{
    /// <summary>
    /// Every room, lowest first, with the rooms that it may use. A new arrow here changes the architecture: say why in docs/decisions/.
    /// </summary>
    public static IReadOnlyList<Room> All { get; } =
    [
        new("Physics"),
        new("Observables", "Physics"),
        new("Kinetic", "Physics"),
        new("Files", "Physics", "Kinetic", "Observables"),
        new("Engine", "Physics"),
        new("Protocol", "Physics", "Engine"),
        new("Runs", "Physics", "Kinetic", "Observables", "Files", "Engine", "Protocol"),
        new("Studies", "Physics", "Kinetic", "Observables", "Files", "Engine", "Runs"),
        new("Report", "Physics", "Kinetic", "Files", "Runs", "Studies"),
        new("Actors", "Physics", "Kinetic", "Files", "Engine", "Protocol", "Runs"),
        new("Cli", "Physics", "Kinetic", "Observables", "Files", "Engine", "Protocol", "Runs", "Studies", "Report", "Actors"),
    ];

    /// <summary>For theories.</summary>
    public static TheoryData<string> Names => [.. All.Select(room => room.Name)];

    /// <summary>As in <c>ActorMD.Physics</c>.</summary>
    public string Project => $"ActorMD.{Name}";

    /// <summary>Projects that it must not use.</summary>
    public string[] Forbidden => [.. All.Where(other => other.Name != Name && !Below.Contains(other.Name)).Select(other => other.Project)];

    /// <summary>Its compiled code beside the tests.</summary>
    public string AssemblyPath => Path.Combine(AppContext.BaseDirectory, Name == "Cli" ? "actormd.dll" : $"{Project}.dll");

    private XDocument ProjectFile => XDocument.Load(Path.Combine(Repository.Root, "src", Project, $"{Project}.csproj"));

    /// <summary>The room of a name.</summary>
    public static Room Of(string name) => All.Single(room => room.Name == name);

    /// <summary>Its compiled code, without debug symbols.</summary>
    public AssemblyDefinition Read() => AssemblyDefinition.ReadAssembly(AssemblyPath);

    /// <summary>The rooms that its project file names.</summary>
    public IEnumerable<string> DeclaredRooms() =>
        ProjectFile.Descendants("ProjectReference").Select(e => Path.GetFileNameWithoutExtension((string)e.Attribute("Include")!));

    /// <summary>The packages that its project file names.</summary>
    public IEnumerable<string> DeclaredPackages() =>
        ProjectFile.Descendants("PackageReference").Select(e => (string)e.Attribute("Include")!);
}
