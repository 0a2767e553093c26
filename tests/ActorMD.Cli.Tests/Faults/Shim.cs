using System.Globalization;

namespace ActorMD.Cli.Tests.Faults;

/// <summary>The program with strace between it and the system: what it asks for can be counted, made to fail, or be its end.</summary>
internal sealed class Shim(string directory)
{
    private const string Log = "calls.txt";

    // Whether strace stops the process at the calls that are wanted, or at every call: signals are lost otherwise (strace 6.1).
    private static readonly string[] Wanted = ["--seccomp-bpf"], Every = [];

    /// <summary>Why there are no such tests here; null if there are.</summary>
    public static string? Missing { get; } = Find() is null ? "strace is missing: install Debian's package of that name" : null;

    /// <summary>How often a command asks for something, in its first thread.</summary>
    /// <param name="call">Name of the system call, such as <c>fsync</c>.</param>
    /// <param name="arguments">The command.</param>
    public int Count(string call, params string[] arguments)
    {
        ActorMdProcess.Result done = Run(["-e", $"trace={call}"], arguments, Wanted);
        Assert.True(done.Code == 0, done.Error);
        string[] lines = File.ReadAllLines(Path.Combine(directory, Log));
        string first = lines[0].Split(' ')[0];
        return lines.Count(line =>
            line.StartsWith(first + " ", StringComparison.Ordinal) && line.Contains(call + "(", StringComparison.Ordinal));
    }

    /// <summary>Kills the process when it is about to do something for the n-th time.</summary>
    public ActorMdProcess.Result KillAt(string call, int number, params string[] arguments) =>
        Run(Injecting(call, $"signal=KILL:when={number}"), arguments, Every);

    /// <summary>From the n-th time on, something fails with an error of the system.</summary>
    public ActorMdProcess.Result FailFrom(string call, string error, int number, params string[] arguments) =>
        Run(Injecting(call, $"error={error}:when={number}+"), arguments, Wanted);

    private static string[] Injecting(string call, FormattableString what) =>
        ["-e", $"trace={call}", "-e", $"inject={call}:{what.ToString(CultureInfo.InvariantCulture)}"];

    private ActorMdProcess.Result Run(string[] options, string[] arguments, string[] stops) =>
        ActorMdProcess.RunUnder(["strace", "-f", .. stops, "-qq", "-o", Log, .. options], directory, arguments);

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, "strace")).FirstOrDefault(File.Exists);
}

/// <summary>A test with data that needs strace; skipped, visibly, where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShimTheoryAttribute : TheoryAttribute
{
    public ShimTheoryAttribute() => Skip = Shim.Missing;
}
