using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Validation.Tests.Statistics;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>How pairs meet in equilibrium.</summary>
[Trait("Tier", "Validation")]
public class ScatteringTests(ITestOutputHelper output)
{
    private const double PValueMin = 1e-4;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Relative_speeds_and_impact_parameters_at_contact_have_their_laws(int dimension)
    {
        // Species of unlike masses, so that mu differs between kinds; N large, so that T of the rest is T.
        ImmutableArray<Species> species = [new("A", 1, 1), new("B", 4, 1)];
        ImmutableArray<int> counts = [300, 300];
        Gas gas = KnownGases.OfPacking(dimension, 0.05, species, counts);
        using EquilibriumRun run = new(gas, counts, PositionMethod.Conditioned, seed: 16);
        List<double> normal = [], impact = [];
        long seen = 0;
        while (normal.Count < 30_000)
        {
            run.Simulator.Advance(double.PositiveInfinity, 1);
            if (run.Simulator.Tally.OrderCounts[2] == seen)
            {
                continue;
            }

            seen = run.Simulator.Tally.OrderCounts[2];
            SystemState state = run.Simulator.Capture();
            // The two that collided are the ones whose last event is now. The collision reverses the normal component of the
            // relative velocity and keeps the rest.
            ParticleState[] pair = [.. state.Particles.Where(p => p.Time == state.Time)];
            Assert.Equal(2, pair.Length);
            double reducedMass = 1 / (1 / species[pair[0].Kind].Mass + 1 / species[pair[1].Kind].Mass);
            Vec3 r = gas.Box.NearestImage(pair[1].Position - pair[0].Position), v = pair[1].Velocity - pair[0].Velocity;
            double u = Vec3.Dot(r, v);
            Assert.True(u > 0);
            normal.Add(Math.Sqrt(reducedMass * u * u / r.LengthSquared));
            impact.Add(Vec3.Cross(r, v).LengthSquared / (r.LengthSquared * v.LengthSquared));
        }

        // Density u exp(-mu u^2/2T); b^(d-1) uniform: impact holds (b/eps)^2.
        double[] b = [.. impact.Select(squared => dimension == 3 ? squared : Math.Sqrt(squared))];
        double speedP = KolmogorovSmirnov.PValue([.. normal], u => 1 - Math.Exp(-0.5 * u * u));
        double impactP = KolmogorovSmirnov.PValue(b, x => x);
        Scores.Note(output, "normal speed", Scores.NormalOf(speedP));
        Scores.Note(output, "impact parameter", Scores.NormalOf(impactP));
        output.WriteLine(FormattableString.Invariant(
            $"d = {dimension}: {b.Length} collisions, p = {speedP:F4} of the normal speed, {impactP:F4} of the impact parameter"));
        Assert.True(speedP > PValueMin);
        Assert.True(impactP > PValueMin);
    }
}
