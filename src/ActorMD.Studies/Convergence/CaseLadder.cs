using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Kinetic.Scalings;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;
using static System.FormattableString;

namespace ActorMD.Studies.Convergence;

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
    /// The effects of finite N that a kinetic equation can carry, one after the other, with the collisions of each (physics, section 7):
    /// "initial law", the conditioned law in place of f_0, which changes no collision; "accessible share", the part of the
    /// ellipsoid of every order that lower orders leave free; "density", the answer of every rate to the local density of the others
    /// (<see cref="DensityResponse"/>): contact values of pairs, and -n V for orders 3 and up.
    /// </summary>
    /// <remarks>Where nothing depends on space, conditioning changes no velocity: there the first is left out.</remarks>
    public static IReadOnlyList<(string Name, ImmutableArray<CollisionChannel> Channels)> Effects(Case @case, bool isHomogeneous)
    {
        GasScales scales = Scales(@case);
        ImmutableArray<CollisionChannel> plain = CollisionChannel.All(@case.Gas);
        ImmutableArray<CollisionChannel> shared =
            [.. plain.Select(c => c.Order == 2 ? c : c.Times(scales.Zones.Single(z => z.Order == c.Order).Accessible.Value))];
        ImmutableArray<CollisionChannel> dense = [.. shared.Select(c => c.With(DensityResponse.Of(@case.Gas, c)))];
        List<(string, ImmutableArray<CollisionChannel>)> effects = [];
        if (!isHomogeneous)
        {
            effects.Add(("initial law", plain));
        }

        if (!@case.Gas.Zones.IsEmpty)
        {
            effects.Add(("accessible share", shared));
        }

        effects.Add(("density", dense));
        return effects;
    }

    /// <summary>
    /// Sizes of these effects: contact values by pair (chi_AB), accessible share, n eps_k^d and the ratio of the next smaller reach to
    /// eps_k by order, which tends to 0 [High 1.8].
    /// </summary>
    public static ImmutableSortedDictionary<string, double> Crowding(Case @case)
    {
        Gas gas = @case.Gas;
        GasScales scales = Scales(@case);
        var sizes = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (PairScale pair in scales.Pairs.Where(p => p.First <= p.Second))
        {
            sizes[$"chi_{SummaryKeys.Pair(gas, pair.First, pair.Second)}"] = pair.ContactValue;
        }

        foreach (ZoneScale zone in scales.Zones)
        {
            sizes[$"accessible_{SummaryKeys.Order(zone.Order)}"] = zone.Accessible.Value;
            sizes[$"crowding_{SummaryKeys.Order(zone.Order)}"] = zone.Crowding;
            double reach = gas.Zones.Where(z => z.Order < zone.Order).Select(z => z.Distance).DefaultIfEmpty(gas.DiameterMax).Max();
            sizes[$"ratio_{SummaryKeys.Order(zone.Order)}"] = reach / gas.ZoneOf(zone.Order)!.Distance;
        }

        return sizes.ToImmutable();
    }

    private static GasScales Scales(Case @case) => GasScales.Of(
        @case.Gas, @case.Counts, [.. @case.Initial.Velocities.Species.Select(v => Math.Max(v.TemperatureIn(@case.Gas.Box), 1e-300))], ShareSampleCount);
}
