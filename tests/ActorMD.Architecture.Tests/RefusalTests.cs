using System.Diagnostics;

namespace ActorMD.Architecture.Tests;

/// <summary>The compiler itself refuses what goes through a wall: three small rooms, built as those of <c>src</c> are.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RefusalTests()
    {
        foreach (string name in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"])
        {
            File.Copy(Path.Combine(Repository.Root, name), _folder[name]);
        }

        Directory.CreateDirectory(_folder["src"]);
        foreach (string list in Directory.GetFiles(Repository.Sources, "BannedSymbols.*.txt"))
        {
            File.Copy(list, _folder[Path.Combine("src", Path.GetFileName(list))]);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_clock_in_a_pure_room_and_a_room_that_was_not_declared_fail_the_build()
    {
        Write("ActorMD.Physics", "public static class Lowest { public static double Number => System.Math.Sqrt(2); }");
        Write("ActorMD.Files", "public static class Middle { public static double Number => Physics.Lowest.Number; }", "ActorMD.Physics");
        Write("ActorMD.Runs", "public static class Upper { public static double Number => Files.Middle.Number; }", "ActorMD.Files");
        Assert.Equal("", Errors("ActorMD.Runs"));

        Write("ActorMD.Runs", "public static class Upper { public static double Number => Physics.Lowest.Number; }", "ActorMD.Files");
        Assert.Contains("'Physics' does not exist", Errors("ActorMD.Runs"), StringComparison.Ordinal);

        Write("ActorMD.Physics", "public static class Lowest { public static double Number => System.DateTime.UtcNow.Second; }");
        string errors = Errors("ActorMD.Physics");
        Assert.Contains("error RS0030", errors, StringComparison.Ordinal);
        Assert.Contains("'DateTime.UtcNow' is banned", errors, StringComparison.Ordinal);
    }

    private void Write(string room, string text, params string[] below)
    {
        string folder = Directory.CreateDirectory(_folder[Path.Combine("src", room)]).FullName;
        File.WriteAllText(Path.Combine(folder, "Room.cs"), $"namespace {room};\n\n/// <summary>For a test.</summary>\n{text}\n");
        File.WriteAllText(
            Path.Combine(folder, room + ".csproj"),
            $"<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup>{string.Concat(below.Select(
                other => $"<ProjectReference Include=\"../{other}/{other}.csproj\" />"))}</ItemGroup></Project>");
    }

    // The lines of the compiler that tell of an error.
    private string Errors(string room)
    {
        ProcessStartInfo start = new("dotnet", ["build", "--disable-build-servers", "-p:UseSharedCompilation=false", "-v:quiet", "-nologo"])
        {
            WorkingDirectory = _folder[Path.Combine("src", room)],
            RedirectStandardOutput = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process build = Process.Start(start)!;
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        string[] errors = [.. output.Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal))];
        Assert.Equal(errors.Length == 0, build.ExitCode == 0);
        return string.Join('\n', errors);
    }
}
