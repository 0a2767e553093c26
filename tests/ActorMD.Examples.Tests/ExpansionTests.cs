using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Examples.Tests;

public sealed class ExpansionTests(ExampleRun<ExpansionTests> run)
    : BitIdenticalExampleTests(run), IExample, IClassFixture<ExampleRun<ExpansionTests>>
{
    private readonly int _count = run.Case.ParticleCount;
    private readonly double _diameter = run.Case.Gas.DiameterMax;

    public static string Name => "expansion";

    /// <summary>
    /// Two particles on straight paths meet if the second starts in the tube that the first one sweeps relative to it. Over
    /// isotropic directions the tube meets a distance r with the probability eps^2/(4 r^2), whatever the speeds, so the number
    /// of collisions is N (N-1)/2 eps^2/4 times the mean of 1/r^2 over two uniform points of the cube; scattered
    /// particles do not change it in first order.
    /// </summary>
    [Fact]
    public void There_are_as_many_collisions_as_pairs_whose_tubes_meet()
    {
        double expected = 0.5 * _count * (_count - 1.0) * _diameter * _diameter / 4 * MeanInverseSquareDistance();
        long eventCount = Run.Summary.Events["order2"];
        Header.AssertSays($"<1/r^2> = {MeanInverseSquareDistance():F3}");
        Header.AssertSays($"{expected:F0} collisions");
        AssertAgrees(expected, new BlockAverage(eventCount, Math.Sqrt(eventCount)), relativeErrorMax: 0.025);
    }

    [Fact]
    public void Collisions_stop_and_sampling_goes_on()
    {
        Assert.Equal(0, Run.Summary.CollisionFrequency["AA"]);
        Assert.Equal(41, Run.Rows.Length);
        Assert.Equal(20, Run.Rows[^1].Time);
        Assert.All(Run.Rows, row => Assert.Equal(Run.Summary.Energy.Initial, row.Energy!.Value, 1e-9));
        string trajectory = File.ReadAllText(Run.Folder.TrajectoryPath(TrajectoryFormat.ExtXyz));
        Assert.Equal(5, trajectory.Split("Lattice=").Length - 1);
    }

    [Fact]
    public void Angular_momentum_is_kept() => Assert.InRange(Run.Summary.AngularMomentumDrift!.Value, 0, 1e-14);

    /// <summary>Mean squared distance from the cube's centre: 1/4 + 3 (T/M) t^2, as if nothing collided.</summary>
    [Fact]
    public void The_cloud_grows_with_the_thermal_speed()
    {
        double time = Run.Case.Run.Until, sum = 0;
        foreach (ref readonly ParticleState particle in Run.Final.Particles.AsSpan())
        {
            sum += (particle.PositionAt(Run.Final.Time) - new Vec3(0.5, 0.5, 0.5)).LengthSquared;
        }

        double expected = 0.25 + 3 * time * time;
        Header.AssertSays($"{Math.Sqrt(expected):F1}");
        // The energy is exact; the mean of r.v at time 0 scatters by sqrt(T/(4 N)), that is 2 t times as much in r^2.
        Assert.Equal(expected, sum / _count, 4 * 2 * time * Math.Sqrt(0.25 / _count) + 0.001 * expected);
    }

    /// <summary>
    /// In one of the six pyramids of the differences, (x, y, z) = u (1, a, b), the integral over u is elementary: a mean over
    /// a and b is left.
    /// </summary>
    private static double MeanInverseSquareDistance()
    {
        const int PointCount = 200;
        double sum = 0;
        for (int i = 0; i < PointCount; i++)
        {
            for (int j = 0; j < PointCount; j++)
            {
                double a = (i + 0.5) / PointCount, b = (j + 0.5) / PointCount;
                sum += (1 - (1 + a + b) / 2 + (a + b + a * b) / 3 - a * b / 4) / (1 + a * a + b * b);
            }
        }

        return 24 * sum / (PointCount * PointCount);
    }
}
