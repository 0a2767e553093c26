using System.Diagnostics;

namespace ActorMD.Files.Tests;

/// <summary>Debian's Python with its libraries, and other real programs.</summary>
internal static class Python
{
    // Debian's packages belong to Debian's Python, which need not be the first on the path.
    private static readonly string[] Pythons = ["/usr/bin/python3", "python3"];

    /// <summary>The lines that a script prints.</summary>
    /// <param name="library">That it needs: Debian calls its package python3-(library).</param>
    /// <param name="script">Its text.</param>
    /// <param name="argument">Its argument.</param>
    public static string[] Run(string library, string script, string argument)
    {
        string? python = Array.Find(Pythons, name => Try(name, "-c", $"import {library}").Code == 0);
        Assert.True(python is not null, $"python3 with {library} (Debian: python3-{library}) is not installed");
        return RunProgram(python, "-c", script, argument);
    }

    /// <summary>The lines that a program prints, which must end with code 0.</summary>
    public static string[] RunProgram(string program, params string[] arguments)
    {
        (int? code, string output, string error) = Try(program, arguments);
        Assert.True(code is not null, $"the program '{program}' is not installed");
        Assert.True(code == 0, output + error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static (int? Code, string Output, string Error) Try(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "", ""); // no such program
        }
    }
}
