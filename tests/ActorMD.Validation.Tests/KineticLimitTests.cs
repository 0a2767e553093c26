using ActorMD.Files;
using ActorMD.Runtime;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>The particle system tends to its kinetic equation: the study of the mixture in small.</summary>
[Trait("Tier", "Validation")]
public class KineticLimitTests(ITestOutputHelper output)
{
    [Fact]
    public void The_mixture_comes_closer_to_its_kinetic_equation_and_corrections_of_finite_N_explain_most_of_the_rest()
    {
        Study study = StudyFile.Load(Path.Combine(RepositoryRoot(), "examples", "studies", "mixture.yaml")) with
        {
            Ladder = [1500, 12_000],
            Times = [0.2],
            ReplicaMin = 40,
            ReplicaMax = 40,
            ReferenceRuns = 8,
            ReferenceParticles = 200_000,
        };
        ConvergenceResult result = new ConvergenceStudy(study, Environment.ProcessorCount, output.WriteLine, CancellationToken.None).Run(force: false);
        MeasuredDifference coarse = result.Rungs[0].Times[0].All, fine = result.Rungs[1].Times[0].All;
        double error = Math.Sqrt(coarse.SquaredError * coarse.SquaredError + fine.SquaredError * fine.SquaredError);
        Assert.True(coarse.Squared - fine.Squared > 4 * error, "the difference did not shrink");
        Assert.True(fine.Squared > 4 * fine.SquaredError, "at N = 12 000 the difference is still to be seen");
        foreach (LadderRung rung in result.Rungs)
        {
            MeasuredDifference corrected = rung.Times[0].Corrected;
            Assert.True(corrected.Squared < 0.5 * rung.Times[0].All.Squared, "the corrections explain less than half of the square");
        }
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorMD.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the repository was not found");
    }
}
