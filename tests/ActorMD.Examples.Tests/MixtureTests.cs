using ActorMD.Engine.Execution;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Scalings;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Examples.Tests;

public sealed class MixtureTests(ExampleRun<MixtureTests> run)
    : BitIdenticalExampleTests(run), IExample, IClassFixture<ExampleRun<MixtureTests>>
{
    private const double Temperature = 1.5;

    private readonly GasScales _scales = GasScales.Of(run.Case.Gas, run.Case.Counts, [Temperature, Temperature]);

    public static string Name => "mixture";

    [Fact]
    public void The_gas_is_in_the_mixed_scaling()
    {
        ScaledGas solved = MixtureScaling.Solve(
            3, [new MixtureMember("A", 1, Constant: 1, Ratio: Math.Sqrt(0.5)), new MixtureMember("B", 4, Count: 4000, Constant: 1)]);
        Assert.Equal(solved.Counts.AsEnumerable(), Run.Case.Counts);
        Assert.Equal(12_000, Run.Case.ParticleCount);
        Assert.All(
            solved.Gas.Species.Zip(Run.Case.Gas.Species), pair => Assert.Equal(pair.First.Diameter, pair.Second.Diameter, 1e-15));
    }

    [Fact]
    public void The_temperatures_meet()
    {
        Header.AssertSays($"T = (2 T_A + T_B)/3 = {Temperature}");
        Assert.Equal(Temperature, Run.Summary.Temperature.Overall!.Value, 1e-12);
        Assert.All(Run.Summary.Temperature.BySpecies, t => Assert.InRange(t.Value!.Value, Temperature - 0.02, Temperature + 0.02));
    }

    /// <summary>
    /// Two Maxwellians exchange energy at the rate dT_A/dt = -(8/3) mu/(M_A + M_B) nu_AB (T_A - T_B): a collision at the
    /// relative velocity g takes mu G.g from A on average, G the velocity of the centre of mass, whose mean given g is
    /// g (T_A - T_B)/((M_A + M_B) s^2), and collisions weigh g so that the mean of g^2 is 4 s^2, s^2 = T_A/M_A + T_B/M_B.
    /// </summary>
    [Fact]
    public void The_temperature_difference_decays_as_two_Maxwellians_exchange_energy()
    {
        Header.AssertSays($"exp(-{DecayRate(Temperature, Temperature):F1} t)");
        double hot = 2, cold = 0.5;
        const double Step = 1e-4;
        for (int n = 0; n < 3000; n++)
        {
            double change = Step * DecayRate(hot, cold) * (hot - cold);
            hot -= change / 3; // N_A = 2 N_B: A loses half of what B gains
            cold += 2 * change / 3;
        }

        ThermoRow row = Run.Rows.Single(r => Math.Abs(r.Time - 0.3) < 1e-9);
        double difference = row.TemperatureBySpecies[0]!.Value - row.TemperatureBySpecies[1]!.Value;
        // T_A - T_B scatters as if the energies of A and B were drawn with their sum given: T sqrt((2/3) (1/N_A + 1/N_B)).
        double error = Temperature * Math.Sqrt(2.0 / 3 * (1.0 / 8000 + 1.0 / 4000));
        Assert.Equal(hot - cold, difference, 4 * error + 0.02);
    }

    [Theory]
    [InlineData("AA", 0, 0, 8000, 2)]
    [InlineData("AB", 0, 1, 8000, 1)]
    [InlineData("BB", 1, 1, 4000, 2)]
    public void Pairs_of_every_kind_collide_at_their_rate(string key, int a, int b, int particles, int participants)
    {
        double expected = _scales.Pairs.Single(p => p.First == a && p.Second == b).Rate;
        Header.AssertSays($"{key} {expected:F3}");
        AssertAgrees(expected, MeasureRate(key, particles, participants), relativeErrorMax: 0.0065);
    }

    [Fact]
    public void Z_is_that_of_the_mixture()
    {
        double expected = EquationOfState.Compressibility(Run.Case.Gas, Run.Case.Counts);
        Header.AssertSays($"Z = {expected:F4}");
        AssertAgrees(expected, MeasureZ(), relativeErrorMax: 0.0005);
    }

    [Fact]
    public void With_filtered_cells_it_ends_in_the_same_digest() => AssertSameDigestWith(new SearchSettings(SearchMethod.FilteredCells));

    // Of T_A - T_B: both species approach the mean.
    private double DecayRate(double hot, double cold)
    {
        Gas gas = Run.Case.Gas;
        double rate = CollisionFrequency.Pair(
            3, 4000, gas.ContactDistance(0, 1), hot / 1, cold / 4, EquationOfState.ContactValue(gas, Run.Case.Counts, 0, 1));
        double perCollision = 8.0 / 3 * (4.0 / 5) / 5;
        return perCollision * (rate + 2 * rate);
    }
}
