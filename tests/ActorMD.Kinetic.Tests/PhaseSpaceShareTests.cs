using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Tests;

/// <summary>Z_N, and the conditioned law at contact.</summary>
public sealed class PhaseSpaceShareTests
{
    private static readonly PositionPlan Uniform = new(PositionMethod.Conditioned);

    [Fact]
    public void Two_and_three_spheres_have_the_closed_forms()
    {
        const double Diameter = 0.25;
        double v = 4 * Math.PI / 3 * Math.Pow(Diameter, 3);
        Gas gas = new(Box.Cube(1), [new("A", 1, Diameter)], []);
        (double two, double twoError) = PhaseSpaceShare.Log(gas, [2], Uniform, 1, default);
        (double three, double threeError) = PhaseSpaceShare.Log(gas, [3], Uniform, 1, default);
        Assert.InRange(twoError, 0, 0.003);
        Assert.Equal(Math.Log(1 - v), two, 4 * twoError);
        Assert.InRange(threeError, 0, 0.004);
        Assert.Equal(Math.Log(1 - 3 * v + 81 * v * v / 32), three, 4 * threeError);
    }

    [Fact]
    public void Many_disks_of_two_kinds_with_a_wave_and_triples_have_what_plain_trial_gives_in_small()
    {
        // Just above and just below the number from which on the sum is an integral, and a gas so dilute that ln Z is -N^2 v/2.
        Gas dilute = new(Box.Square(1), [new("A", 1, 0.002), new("B", 1, 0.004)], []);
        (double log, double error) = PhaseSpaceShare.Log(dilute, [300, 200], Uniform, 1, default);
        double expected = -Math.PI * (0.5 * 300 * 299 * 0.002 * 0.002 + 300 * 200 * 0.003 * 0.003 + 0.5 * 200 * 199 * 0.004 * 0.004);
        Assert.InRange(error, 0, 0.03 * -expected);
        // The next term, from triangles of overlaps, is a share of N v of it.
        Assert.Equal(expected, log, 4 * error - 0.01 * expected);

        // A wave makes neighbours: the mean square of 1 + 0.5 cos is 1.125.
        (double wave, double waveError) = PhaseSpaceShare.Log(
            dilute, [500, 0], new PositionPlan(PositionMethod.Conditioned, Densities: [new CosineProfile(0, 1, 0.5, 1, 0), null]), 1,
                default);
        double ofWave = -1.125 * Math.PI * 0.5 * 500 * 499 * 0.002 * 0.002;
        Assert.Equal(ofWave, wave, 4 * waveError - 0.01 * ofWave);
        Assert.True(wave < ofWave / 1.125 + 4 * waveError - 0.01 * ofWave, "the wave is not felt");
    }

    [Fact]
    public void Three_spheres_of_the_conditioned_law_touch_as_often_as_the_exact_contact_value_says()
    {
        // g(r) = (1 - 2v + lens(r))/Z_3 up to two diameters; at contact (1 - 27v/16)/(1 - 3v + 81v^2/32) = 1.0456.
        const double Diameter = 0.2, Far = 1.5 * Diameter;
        const int Count = 40_000;
        double v = 4 * Math.PI / 3 * Math.Pow(Diameter, 3), z = 1 - 3 * v + 81 * v * v / 32;
        Assert.Equal(1.04559, (1 - 27 * v / 16) / z, 1e-5);
        double near = 0, exact = 0;
        const int Steps = 2000;
        for (int n = 0; n < Steps; n++)
        {
            double r = Diameter + (Far - Diameter) * (n + 0.5) / Steps;
            double lens = v * (1 - 0.75 * r / Diameter + Math.Pow(r / Diameter, 3) / 16);
            exact += 3 * 4 * Math.PI * r * r * (Far - Diameter) / Steps * (1 - 2 * v + lens) / z;
        }

        Gas gas = new(Box.Cube(1), [new("A", 1, Diameter)], []);
        InitialData data = new(Uniform, new([new Maxwellian(0, Vec3.Zero)]));
        double squares = 0;
        for (int n = 0; n < Count; n++)
        {
            ParticleStates(n, out int pairs);
            near += pairs;
            squares += pairs * pairs;
        }

        double mean = near / Count, error = Math.Sqrt((squares / Count - mean * mean) / Count), free =
            3 * 4 * Math.PI / 3 * (Math.Pow(Far, 3) - Math.Pow(Diameter, 3));
        Assert.InRange(error / exact, 0, 0.012);
        Assert.Equal(exact, mean, 4 * error);
        Assert.True(exact - free > 3 * error, "independent spheres could not be told from these");

        void ParticleStates(int seed, out int pairs)
        {
            ParticleState[] p = InitialState.Build(gas, [3], data, (ulong)seed).Particles;
            pairs = Close(0, 1) + Close(0, 2) + Close(1, 2);

            int Close(int i, int j) => gas.Box.NearestImage(p[i].Position - p[j].Position).LengthSquared < Far * Far ? 1 : 0;
        }
    }
}
