using System.Text.Json;

namespace ActorMD.Cli.Tests;

/// <summary>A run that is not interrupted, for comparison.</summary>
public sealed class StraightRun
{
    /// <summary>Some seconds of work, so that a signal meets the run in its middle.</summary>
    internal static readonly string[] Arguments = ["run", "small.yaml", "--until", "200", "--set", "run.checkpoint=20", "--quiet"];

    public StraightRun()
    {
        using Workplace place = new();
        Assert.Equal(0, place.Run([.. Arguments, "--out", "straight"]).Code);
        Digest = DigestOf(place["straight"]);
        Thermo = File.ReadAllText(place["straight/thermo.csv"]);
    }

    public string Digest { get; }

    /// <summary>Text of thermo.csv.</summary>
    public string Thermo { get; }

    /// <summary>The digest of a run folder.</summary>
    internal static string DigestOf(string folder) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "summary.json"))).RootElement.GetProperty("digest").GetString()!;
}
