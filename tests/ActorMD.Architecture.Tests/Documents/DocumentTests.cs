using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorMD.Architecture.Tests.Documents;

/// <summary>What the documents say about the code by name and line; <c>scripts/architecture</c> renews it.</summary>
public sealed partial class DocumentTests
{
    private const string Remedy = "run scripts/architecture";

    public static TheoryData<string> Documents => [.. Paths.Select(path => Path.GetRelativePath(Repository.Root, path))];

    private static IEnumerable<string> Paths => Directory.GetFiles(Repository.Root, "*.md")
        .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories));

    [Theory, MemberData(nameof(Documents))]
    public void Links_lead_to_files_that_exist_and_lines_that_hold_the_name(string document)
    {
        string path = Path.Combine(Repository.Root, document);
        List<string> wrong = [];
        foreach (Match link in Link().Matches(File.ReadAllText(path)))
        {
            string target = link.Groups["path"].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.Length == 0)
            {
                continue;
            }

            string file = Path.Combine(Path.GetDirectoryName(path)!, target);
            string name = link.Groups["name"].Value.Split('.')[^1];
            bool isRight = link.Groups["line"].Success
                ? Holds(file, int.Parse(link.Groups["line"].Value, CultureInfo.InvariantCulture), name)
                : File.Exists(file) || Directory.Exists(file);
            if (!isRight)
            {
                wrong.Add(link.Value);
            }
        }

        Assert.True(wrong.Count == 0, $"{document}: {string.Join(", ", wrong)}; {Remedy}");
    }

    /// <summary>Results and decisions speak of code that is gone, and of other programs.</summary>
    [Theory, MemberData(nameof(Documents))]
    public void Names_of_code_and_paths_exist(string document)
    {
        if (document.EndsWith("results.md", StringComparison.Ordinal) || document.Contains("decisions", StringComparison.Ordinal))
        {
            return;
        }

        string text = Fence().Replace(File.ReadAllText(Path.Combine(Repository.Root, document)), "");
        string[] quoted = [.. Quoted().Matches(text).Select(match => match.Groups[1].Value)];
        string[] names =
            [.. quoted.Where(
                name => TypeName().IsMatch(name) && !name.Split('.').All(part => part == "cs" || SourceText.HasAnywhere(part)))];
        string[] paths = [.. quoted.Where(path => RepositoryPath().IsMatch(path) && !Path.Exists(Path.Combine(Repository.Root, path)))];
        Assert.Empty(names);
        Assert.Empty(paths);
    }

    [Fact]
    public void The_architecture_links_to_many_lines() =>
        Assert.True(Link().Matches(Architecture).Count(match => match.Groups["line"].Success) > 60);

    [Fact]
    public void The_table_of_rooms_has_every_room()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md"));
        Assert.All(Room.All, room => Assert.Contains($"\n| `{room.Project}` | ", text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_picture_shows_the_references_of_the_projects()
    {
        ILookup<string, string> references = Directory
            .GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .SelectMany(path => ProjectReference().Matches(File.ReadAllText(path))
                .Select(match => (From: Path.GetFileNameWithoutExtension(path), To: match.Groups[1].Value)))
            .ToLookup(reference => reference.From, reference => reference.To);
        bool Reaches(string from, string to) => references[from].Any(next => next == to || Reaches(next, to));

        // What can be reached through another room has no arrow of its own.
        IEnumerable<string> arrows = references.SelectMany(room => room
            .Where(to => !room.Any(other => other != to && Reaches(other, to)))
            .Select(to => $"{Short(room.Key)} --> {Short(to)}"));
        Assert.Equal(arrows.Order(), Arrow().Matches(Architecture).Select(match => match.Value).Order());
    }

    private static bool Holds(string file, int line, string name) =>
        File.Exists(file)
        && File.ReadLines(file).ElementAtOrDefault(line - 1) is { } text
        && Regex.IsMatch(text, $@"\b{Regex.Escape(name)}\b");

    private static string Architecture => File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md"));

    private static string Short(string room) => room.Replace("ActorMD.", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\[`?(?<name>[^\]`]+)`?\]\((?<path>[^)#\s]*)(?:#L(?<line>\d+)|#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();

    // At least two words in one, as types and members have them.
    [GeneratedRegex(@"^[A-Z][a-z]+[A-Z]\w+(\.\w+)*$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^(src|tests|scripts|examples|docs|cluster-config)/[\w./-]+$")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex("""<ProjectReference Include="[^"]*?([^"/\\]+)\.csproj""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"\w+ --> \w+")]
    private static partial Regex Arrow();
}
