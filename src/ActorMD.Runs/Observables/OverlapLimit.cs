using ActorMD.Physics;
using ActorMD.Physics.Overlaps;

namespace ActorMD.Runs.Observables;

/// <summary>Tells rounding from a violated phase space [Mix 2.5, High 1.24].</summary>
public static class OverlapLimit
{
    /// <summary>Relative overlaps up to this are rounding; beyond, they are errors.</summary>
    public const double Relative = 1e-10;

    /// <summary>The largest relative overlap of any order; 0 when there is none.</summary>
    public static double Largest(OverlapReport report) => report.Worst?.Relative ?? 0;

    /// <exception cref="PhysicsViolationException">The worst overlap is an error.</exception>
    public static void ThrowIfViolated(OverlapReport report)
    {
        if (Violation(report) is { } violation)
        {
            throw new PhysicsViolationException(violation, report.Worst!.Ids);
        }
    }

    /// <summary>Names the worst overlap when it is an error; null when all is well.</summary>
    public static string? Violation(OverlapReport report)
    {
        if (report.Worst is not { } worst || worst.Relative <= Relative)
        {
            return null;
        }

        string what = worst.Order switch
        {
            1 => "reaches beyond a wall",
            2 => "overlap",
            _ => FormattableString.Invariant($"are inside their zone of order {worst.Order}"),
        };
        string subject = worst.Ids.Length == 1 ? "particle" : "particles";
        return FormattableString.Invariant(
            $"{subject} {string.Join(", ", worst.Ids)} {what} by a relative {worst.Relative:g3}; rounding explains at most {Relative:g1}");
    }
}
