using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Studies.Convergence;

namespace ActorMD.Studies.Tests;

/// <summary>The study of velocity moments.</summary>
public sealed class MomentComparisonTests
{
    [Fact]
    public void Triples_relax_the_fourth_moment_faster_than_as_many_pairs_do()
    {
        MomentResult result = Compare(2);
        MomentValue pairs = At(result, "2", "equal", 4, 1), triples = At(result, "3", "equal", 4, 1), added = At(result, "2+3", "added", 4, 1);
        // Excess below 1: -s^2 at first. In the plane it decays like exp(-t/2) by pairs and exp(-19 t/27) by triples near equilibrium.
        Assert.Equal(1 - 0.16, At(result, "2", "equal", 4, 0).Ratio, 4 * At(result, "2", "equal", 4, 0).Error + 0.002);
        Assert.True(triples.Ratio - pairs.Ratio > 4 * (pairs.Error + triples.Error));
        Assert.True(added.Ratio - triples.Ratio > 4 * (added.Error + triples.Error));
        Assert.InRange(Rate(pairs), 0.4, 0.6);
        Assert.InRange(Rate(triples), 0.55, 0.8);
        Assert.Equal(1, result.Curves.Single(c => c is { Orders: "2+3", Rates: "equal" }).Frequency, 1e-12);
        Assert.True(result.Curves.Single(c => c is { Orders: "2+3", Rates: "added" }).Frequency > 1.5);

        static double Rate(MomentValue value) => -Math.Log((1 - value.Ratio) / 0.16) / value.Time;
    }

    [Theory, Trait("Tier", "Validation")]
    [InlineData(1)]
    [InlineData(0.5)]
    public void A_moment_that_is_infinite_at_first_falls_like_the_power_of_the_tail_and_the_kernel(double gamma)
    {
        // Tail v^(-3-3): the sixth moment falls like t^(-3/gamma) once it is finite; -3 for hard spheres.
        Case @case = new(
            "tail", 1, new Gas(Box.Cube(1), [new Species("A", 1, 0.005)], []), [1000],
            new InitialData(
                new PositionPlan(PositionMethod.Conditioned),
                new VelocityPlan([new VelocitySum([new VelocityPart(1, new PowerShape(3), new ConstantProfile(1),
                    [.. Enumerable.Repeat<Profile>(new ConstantProfile(0), 3)])])])),
            new RunPlan(0, 1, 1, null), new OutputPlan(null));
        double first = gamma == 1 ? 0.6 : 1.5;
        MomentStudy study = new("tail", 1, [@case], [[2]], [6], [first, 1.3 * first, 1.7 * first, 2.2 * first], 12,
            150_000)
        { Exponents = [[gamma]] };
        MomentTail tail = new MomentComparison(study, 2, _ => { }, CancellationToken.None).Run().Curves.Single().Moments.Single().Tail!;
        Assert.Equal(-3 / gamma, tail.Law, 1e-12);
        Assert.InRange(tail.Error, 1e-3, 0.12 * -tail.Law);
        // The bulk that relaxes beside the tail, and the cut that is not sharp, bend the power by up to a fifth at these times.
        Assert.Equal(tail.Law, tail.Exponent, 4 * tail.Error + 0.2 * -tail.Law);
        Assert.True(Math.Abs(tail.Exponent - tail.Law * (gamma == 1 ? 0.5 : 2)) > 4 * tail.Error,
            "the other kernel's power would pass too");
    }

    [Fact]
    public void Triples_of_a_hard_kernel_tear_down_a_tail_that_pairs_of_Maxwells_kind_keep()
    {
        // Equal rates; tail v^(-5-2): the eighth moment is infinite at first. One fast particle of Maxwell's gas collides no more often
        // than any other.
        Case @case = new(
            "tail", 1, new Gas(Box.Square(1), [new Species("A", 1, 0.001)], [new Zone(3, 0.01)]), [1000],
            new InitialData(
                new PositionPlan(PositionMethod.Conditioned),
                new VelocityPlan([new VelocitySum([new VelocityPart(1, new PowerShape(5), new ConstantProfile(1), [.. Enumerable.Repeat<Profile>(new ConstantProfile(0), 3)])])])),
            new RunPlan(0, 1, 1, null), new OutputPlan(null));
        MomentStudy study = new("tail", 1, [@case], [[2], [2, 3]], [8], [1], 2, 100_000) { Exponents = [[0], [0, 1]] };
        MomentResult result = new MomentComparison(study, 2, _ => { }, CancellationToken.None).Run();
        double kept = At(result, "2^0", "equal", 8, 1).Ratio, torn = At(result, "2^0+3", "equal", 8, 1).Ratio;
        Assert.True(kept > 3 * torn, $"{kept} against {torn}");
        Assert.Equal(2, result.Generation.Length);
    }

    [Fact]
    public void Threads_change_no_moment() => Assert.Equal(Compare(1, 5000).ToCsv(), Compare(3, 5000).ToCsv());

    [Fact]
    public void The_ready_study_is_read_and_a_wrong_one_is_refused()
    {
        using TemporaryFolder folder = new();
        string studies = ReadyStudiesTests.Folder();
        string path = Path.Combine(studies, "moments.yaml");
        Assert.True(MomentStudyFile.IsOne(path));
        Assert.False(MomentStudyFile.IsOne(Path.Combine(studies, "mixture.yaml")));
        MomentStudy study = MomentStudyFile.Load(path);
        Assert.Equal(["moments-decay", "moments-generation"], study.Cases.Select(c => c.Name));
        Assert.Equal<int>([2, 3, 4], study.Orders[^1]);
        // All orders alone collide as often.
        Gas gas = study.Cases[0].Gas;
        double pairs = CollisionFrequency.Tuple(2, 3, 10_000, gas.Species[0].Diameter, 1);
        Assert.All(gas.Zones, z => Assert.Equal(pairs, CollisionFrequency.Tuple(z.Order, 3, 10_000, z.Distance, 1), 1e-3 * pairs));

        File.WriteAllText(folder["wrong.yaml"], $"cases: [{Path.Combine(studies, "ternary-wave.yaml")}]\norders: [[5], [2, 2]]\npowers: [3]\ntimes: [1]\n");
        InputFaultException error = Assert.Throws<InputFaultException>(() => MomentStudyFile.Load(folder["wrong.yaml"]));
        Assert.Contains("not even", error.Message, StringComparison.Ordinal);
        Assert.Contains("changes in space", error.Message, StringComparison.Ordinal);
        Assert.Contains("no list of sets", error.Message, StringComparison.Ordinal);
    }

    private static MomentValue At(MomentResult result, string orders, string rates, int power, int time) =>
        result.Curves.Single(c => c.Orders == orders && c.Rates == rates).Moments.Single(m => m.Power == power).Values[time];

    private static MomentResult Compare(int workers, int particles = 60_000)
    {
        Case @case = new(
            "plane", 1, new Gas(Box.Square(1), [new Species("A", 1, 0.001)], [new Zone(3, 0.01)]), [1000],
            new InitialData(
                new PositionPlan(PositionMethod.Conditioned),
                new VelocityPlan([new VelocitySum([new VelocityPart(
                    1, new PolynomialShape(0.4), new ConstantProfile(1), [new ConstantProfile(0), new ConstantProfile(0), new ConstantProfile(0)])])])),
            new RunPlan(0, 1, 0.1, null), new OutputPlan(null));
        MomentStudy study = new("moments", 1, [@case], [[2], [3], [2, 3]], [4, 6], [1], Runs: 4, Particles: particles);
        return new MomentComparison(study, workers, _ => { }, CancellationToken.None).Run();
    }
}
