using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using ActorMD.Cli.Tests.Launch;
using ActorMD.Testing;

namespace ActorMD.Cli.Tests.Documents;

/// <summary>Every command in a block of a document is run by a test, or it is said here why not.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class CommandRegisterTests : IDisposable
{
    // By document and beginning; what a beginning of a document has no other line for.
    private static readonly (string Document, string Beginning, string Held)[] Register =
    [
        ("README.md", "$ scripts/actormd", "DocumentedCommandTests runs it"),
        ("docs/tutorial.md", "", "TutorialTests runs it"),
        ("docs/user-guide.md", "$ scripts/actormd ensemble", "DocumentedCommandTests runs it"),
        ("docs/user-guide.md", "scripts/actormd launch", "the command of docs/akka.md, which is run"),
        ("docs/user-guide.md", "scripts/actormd node", "NodeReturnTests starts nodes by hand"),
        ("docs/user-guide.md", "scripts/launch-cluster", "three machines; CommandRegisterTests runs it with two names of this one"),
        ("docs/clusters.md", "scripts/actormd launch -n 4 --hosts", "two machines: here it is run with this one twice"),
        ("docs/clusters.md", "", Here),
        ("docs/akka.md", "$ scripts/actormd launch", Here),
        ("docs/akka.md", "$ scripts/launch-cluster", "three machines; CommandRegisterTests runs it with two names of this one"),
        ("docs/akka.md", "$ scripts/actormd node", "NodeReturnTests starts nodes by hand"),
        ("docs/files.md", "$ scripts/actormd convert", Here),
        ("docs/files.md", "$ scripts/fuzz", "ten minutes; ActorMD.Fuzz.Tests runs a part of it"),
        ("docs/scaling.md", "scripts/actormd bench split", "a million particles: minutes, and its figures are the machine's"),
        ("docs/results.md", "", "another program (DynamO), built from its sources"),
        ("docs/determinism.md", "", "hours, or packages of another processor; a campaign, of which the document has the outcome"),
        ("CONTRIBUTING.md", "", "what runs these tests, or what takes as long"),
    ];

    private const string Here = "run below";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Every_command_is_in_the_register_and_every_entry_is_of_one()
    {
        HashSet<(string, string, string)> used = [];
        foreach ((string document, string line) in Lines())
        {
            var entry = Register.FirstOrDefault(
                entry => entry.Document == document && line.StartsWith(entry.Beginning, StringComparison.Ordinal));
            Assert.True(entry.Held is not null, $"{document}: no test runs '{line}', and nothing says why");
            used.Add(entry);
        }

        Assert.Empty(Register.Except(used));
    }

    [MpiFact]
    public void Commands_for_several_processes_give_the_digest_of_one()
    {
        string digest = Digest(Run("scripts/actormd run case.yaml --out one --domains 1x1x1 --workers 1"));
        string[] commands =
        [
            .. Lines().Where(each => each.Document is "docs/clusters.md" or "docs/akka.md" or "docs/scaling.md")
                .Select(each => each.Line).Where(line => Many().IsMatch(line) && !line.Contains(" ensemble ", StringComparison.Ordinal)),
        ];
        Assert.Equal(4, commands.Length);
        Assert.All(commands, command => Assert.Equal(digest, Digest(Run(command))));

        string shown = Run("scripts/actormd monitor runs/mixture --once");
        Assert.Contains("finished", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_of_machines_gives_the_digest_of_one()
    {
        // Two names of this machine, and an agent in the place of ssh: agent HOST COMMAND.
        File.WriteAllText(_place["agent"], "shift\nexec \"$@\"\n");
        string lan = File.ReadAllText(Path.Combine(Repository.Root, "cluster-config", "lan.conf"));
        File.WriteAllLines(
            _place["lan.conf"],
            lan.Replace("4053", "24153").Split('\n').Where(line => !line.Contains("certificate-", StringComparison.Ordinal)));
        (string _, string documented) = Lines().First(each => each.Line.Contains("launch-cluster", StringComparison.Ordinal));
        string command = documented.Split('#')[0].TrimStart('$', ' ')
            .Replace("scripts/", Path.Combine(Repository.Root, "scripts/"))
            .Replace("--hosts a,b,c", $"--hosts a=127.0.0.1,b=127.0.0.2 --config lan.conf --via 'sh {_place["agent"]}'")
            .Replace("/shared", _place.Path);

        Assert.Equal(Digest(Run("scripts/actormd run case.yaml --out one")), Digest(Run(command)));
    }

    [Fact]
    public void What_is_left_of_a_trajectory_is_saved_as_shown()
    {
        Run("scripts/actormd run case.yaml --out runs/killed --set output.trajectory.every=0.1");
        string path = _place["runs/killed/trajectory.extxyz"];
        string[] lines = File.ReadAllLines(path);
        int frame = int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture) + 2;
        File.WriteAllText(path, string.Join('\n', lines[..(2 * frame + frame / 2)]) + "\n0 A");
        (string _, string command) = Lines().Single(each => each.Line.Contains("--salvage", StringComparison.Ordinal));

        Assert.Contains(
            "Kept 2 whole frames. The rest of runs/killed/trajectory.extxyz was left out", Run(command), StringComparison.Ordinal);
    }

    // As a document has it, with a small case, on this machine.
    private string Run(string line)
    {
        File.Copy(_place["small.yaml"], _place["case.yaml"], overwrite: true);
        Directory.CreateDirectory(_place["examples"]);
        File.WriteAllText(_place["examples/mixture.yaml"], File.ReadAllText(_place["small.yaml"]).Replace("name: small", "name: mixture"));
        string command = line.Split('#')[0].TrimStart('$', ' ').TrimEnd()
            .Replace("a:2,b:2", "localhost:2,127.0.0.1:2").Replace("scripts/actormd", "actormd");
        if (Regex.IsMatch(command, @"\brun (case|examples)"))
        {
            string folder = command.Contains("examples", StringComparison.Ordinal) ? "runs/mixture" : "out";
            command += $"{(command.Contains("--out", StringComparison.Ordinal) ? "" : $" --out {folder}")} --force --json";
        }

        ActorMdProcess.Result result = Shell.Run(
            _place.Path,
            $"export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1\n{command}\n");
        Assert.True(result.Code == 0, $"{command}: {result.Output}{result.Error}");
        return result.Output + result.Error;
    }

    private static string Digest(string output) => DigestLine().Match(output) is { Success: true } found ? found.Value : output;

    private static IEnumerable<(string Document, string Line)> Lines() =>
        from path in Directory.GetFiles(Repository.Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
        from Match block in Block().Matches(File.ReadAllText(path))
        from line in block.Groups[1].Value.Split('\n')
        where Command().IsMatch(line)
        select (Path.GetRelativePath(Repository.Root, path), line);

    [GeneratedRegex("^```(?:text|sh)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(\$ )?([A-Z_0-9]+=\S+ )*(scripts/|actormd |mpirun |srun |apt-get |dpkg |for )")]
    private static partial Regex Command();

    [GeneratedRegex("actormd launch|--runtime mpi|--domains 2x2x2")]
    private static partial Regex Many();

    [GeneratedRegex("\"digest\": \"sha256:[0-9a-f]{64}\"")]
    private static partial Regex DigestLine();
}
