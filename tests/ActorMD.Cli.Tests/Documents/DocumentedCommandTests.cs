using System.Text.RegularExpressions;
using ActorMD.Testing;

namespace ActorMD.Cli.Tests.Documents;

/// <summary>What documents show of the program: options that exist, and the output of the commands that take seconds.</summary>
public sealed partial class DocumentedCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actormd-documents-");

    /// <summary>Those that a test can afford, and that need nothing but the examples.</summary>
    public static TheoryData<string> Cheap =>
    [
        .. DocumentedCommand.All
            .Where(command => command.Words is ["run" or "ensemble" or "hierarchy", var path, ..]
                && path.StartsWith("examples/", StringComparison.Ordinal) && command.Shown.Length > 0)
            .Select(command => command.ToString()),
    ];

    [Fact]
    public void There_are_documented_commands()
    {
        Assert.True(DocumentedCommand.All.Count > 10, "hardly any command blocks were found");
        Assert.Contains(DocumentedCommand.All, command => command.Document == "README.md" && command.Words is ["run", ..]);
    }

    [Fact]
    public void Every_documented_option_exists()
    {
        var parts = DocumentedCommand.All
            .SelectMany(command => command.Parts().Select(part => (Where: command.ToString(), part.Command, part.Options)));
        List<string> unknown = [];
        foreach (var command in parts.GroupBy(part => part.Command))
        {
            ActorMdProcess.Result help = ActorMdProcess.Run(_folder.FullName, [.. command.Key.Split(' '), "--help"]);
            if (help.Code != 0)
            {
                unknown.Add($"{command.First().Where}: there is no command {command.Key}");
                continue;
            }

            unknown.AddRange(command
                .SelectMany(part => part.Options.Select(option => (part.Where, Option: option)))
                .Where(used => !Regex.IsMatch(help.Output, $@"(?<![\w-]){Regex.Escape(used.Option)}(?![\w-])"))
                .Select(used => $"{used.Where}: there is no {used.Option}"));
        }

        Assert.Empty(unknown);
    }

    [Theory, MemberData(nameof(Cheap))]
    public void A_cheap_command_prints_what_its_document_shows(string documented)
    {
        DocumentedCommand command = DocumentedCommand.All.Single(each => each.ToString() == documented);
        ActorMdProcess.Result result = ActorMdProcess.Run(
            Repository.Root, [.. command.Words, "--out", Path.Combine(_folder.FullName, "out"), "--workers", "1"]);
        Assert.True(result.Code == 0, result.Error);
        AssertShown(command, result);

        // What a document verifies, it has run before, under the name of its case.
        string name = Path.GetFileNameWithoutExtension(command.Words[1]);
        foreach (DocumentedCommand verification in DocumentedCommand.All
            .Where(each => each.Document == command.Document && each.Words is ["verify", var folder] && Path.GetFileName(folder) == name))
        {
            AssertShown(verification, ActorMdProcess.Run(Repository.Root, "verify", Path.Combine(_folder.FullName, "out")));
        }
    }

    [Fact]
    public void What_the_README_verifies_is_what_it_runs() =>
        Assert.Contains(DocumentedCommand.All, command => command is { Document: "README.md", Words: ["verify", "runs/mixture"] });

    public void Dispose() => _folder.Delete(recursive: true);

    private static void AssertShown(DocumentedCommand command, ActorMdProcess.Result result)
    {
        string[] printed = [.. result.Output.Split('\n').Select(line => line.TrimEnd())];
        string[] exact = [.. command.Shown.Where(line => !Varying().IsMatch(line))];
        Assert.NotEmpty(exact);
        string[] missing = [.. exact.Except(printed)];
        Assert.Empty(missing);
    }

    // Speeds, folders and machines.
    [GeneratedRegex("per CPU second|^  (folder|wall time|workers|expected cost)")]
    private static partial Regex Varying();
}
