namespace ActorMD.Cli.Tests;

/// <summary>Ensembles, kinetic solutions and studies that are killed, and anything at any time.</summary>
public sealed class ComputationKillTests(Killing.Undisturbed undisturbed) : Killing(undisturbed)
{
    [Theory]
    [InlineData("case.yaml")]
    [InlineData("replicas.csv")]
    [InlineData("checkpoints/ensemble.state")]
    [InlineData("checkpoints/ensemble-before.state")]
    [InlineData("manifest.json")]
    public void An_ensemble(string moment) => AssertGoesOn(Ensemble, moment, "replicas.csv", "thermo_errors.csv");

    [Theory]
    [InlineData("case.yaml")]
    [InlineData("checkpoints/solution.kinetic")]
    [InlineData("thermo_errors.csv")]
    [InlineData("manifest.json")]
    public void A_kinetic_solution(string moment) => AssertGoesOn(Kinetic, moment, "thermo.csv", "thermo_errors.csv");

    [Theory]
    [InlineData("study.yaml")]
    [InlineData("limit.ensemble")]
    [InlineData("convergence.csv")]
    [InlineData("manifest.json")]
    public void A_study(string moment)
    {
        File.WriteAllText(
            _place["study.yaml"],
            "name: s\ncase: small.yaml\nladder: [50, 100]\ntimes: [0.1]\nbins: { count: 4 }\nreplicas: { min: 6, max: 6 }\nreference: { "
                + "runs: 2, particles: 2000 }\n");
        string[] arguments = ["converge", "study.yaml", "--force"];
        File.WriteAllText(
            _place["small.yaml"], File.ReadAllText(_place["small.yaml"]).Replace("lattice", "conditioned", StringComparison.Ordinal));
        KillAt(arguments, moment, 0);
        ActorMdProcess.Result resumed = _place.Run("resume", "killed");
        Assert.Equal("", resumed.Error.Contains("mistake", StringComparison.Ordinal) ? resumed.Error : "");
        Assert.Contains(resumed.Code, (int[])[0, 3]); // what the study finds, not whether it can go on
        _place.AssertSound("killed");
        Assert.Contains("the study is finished", _place.Verify("killed").Checked);
    }

    [Theory]
    [InlineData("boltzmann")]
    [InlineData("ensemble")]
    [InlineData("run")]
    public void Kills_at_any_time(string command)
    {
        string[] arguments = command switch { "run" => Run, "ensemble" => Ensemble, _ => Kinetic };
        Random moments = new(command.Length);
        int kills = 0;
        string[] next = [.. arguments, "--out", "killed"];
        while (kills < 5)
        {
            using ActorMdProcess process = ActorMdProcess.Start(_place.Path, next);
            Thread.Sleep(moments.Next(50, 400));
            process.Send("KILL");
            if (process.Wait().Code == 0)
            {
                break;
            }

            kills++;
            AssertNothingIsLeftBehind();
            next = File.Exists(_place["killed/case.yaml"]) ? ["resume", "killed", "--quiet"] : next;
        }

        Assert.Equal(0, _place.Run(next).Code);
        AssertSame(arguments, []);
    }
}
