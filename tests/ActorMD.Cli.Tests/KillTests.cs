namespace ActorMD.Cli.Tests;

/// <summary>Runs that are killed.</summary>
public sealed class KillTests(Killing.Undisturbed undisturbed) : Killing(undisturbed)
{
    [Theory]
    [InlineData("case.yaml")]
    [InlineData("thermo.csv")]
    [InlineData("log.jsonl")]
    [InlineData("checkpoints/checkpoint-00000000.state")]
    [InlineData("checkpoints/checkpoint-00000003.state")]
    [InlineData("manifest.json")]
    public void A_run(string moment) => AssertGoesOn(Run, moment, "thermo.csv", "trajectory.extxyz");

    [Theory]
    [InlineData("case.yaml", 0)]
    [InlineData("case.yaml", 100)]
    [InlineData("case.yaml", 300)]
    public void A_run_that_looks_for_its_initial_state(string moment, int milliseconds) =>
        AssertGoesOn(Slow, moment, milliseconds, "thermo.csv");
}
