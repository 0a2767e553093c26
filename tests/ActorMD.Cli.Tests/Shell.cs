using System.Diagnostics;
using System.Runtime.Versioning;

namespace ActorMD.Cli.Tests;

/// <summary>Bash scripts in which <c>actormd</c> is the program under test.</summary>
[SupportedOSPlatform("linux")]
internal static class Shell
{
    /// <summary>Runs a script in a folder.</summary>
    public static ActorMdProcess.Result Run(string directory, string script)
    {
        string programs = Path.Combine(directory, "bin"), program = Path.Combine(programs, "actormd"),
            file = Path.Combine(directory, "script.sh");
        Directory.CreateDirectory(programs);
        File.WriteAllText(program, $"#!/bin/sh\nexec dotnet '{ActorMdProcess.Program}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(file, script);
        ProcessStartInfo start = new(
            "bash", [file])
        { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process bash = Process.Start(start)!;
        Task<string> error = bash.StandardError.ReadToEndAsync();
        string output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        return new ActorMdProcess.Result(bash.ExitCode, output, error.Result);
    }
}
