using System.Xml.Linq;
using Mono.Cecil;

namespace ActorMD.Architecture.Tests;

/// <summary>One project of src/: a room of the house.</summary>
/// <param name="Name">Without the prefix <c>ActorMD.</c>.</param>
/// <param name="Below">The rooms that it may use.</param>
public sealed record Room(string Name, params string[] Below)
{
    /// <summary>
    /// Every room, lowest first, with the rooms that it may use. Whoever adds an arrow here changes the architecture: say why in docs/decisions/.
    /// </summary>
    public static IReadOnlyList<Room> All { get; } =
    [
        new("Physics"),
        new("Kinetic", "Physics"),
        new("Files", "Physics", "Kinetic"),
        new("Engine", "Physics"),
        new("Protocol", "Physics", "Engine"),
        new("Runs", "Physics", "Kinetic", "Files", "Engine", "Protocol"),
        new("Studies", "Physics", "Kinetic", "Files", "Runs"),
        new("Actors", "Physics", "Kinetic", "Files", "Engine", "Protocol", "Runs"),
        new("Cli", "Physics", "Kinetic", "Files", "Engine", "Protocol", "Runs", "Studies", "Actors"),
    ];

    /// <summary>For theories.</summary>
    public static TheoryData<string> Names => [.. All.Select(room => room.Name)];

    /// <summary>As in <c>ActorMD.Physics</c>.</summary>
    public string Project => $"ActorMD.{Name}";

    /// <summary>Its folder in src/.</summary>
    public string Folder => Path.Combine(Repository.Root, "src", Project);

    private string AssemblyPath => Path.Combine(AppContext.BaseDirectory, Name == "Cli" ? "actormd.dll" : $"{Project}.dll");

    /// <summary>The room of a name.</summary>
    public static Room Of(string name) => All.Single(room => room.Name == name);

    /// <summary>Its compiled code, without debug symbols.</summary>
    public AssemblyDefinition Read() => AssemblyDefinition.ReadAssembly(AssemblyPath);

    /// <summary>What its project file declares of a kind: <c>ProjectReference</c> or <c>PackageReference</c>.</summary>
    public IEnumerable<string> Declared(string kind) => XDocument.Load(Path.Combine(Folder, $"{Project}.csproj"))
        .Descendants(kind).Select(e => Path.GetFileNameWithoutExtension((string)e.Attribute("Include")! + (kind == "PackageReference" ? ".x" : "")));
}
