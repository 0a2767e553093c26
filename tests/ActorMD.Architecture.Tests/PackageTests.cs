using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ActorMD.Architecture.Tests;

/// <summary>What docs/security.md says of packages: one version of each, written down, and its content locked.</summary>
public sealed partial class PackageTests
{
    public static TheoryData<string> Projects =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!)];

    [Fact]
    public void Every_package_has_one_exact_version()
    {
        XDocument versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        Assert.All(
            versions.Descendants("PackageVersion"),
            package => Assert.Matches(Exact(), package.Attribute("Version")!.Value));
        Assert.All(
            Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories),
            project => Assert.DoesNotContain(XDocument.Load(project).Descendants("PackageReference"), package => package.Attribute("Version") is not null));
    }

    [Theory, MemberData(nameof(Projects))]
    public void Every_shipped_project_has_a_lock_with_the_hash_of_every_package(string project)
    {
        string path = Path.Combine(Repository.Root, "src", project, "packages.lock.json");
        Assert.True(File.Exists(path), $"{path} is missing: 'dotnet restore src/ActorMD.Cli' makes it");
        JsonElement targets = JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("dependencies");
        Assert.Equal(["net10.0"], targets.EnumerateObject().Select(target => target.Name));
        Assert.All(
            targets.GetProperty("net10.0").EnumerateObject().Where(entry => entry.Value.GetProperty("type").GetString() != "Project"),
            entry => Assert.Equal(88, entry.Value.GetProperty("contentHash").GetString()!.Length)); // SHA-512 in base 64
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+(\.\d+)?(-[a-z]+\.\d+)?$")]
    private static partial Regex Exact();
}
