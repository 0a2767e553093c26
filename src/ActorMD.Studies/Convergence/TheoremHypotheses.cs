using ActorMD.Files.Cases;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Studies.Convergence;

/// <summary>What the papers prove for the data of a case.</summary>
/// <param name="RateBelow">The difference is O(eps^r) for every r below this; null: nothing is proved for these data, or nothing that we
/// can believe.</param>
/// <param name="NaturalRate">1/M, the power that effects of N eps^d have; M + 1 is the highest order.</param>
/// <param name="Text">In words, with the theorem.</param>
/// <param name="ExistenceTime">The time up to which the proofs hold, with constants of ours (<see
/// cref="Kinetic.Hierarchy.ExistenceTime"/>); null: there is none.</param>
public sealed record ProvedStatement(double? RateBelow, double NaturalRate, string Text, double? ExistenceTime);

/// <summary>The hypotheses of the main theorems [Mix Thm 5.2, High Cor. 5.8].</summary>
internal static class TheoremHypotheses
{
    /// <summary>What is proved; no rate for data outside the hypotheses.</summary>
    public static ProvedStatement Of(Case @case)
    {
        int highest = @case.Gas.OrderMax - 1;
        double natural = 1.0 / highest;
        if (Broken(@case) is { } reason)
        {
            return new ProvedStatement(null, natural, "no rate: " + reason, Existence(@case));
        }

        if (highest >= 3)
        {
            return new ProvedStatement(
                null, natural,
                FormattableString.Invariant(
                    $"no rate: eps^r for every r below 1/2 is printed for M = {highest} [High Cor. 5.8], but effects of N eps^d = O(eps^(1/{highest})) speak against it (our reading); convergence itself is proved [High Thm 5.6]"),
                Existence(@case));
        }

        double hölder = Profiles(@case.Initial).Any(p => p is CuspProfile) ? 0.5 : 1;
        return @case.Gas.Zones.IsEmpty
            ? new ProvedStatement(
                hölder, natural, FormattableString.Invariant($"eps^r for every r below {hölder}, in R^d for short times [Mix Thm 5.2]"),
                    Existence(@case))
            : new ProvedStatement(Math.Min(0.5, hölder), natural, "eps^r for every r below 1/2, in R^d for short times [High Cor. 5.8]",
                Existence(@case));
    }

    private static double? Existence(Case @case) => Kinetic.Hierarchy.ExistenceTime.Of(@case.Gas, @case.Counts, @case.Initial);

    private static string? Broken(Case @case)
    {
        Profile[] profiles = Profiles(@case.Initial);
        if (profiles.Any(p => p is StepProfile))
        {
            return "the data have a jump, and the theorems ask for Hölder continuous ones";
        }

        if (@case.Initial.Velocities.Species.Any(v => v.HasPowerTail))
        {
            return "a power tail lies in no space with a Gaussian weight";
        }

        if (@case.Initial.Velocities.Species.Any(v => v.IsColdSomewhere))
        {
            return "a gas of temperature 0 has no density of velocities";
        }

        Box box = @case.Gas.Box;
        return profiles.OfType<TableProfile>().Any(t => box.IsPeriodic(t.Along) && t.Values[0] != t.Values[^1])
            ? "a table whose ends differ has a jump where a periodic box closes, and the theorems ask for Hölder continuous data"
            : null;
    }

    private static Profile[] Profiles(InitialData initial) =>
    [
        .. initial.Positions.Densities.OfType<Profile>(),
        .. initial.Velocities.Species.OfType<VelocitySum>().SelectMany(s => s.Parts).SelectMany(p => p.Mean.Add(p.Temperature)),
    ];
}
