using ActorMD.Files.RunFolders;
using ActorMD.Physics;

namespace ActorMD.Examples.Tests;

public sealed class DensityWaveTests(ExampleRun<DensityWaveTests> run)
    : BitIdenticalExampleTests(run), IExample, IClassFixture<ExampleRun<DensityWaveTests>>
{
    public static string Name => "density-wave";

    [Fact]
    public void The_wave_is_there_at_the_beginning()
    {
        Header.AssertSays($"over the A-particles is {0.25}");
        (BlockAverage a, BlockAverage b) = Wave(Run.Initial);
        Assert.InRange(a.StandardError, 0, 0.008);
        Assert.Equal(0.25, a.Mean, 4 * a.StandardError);
        Assert.Equal(0, b.Mean, 4 * b.StandardError);
    }

    [Fact]
    public void The_wave_is_gone_at_the_end()
    {
        (BlockAverage a, BlockAverage b) = Wave(Run.Final);
        Assert.Equal(0, a.Mean, 4 * a.StandardError);
        Assert.Equal(0, b.Mean, 4 * b.StandardError);
    }

    [Fact]
    public void The_flow_ends_as_heat()
    {
        double flow = 0.5 * 8000 * 0.125 - 1000.0 * 1000 / (2 * 24_000);
        double expected = (8000 * 3 + 4000 * 0.75 + flow) / (1.5 * 12_000);
        Header.AssertSays($"(2/3) E/N = {expected:F3}");
        Header.AssertSays($"about the common motion, {flow:F0}");
        ThermoRow last = Run.Rows[^1];
        Assert.All(last.TemperatureBySpecies, t => Assert.InRange(t!.Value, expected - 0.06, expected + 0.06));
        // The energy of the draws scatters by sqrt(2/3N) T.
        Assert.Equal(expected, last.Temperature!.Value, 0.04);
    }

    // The mean of cos(2 pi x) over the particles of each species.
    private static (BlockAverage A, BlockAverage B) Wave(SystemState state)
    {
        BlockAverage[] waves = [.. Enumerable.Range(0, 2).Select(a =>
        {
            double[] cosines = [
                .. state.Particles.Where(p => p.Kind == a).Select(p => Math.Cos(2 * Math.PI * p.PositionAt(state.Time).X))];
            double mean = cosines.Average(), variance = cosines.Average(c => (c - mean) * (c - mean));
            return new BlockAverage(mean, Math.Sqrt(variance / cosines.Length));
        })];
        return (waves[0], waves[1]);
    }
}
