using System.Runtime.Versioning;

namespace ActorMD.Cli.Tests;

/// <summary>What makes the program pleasant: doctor, init, completion, versions, examples, pipes.</summary>
[SupportedOSPlatform("linux")]
public sealed class HabitTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Doctor_tells_of_every_topic_and_leaves_nothing_behind()
    {
        ActorMdProcess.Result result = _place.Run("doctor");

        Assert.Equal(0, result.Code);
        foreach (string topic in (string[])[
            "program", "cores", "memory", "cryptography", "write rights", "disk", "clock", "huge pages", ".NET SDK", "MPI", "Akka.NET"])
        {
            Assert.Contains($"  {topic} ", result.Output, StringComparison.Ordinal);
        }

        Assert.EndsWith("Everything that the default run needs is there.\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(["small.yaml"], _place.Entries);
    }

    [Fact]
    public void Doctor_fails_where_runs_cannot_be_written()
    {
        // Root may write everywhere but into the kernel's own files.
        ActorMdProcess.Result result = ActorMdProcess.Run("/proc/self", "doctor");

        Assert.Equal(4, result.Code);
        Assert.Contains("MISSING  write rights", result.Output, StringComparison.Ordinal);
        Assert.Contains("--out", result.Output, StringComparison.Ordinal);
    }

    // The loader takes the first file of the name that it finds, and these are no libraries.
    [Fact]
    public void Doctor_misses_the_library_without_which_no_digest_can_be_computed()
    {
        Directory.CreateDirectory(_place["none"]);
        File.WriteAllText(_place["none/libssl.so.3"], "");
        File.WriteAllText(_place["none/libssl.so.1.1"], "");
        ActorMdProcess.Result result = Shell.Run(_place.Path, "LD_LIBRARY_PATH=$PWD/none actormd doctor");

        Assert.Equal(4, result.Code);
        Assert.Contains("MISSING  cryptography", result.Output, StringComparison.Ordinal);
        Assert.Contains("libssl3", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("one", "--species", "1", "--dimensions", "2", "--packing", "0.6", "--particles", "300")]
    [InlineData("three", "--species", "3", "--packing", "0.45", "--particles", "200")]
    [InlineData("copy", "--like", "quickstart")]
    public void Init_writes_a_case_that_runs(string name, params string[] options)
    {
        Assert.Equal(0, _place.Run(["init", name, .. options]).Code);
        string text = File.ReadAllText(_place[$"{name}.yaml"]);
        Assert.Contains($"\nname: {name}\n", text, StringComparison.Ordinal);
        Assert.Contains("# ", text, StringComparison.Ordinal);

        ActorMdProcess.Result ran = _place.Run("run", $"{name}.yaml", "--quiet");
        Assert.Equal("", ran.Error);
        _place.AssertSound($"runs/{name}");
    }

    [Theory]
    [InlineData("already exists", "small")]
    [InlineData("Did you mean 'mixture'?", "new", "--like", "mixtur")]
    [InlineData("no share that can be filled", "new", "--packing", "0.9")]
    [InlineData("out of range", "new", "--dimensions", "4")]
    [InlineData("is no name", "a b")]
    public void Init_refuses_what_cannot_be_and_writes_nothing(string problem, params string[] arguments)
    {
        ActorMdProcess.Result result = _place.Run(["init", .. arguments]);

        Assert.Equal(2, result.Code);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        Assert.Equal(["small.yaml"], _place.Entries);
    }

    [Fact]
    public void Run_without_a_case_lists_the_examples()
    {
        ActorMdProcess.Result result = _place.Run("run");

        Assert.Equal(2, result.Code);
        Assert.Contains("  mixture       Two gases in the mixed Boltzmann-Grad scaling", result.Error, StringComparison.Ordinal);
        Assert.Contains("actormd init NAME", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_names_commit_and_runtime() =>
        Assert.Matches(@"^ActorMD \d+\.\d+\.\d+, commit ([0-9a-f]{40}|unknown), \.NET 10\.\S+, \S+\n$", _place.Run("--version").Output);

    [Theory]
    [InlineData("actormd mon", "monitor")]
    [InlineData("actormd run x.yaml --runt", "--runtime")]
    [InlineData("actormd run x.yaml --runtime a", "akka")]
    [InlineData("actormd completion f", "fish")]
    public void Bash_completes_commands_options_and_values(string line, string expected)
    {
        string script = _place.Run("completion", "bash").Output
            + $"\nCOMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n"
            + "_actormd_complete; printf '%s\\n' \"${COMPREPLY[@]}\"\n";

        Assert.Contains(expected, Shell.Run(_place.Path, script).Output.Split('\n'));
    }

    [Theory]
    [InlineData("zsh", "compdef _actormd actormd")]
    [InlineData("fish", "complete -c actormd")]
    public void Other_shells_have_scripts_too(string shell, string line) =>
        Assert.Contains(line, _place.Run("completion", shell).Output, StringComparison.Ordinal);

    [Fact]
    public void A_pipe_gets_no_control_characters()
    {
        ActorMdProcess.Result ran = _place.Run("run", "small.yaml");
        ActorMdProcess.Result watched = _place.Run("monitor", "runs/small");

        Assert.Equal(0, watched.Code);
        Assert.DoesNotContain('\u001b', ran.Output + ran.Error + watched.Output + watched.Error);
        Assert.Contains("finished", watched.Output, StringComparison.Ordinal);
    }
}
