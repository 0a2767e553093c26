using ActorMD.Files.Studies;
using ActorMD.Studies.Convergence;
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
        ConvergenceResult result = new ConvergenceStudy(study, Environment.ProcessorCount, output.WriteLine, CancellationToken.None)
            .Run(force: false);
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

    /// <summary>Ready study; order and factor of a wrong coefficient of its kinetic equation, 1 for the right one.</summary>
    public static TheoryData<string, int, double> Equations => new()
    {
        { "relaxation-mixture", 2, 1 },
        { "relaxation-mixture", 2, 0.6863 }, // A_12 = c_1 in place of c_1 ((1 + 1/b)/2)^2, b = 1/sqrt(2) [Mix 2.35]
        { "relaxation-ternary", 3, 1 },
        { "relaxation-ternary", 3, 2 }, // 1/l! forgotten [High 1.5]
        { "relaxation-ternary", 3, 3 }, // the sphere's area in place of the ellipsoid's measure, (l+1)^((l-1)d/2) times as much [High 7.10]
        { "relaxation-quaternary", 4, 1 },
        { "relaxation-quaternary", 4, 6 }, // 1/l! forgotten
    };

    [Theory, MemberData(nameof(Equations))]
    public void A_whole_study_fails_with_a_wrong_coefficient_and_only_then(string name, int order, double mistake)
    {
        Study study = StudyFile.Load(Path.Combine(RepositoryRoot(), "examples", "studies", name + ".yaml"));
        study = study with
        { Ladder = [study.Ladder[0], study.Ladder[2], study.Ladder[4]], ReplicaParticles = 600_000, ReferenceRuns = 8, ReferenceParticles = 200_000 };
        ConvergenceResult result = new ConvergenceStudy(
            study, Environment.ProcessorCount, output.WriteLine, CancellationToken.None, null,
            channel => channel.Order == order && (order > 2 || channel.Members[0] != channel.Members[1]) ? channel.Times(mistake) : channel)
            .Run(force: false);
        output.WriteLine($"{result.Verdict.Outcome}: {result.Verdict.Reason}");
        if (mistake == 1)
        {
            Assert.NotEqual(StudyVerdict.Disagrees, result.Verdict.Outcome);
        }
        else
        {
            Assert.Equal(StudyVerdict.Disagrees, result.Verdict.Outcome);
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
