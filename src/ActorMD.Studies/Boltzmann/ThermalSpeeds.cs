using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;

namespace ActorMD.Studies.Boltzmann;

/// <summary>The scale of velocities of every species.</summary>
internal static class ThermalSpeeds
{
    private const int DrawCount = 4000;

    /// <summary>Per component: of f_0, or of the common equilibrium where it is larger.</summary>
    public static ImmutableArray<double> Of(Case @case)
    {
        ParticleState[] drawn = Draw(@case);
        double temperature = drawn.Average(p => @case.Gas.Species[p.Kind].Mass * p.Velocity.LengthSquared) / @case.Gas.Dimension;
        return [.. @case.Gas.Species.Select((s, a) => Math.Sqrt(Math.Max(Own(drawn, a, @case.Gas.Dimension), temperature / s.Mass)))];
    }

    /// <summary>
    /// M_a times the mean square of a velocity component at time 0: the temperature, with the energy of mean motions in it.
    /// </summary>
    public static ImmutableArray<double> Temperatures(Case @case)
    {
        ParticleState[] drawn = Draw(@case);
        return [.. @case.Gas.Species.Select((s, a) => s.Mass * Own(drawn, a, @case.Gas.Dimension))];
    }

    private static ParticleState[] Draw(Case @case) =>
        DsmcStart.Draw(@case.Gas, DsmcSize.For(@case.Counts, DrawCount), @case.Initial, 1, 0);

    private static double Own(ParticleState[] drawn, int species, int dimension) =>
        drawn.Where(p => p.Kind == species).Select(p => p.Velocity.LengthSquared).DefaultIfEmpty(0).Average() / dimension;
}
