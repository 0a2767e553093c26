using ActorMD.Actors.Settings;
using ActorMD.Files.Inputs;

namespace ActorMD.Actors.Tests.Settings;

/// <summary>Files with the settings of a node: what is wrong in them is said, with the line or the key.</summary>
public sealed class AkkaSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actormd-settings-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    // Of the first, Akka.NET's parser makes a list that never ends.
    [InlineData("actormd.seeds = [\"127.0.0.1:4053\",\n = \"127.0.0.2:4053\"]", "(2)", "'=' cannot stand in a list")]
    [InlineData("actormd.seeds = [ : ]", "(1)", "':' cannot stand in a list")]
    [InlineData("actormd.seeds = [ http://a ]", "(1)", "':' cannot stand in a list")]
    [InlineData("actormd.seeds = [ $ ]", "(1)", "'$' cannot stand in a list")]
    [InlineData("actormd { port = 1\n}\n}\nactormd.nodes = 5", "(3)", "'}' closes nothing")] // the rest was ignored
    [InlineData("actormd { nodes = 5", "(1)", "'{' is not closed")]
    [InlineData("actormd.host = \"127.0.0.1\n", "(1)", "not closed")]
    [InlineData("actormd.host = ${akka", "(1)", "not closed")]
    [InlineData("include \"node.conf\"", "node.conf", "include each other without end")]
    [InlineData("actormd.port = many", "actormd.port", "cannot be read")]
    [InlineData("actormd.nodes = {}", "actormd.nodes", "cannot be read")]
    [InlineData("actormd.seeds = [{ a = 1 }]", "actormd.seeds", "no address of a node")]
    [InlineData("actormd.sedes = []", "actormd.sedes", "there is no such setting")]
    [InlineData("actormd = 5", "actormd", "no group of settings")]
    public void What_is_wrong_is_said(string text, string where, string problem)
    {
        string message = Assert.Throws<InputFaultException>(() => Load(text)).Message;
        Assert.Contains(where, message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.OrdinalIgnoreCase);
    }

    // A parser that goes as deep as a text does would end the process.
    [Theory]
    [InlineData("[")]
    [InlineData("a {")]
    [InlineData("a.")]
    [InlineData("a . ")]
    [InlineData("a\n.")]
    public void Nesting_without_end_is_refused(string part) =>
        Assert.Throws<InputFaultException>(() => Load("x = " + string.Concat(Enumerable.Repeat(part, 100_000))));

    [Fact]
    public void What_is_allowed_is_read()
    {
        AkkaSettings settings = Load(
            """"
            // A remark with " and [ and }
            actormd { nodes = 3, seeds = [127.0.0.1":4053", "127.0.0.2:4054"] } # one more ]
            akka.note = """a "quotation" = [ }"""
            akka.other = [${actormd.nodes}, { a = [1, 2], b : 3 }, "x=y"]
            """");
        Assert.Equal((3, 2), (settings.NodeCount, settings.Seeds.Count));
    }

    private AkkaSettings Load(string text)
    {
        string path = Path.Combine(_folder.FullName, "node.conf");
        File.WriteAllText(path, text);
        return AkkaSettings.Load(new AkkaOptions { ConfigPath = path });
    }
}
