using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Events;
using ActorMD.Files.States;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

public class CaseRoundTripTests
{
    [Fact]
    public void A_resolved_case_shows_every_default()
    {
        const string Expected = """
            # Resolved by ActorMD: all defaults are filled in, and it runs as it is.
            name: "base"
            seed: 1
            dimensions: 3
            box:
              lengths: [1, 1, 1]
              boundary: [periodic, periodic, periodic]
            species:
              - { name: "A", count: 1, mass: 1, diameter: 0.1 }
            initial:
              positions: { method: conditioned }
              velocities:
                "A": { temperature: 1, mean: [0, 0, 0] }
              total_momentum: free
            run:
              equilibrate: 0
              until: 2
              sample: 0.02

            """;
        Assert.Equal(Expected, CaseFile.Write(Cases.Valid(Cases.Minimal)));
    }

    [Theory, InlineData(Cases.Base), InlineData(Cases.Minimal), InlineData(Cases.Everything), InlineData(Cases.Sized)]
    public void A_written_case_is_read_as_the_same_case(string yaml) => AssertRoundTrip(Cases.Valid(yaml));

    [Fact]
    public void Random_cases_survive_writing_and_reading_bit_for_bit()
    {
        Random random = new(11);
        for (int trial = 0; trial < 300; trial++)
        {
            AssertRoundTrip(Draw(random));
        }
    }

    private static void AssertRoundTrip(Case @case)
    {
        string text = CaseFile.Write(@case);
        CaseLoad load = CaseFile.Parse(text, "/elsewhere/other.yaml", []);
        Assert.True(load.Case is not null, text + string.Join('\n', load.Faults));
        Assert.Equivalent(@case, load.Case, strict: true);
        Assert.Equal(text, CaseFile.Write(load.Case));
        Assert.Empty(load.Warnings);
    }

    private static Case Draw(Random random)
    {
        int d = random.Next(2, 4);
        Boundary Side() => (Boundary)random.Next(3);
        double Unit() => BitConverter.Int64BitsToDouble(random.NextInt64(0x3FF0000000000000L, 0x4000000000000000L)); // [1, 2), all bits
        Vec3 Vector(double scale) => new(scale * (Unit() - 1.5), scale * Unit(), d == 3 ? -scale * Unit() : 0);
        Box box = new(d, new Vec3(Unit(), 100 * Unit(), d == 3 ? Unit() : 0), Side(), Side(), d == 3 ? Side() : Boundary.Open);
        int speciesCount = random.Next(1, 4);
        ImmutableArray<Species> species =
            [.. Enumerable.Range(0, speciesCount)
                .Select(a => new Species(new[] { "A", "NO", "e5-x" }[a], Math.Pow(10, random.Next(-50, 50)) * Unit(), 1e-3 * Unit()))];
        ImmutableArray<Zone> zones = random.Next(2) == 0 ? [] : [new Zone(3, 1e-2 * Unit()), new Zone(4, 1e-1 * Unit())];
        ImmutableArray<int> counts = [.. species.Select(_ => random.Next(4, 50))];
        VelocityPlan velocities = new(
            [.. species.Select(_ => new Maxwellian(random.Next(3) * Unit(), Vector(1e-5)))],
            random.Next(3) switch { 0 => null, 1 => Vec3.Zero, _ => Vector(1e-40) });
        PositionPlan positions = random.Next(2) == 0 ? new(PositionMethod.Lattice) : new(
            PositionMethod.Conditioned, random.Next(2) == 0 ? null : random.Next(1, 99));
        double until = 10 * Unit();
        return new Case(
            "random " + random.Next(), (ulong)random.NextInt64() * 2 + 1, new Gas(box, species, zones), counts,
            new InitialData(positions, velocities),
            new RunPlan(random.Next(2) * Unit(), until, Unit(), random.Next(2) == 0 ? null : Unit()),
            new OutputPlan(random.Next(2) == 0 ? null : new TrajectoryPlan(Unit(), (TrajectoryFormat)random.Next(3)),
                random.Next(3) switch { 0 => null, 1 => new EventPlan(), _ => new EventPlan(0.1 * Unit(), 1 + Unit()) }));
    }
}
