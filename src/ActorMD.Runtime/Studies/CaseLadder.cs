using ActorMD.Files;
using ActorMD.Kinetic;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Runtime;

/// <summary>The same gas with other numbers of particles, in the scalings of the two papers.</summary>
public static class CaseLadder
{
    /// <summary>Below this share of the ellipsoid an order is not what the limit describes.</summary>
    public const double AccessibleShareMin = 0.3;

    private const int ShareSampleCount = 20_000;

    /// <summary>
    /// The case with a total number of particles: all counts times s, diameters times s^(-1/(d-1)) [Mix 2.28], zones of order l+1 times
    /// s^(-l/(ld-1)) [High 3.11]. Limit constants stay, up to the rounding of counts. Totals of momentum and energy are left free:
    /// the initial law is f_0 itself.
    /// </summary>
    public static Case WithCount(Case @case, int count)
    {
        Gas gas = @case.Gas;
        double factor = (double)count / @case.ParticleCount;
        double contact = PortableMath.Pow(factor, -1.0 / (gas.Dimension - 1));
        return @case with
        {
            Counts = [.. @case.Counts.Select(n => (int)Math.Round(n * factor))],
            Gas = gas with
            {
                Species = [.. gas.Species.Select(s => s with { Diameter = s.Diameter * contact })],
                Zones = [.. gas.Zones.Select(z => z with { Distance = z.Distance * ZoneFactor(z.Order) })],
            },
            Initial = @case.Initial with
            {
                Velocities = @case.Initial.Velocities with { TotalMomentum = null, TotalEnergy = null },
            },
        };

        double ZoneFactor(int order) => PortableMath.Pow(factor, -(order - 1.0) / ((order - 1) * gas.Dimension - 1));
    }

    /// <summary>What makes a rung of the ladder impossible, or far from the limit that it should approach; null for nothing.</summary>
    public static string? Obstacle(Case @case)
    {
        foreach (GasFault fault in GasValidation.Check(@case.Gas, @case.Counts))
        {
            return Invariant($"with {@case.ParticleCount} particles {fault.Problem}");
        }

        foreach (ZoneScale zone in Scales(@case).Zones.Where(z => z.Accessible.Value < AccessibleShareMin))
        {
            return Invariant(
                $"with {@case.ParticleCount} particles lower orders leave a share of {zone.Accessible.Value:F2} of the ellipsoid of order {zone.Order} free");
        }

        return null;
    }

    /// <summary>
    /// The collisions of the kinetic equation with the corrections of finite N in their coefficients: contact values for pairs (Enskog), and
    /// for higher orders the share of the ellipsoid that lower orders leave free.
    /// </summary>
    public static CollisionChannel[] Corrected(Case @case)
    {
        GasScales scales = Scales(@case);
        int speciesCount = @case.Gas.Species.Length;
        return [.. CollisionChannel.All(@case.Gas).Select(channel => channel.Times(channel.Order == 2
            ? scales.Pairs[channel.Members[0] * speciesCount + channel.Members[1]].ContactValue
            : scales.Zones.Single(z => z.Order == channel.Order).Accessible.Value))];
    }

    private static GasScales Scales(Case @case) => GasScales.Of(
        @case.Gas, @case.Counts, [.. @case.Initial.Velocities.Species.Select(v => Math.Max(v.TemperatureIn(@case.Gas.Box), 1e-300))], ShareSampleCount);
}
