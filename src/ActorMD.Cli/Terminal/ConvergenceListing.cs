using ActorMD.Studies.Convergence;
using Spectre.Console;
using static System.FormattableString;

namespace ActorMD.Cli.Terminal;

/// <summary>The result of a study of convergence, for people.</summary>
internal static class ConvergenceListing
{
    private const int WidthMin = 180;

    /// <summary>Prints everything.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="directory">Where the files are.</param>
    public static void Print(ConvergenceResult result, string directory)
    {
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, WidthMin);
        AnsiConsole.Write(Differences(result));
        PrintSizes(result);
        PrintCumulants(result);
        foreach (RateFit fit in result.Fits)
        {
            Console.WriteLine($"time {Numbers.Short(fit.Time)}: {fit.Of} {Rate(fit)}");
        }

        foreach (RateFit fit in result.ChaosFits.Where(f => f.Exponent is not null))
        {
            Console.WriteLine($"time {Numbers.Short(fit.Time)}: correlation {fit.Of} {Rate(fit)}");
        }

        if (!result.Refinement.IsEmpty)
        {
            Console.WriteLine("half the step and cells' width change the kinetic solution by "
                + string.Join(", ", result.Refinement.Select(Text)));
        }

        Console.WriteLine("H of the kinetic equation: " + H(result.KineticH));
        Console.WriteLine("H of the particles at the largest N: " + H(result.Rungs[^1].H));
        PrintProved(result);
        foreach (string warning in result.Warnings)
        {
            Console.WriteLine($"Warning: {warning}");
        }

        Console.WriteLine($"verdict: {result.Verdict.Outcome}: {result.Verdict.Reason} (limit: {Text(result.Verdict.Limit)})");
        Console.WriteLine($"folder {Path.GetFullPath(directory)}");
    }

    private static Table Differences(ConvergenceResult result)
    {
        Table table = new() { Border = TableBorder.Simple };
        string[] effects = [.. result.Rungs[0].Times[0].Effects.Select(e => $"after {e.Name}")];
        foreach (string column in (string[])["N", "eps", "replicas", "time", "difference", .. effects, "largest, compact phi",
            "largest, corrected", "correlations"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (LadderRung rung in result.Rungs)
        {
            foreach (LadderDifference time in rung.Times)
            {
                table.AddRow(
                [
                    Numbers.Count(rung.Particles), Numbers.Short(rung.Epsilon), Numbers.Count(rung.Replicas), Numbers.Short(time.Time),
                    Text(time.All), .. time.Effects.Select(e => Text(e.Left)), Text(time.Largest), Text(time.LargestCorrected),
                    string.Join("; ", time.Chaos.Select(c => $"{c.Pair} {Text(c.All)}")),
                ]);
            }
        }

        return table;
    }

    private static string Text(SupDifference? largest) =>
        largest is { } sup ? Invariant($"{sup.Value:g3} +- {sup.Error:g2}") : "";

    private static void PrintSizes(ConvergenceResult result)
    {
        foreach (LadderRung rung in result.Rungs)
        {
            string ratios = string.Concat(rung.Crowding.Where(c => c.Key.StartsWith("ratio_", StringComparison.Ordinal))
                .Select(c => Invariant($", reach below {c.Key["ratio_".Length..]} over its zone {c.Value:G3}")));
            string normalisation = rung.LogNormalisation is { } z ? Invariant($"ln Z_N = {z.Value:G5} +- {z.Error:G2}") : "";
            Console.WriteLine($"N = {rung.Particles}: {normalisation}{ratios}");
        }
    }

    // Of the last time: s = 3, 4.
    private static void PrintCumulants(ConvergenceResult result)
    {
        foreach (LadderRung rung in result.Rungs)
        {
            LadderDifference last = rung.Times[^1];
            if (!last.Cumulants.IsEmpty)
            {
                Console.WriteLine(Invariant($"N = {rung.Particles}, time {last.Time}: cumulants ")
                    + string.Join("; ", last.Cumulants.Select(c => $"{c.Species} {Text(c.All)}")));
            }
        }
    }

    private static string Rate(RateFit fit)
    {
        if (fit.Exponent is not { } exponent)
        {
            return "has no power: nothing differs";
        }

        string two = fit is { First: { } first, Second: { } second }
            ? Invariant($"; of two powers {first.Value:F2} ({first.Lower:F2} to {first.Upper:F2}) and {second.Value:F2} ({second.Lower:F2} to {second.Upper:F2})")
            : "";
        string spread = fit.SpreadOfOne is { } one ? Invariant($"; squares left over freedom {one:F2}")
            + (fit.SpreadOfTwo is { } both ? Invariant($" and {both:F2}") : "") : "";
        string open = fit.IsOpen ? Invariant($" (open: powers are sought from 0 to {RateFit.PowerMax})") : "";
        return Invariant($"~ eps^{exponent:F2}, 95 percent interval {fit.Lower:F2} to {fit.Upper:F2}{open}, from {fit.Rungs} rungs; 1/M is {fit.NaturalRate} and 1 {fit.RateOne} of it{two}{spread}");
    }

    private static void PrintProved(ConvergenceResult result)
    {
        string existence = (result.Proved?.ExistenceTime, result.MeanFreeTime) switch
        {
            ({ } time, { } unit) => Invariant($"; the proofs hold up to T = {time:G3}, {time / unit:G2} mean free times (the contraction of [High 4.29] with our constants)"),
            ({ } time, null) => Invariant($"; the proofs hold up to T = {time:G3} (the contraction of [High 4.29] with our constants)"),
            _ => "",
        };
        Console.WriteLine($"proved: {result.Theorem}{existence}; the last time is {Numbers.Short(result.MeanFreeTimes)} mean free times");
    }

    private static string H(IEnumerable<HValue> values) =>
        string.Join(", ", values.Select(h => Invariant($"{h.Value:F4}({h.Error:F4}) at {h.Time}")));

    private static string Text(MeasuredDifference difference) => difference.Value is { } value
        ? Invariant($"{value:g3} +- {difference.Error:g2}")
        : Invariant($"< {Math.Sqrt(difference.SquaredError):g2}");
}
