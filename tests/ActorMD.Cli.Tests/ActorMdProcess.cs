using System.Diagnostics;
using System.Globalization;

namespace ActorMD.Cli.Tests;

/// <summary>The program as a user starts it: a process of its own.</summary>
internal sealed class ActorMdProcess : IDisposable
{
    private const int TimeLimitMilliseconds = 180_000;

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ActorMdProcess(string directory, string[] before, string[] arguments)
    {
        // A script's background job ignores SIGINT, and so do its children: whoever started the tests may be one.
        string[] words = [.. before, "env", "--default-signal=INT", "dotnet", Program, .. arguments];
        ProcessStartInfo start = new(words[0], words[1..])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Hundreds of runs of a moment each: what is compiled for them need not be compiled well.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The program's file: the one that <c>scripts/test</c> names, else the one beside the tests.</summary>
    public static string Program { get; } =
        Environment.GetEnvironmentVariable("ACTORMD_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "actormd.dll");

    /// <summary>Starts a command in a folder.</summary>
    public static ActorMdProcess Start(string directory, params string[] arguments) => new(directory, [], arguments);

    /// <summary>Starts a command in a network namespace.</summary>
    public static ActorMdProcess StartIn(string networkNamespace, string directory, params string[] arguments) =>
        new(directory, ["ip", "netns", "exec", networkNamespace], arguments);

    /// <summary>Runs a command to its end, started by another program.</summary>
    /// <param name="before">That program with its options.</param>
    /// <param name="directory">Working directory.</param>
    /// <param name="arguments">The command.</param>
    public static Result RunUnder(string[] before, string directory, params string[] arguments)
    {
        using ActorMdProcess process = new(directory, before, arguments);
        return process.Wait();
    }

    /// <summary>Runs a command to its end.</summary>
    public static Result Run(string directory, params string[] arguments)
    {
        using ActorMdProcess process = new(directory, [], arguments);
        return process.Wait();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Of all its threads, so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public void Send(string signal)
    {
        string id = _process.Id.ToString(CultureInfo.InvariantCulture);
        using Process kill = Process.Start("kill", ["-s", signal, id]);
        kill.WaitForExit();
    }

    public Result Wait()
    {
        if (!_process.WaitForExit(TimeLimitMilliseconds))
        {
            _process.Kill();
            throw new TimeoutException($"actormd did not end: {_error.Result}");
        }

        return new Result(_process.ExitCode, _output.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>How a command ended.</summary>
    internal sealed record Result(int Code, string Output, string Error);
}
