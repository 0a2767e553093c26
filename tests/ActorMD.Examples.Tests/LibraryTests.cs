using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorMD.Examples.Tests;

/// <summary>ActorMD as a library: <c>examples/library</c>.</summary>
public sealed partial class LibraryTests
{
    [Fact]
    public void The_sample_computes_what_theory_expects()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "library.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.Equal(0, process.ExitCode);
        Match rates = Rates().Match(output);
        double measured = double.Parse(rates.Groups[1].Value, CultureInfo.InvariantCulture);
        double expected = double.Parse(rates.Groups[2].Value, CultureInfo.InvariantCulture);
        // Enskog's rate at packing 0.12 is good to a percent; so many collisions scatter by less, and 400 particles are a few.
        Assert.Equal(1, measured / expected, 0.04);
        // The same digest everywhere: that of any earlier build.
        Assert.Matches(@"sha256:[0-9a-f]{64}\n$", output);
    }

    [Fact]
    public void It_is_short()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "examples", "library", "Program.cs"));
        Assert.True(lines.Length <= 25);
    }

    [GeneratedRegex(@"(\d+\.\d+) per particle and time, expected (\d+\.\d+)")]
    private static partial Regex Rates();
}
