namespace ActorMD.Cli.Tests.Launch;

/// <summary>A run in one process that is not interrupted, short enough to be repeated by slow jobs.</summary>
public sealed class ShortStraightRun
{
    internal static readonly string[] Arguments =
        ["run", "tube.yaml", "--until", "30", "--set", "run.checkpoint=2", "--quiet"];

    public ShortStraightRun()
    {
        using Workplace place = new();
        Assert.Equal(0, place.Run([.. Arguments, "--out", "straight"]).Code);
        Digest = StraightRun.DigestOf(place["straight"]);
        Thermo = File.ReadAllText(place["straight/thermo.csv"]);
    }

    public string Digest { get; }

    /// <summary>Text of thermo.csv.</summary>
    public string Thermo { get; }
}
