using ActorMD.Studies.Fluctuations;
using Spectre.Console;
using static System.FormattableString;

namespace ActorMD.Cli.Terminal;

/// <summary>The result of a study of fluctuations, for people.</summary>
internal static class FluctuationListing
{
    /// <summary>Prints everything.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="directory">Where the files are.</param>
    public static void Print(FluctuationResult result, string directory)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in (string[])["pair", "waves", "time", .. result.Rungs.Select(r => $"N = {Numbers.Count(r.Particles)}"),
            "linear equation"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        for (int n = 0; n < result.Rungs[0].Covariances.Length; n++)
        {
            Covariance first = result.Rungs[0].Covariances[n];
            table.AddRow(
            [
                first.Pair, Numbers.Count(first.Waves), Numbers.Short(first.Time),
                .. result.Rungs.Select(r => Invariant($"{r.Covariances[n].Value:F4} +- {r.Covariances[n].Error:F4}")),
                    Invariant($"{first.Linear:F4} +- {first.LinearError:F4}"),
            ]);
        }

        AnsiConsole.Write(table);
        foreach (FluctuationRung rung in result.Rungs)
        {
            string difference = rung.All.Value is { } value ? Invariant($"{value:G3} +- {rung.All.Error:G2}")
                : Invariant($"below its error ({Math.Sqrt(rung.All.SquaredError):G2})");
            Console.WriteLine(Invariant($"N = {rung.Particles}: {rung.Replicas} replicas, root mean square difference {difference}"));
        }

        Console.WriteLine(result.Rate.Exponent is { } exponent
            ? Invariant($"difference ~ eps^{exponent:F2}, 95 percent interval {result.Rate.Lower:F2} to {result.Rate.Upper:F2}")
            : "the difference has no power");
        Console.WriteLine(Invariant($"linear equation: the expansion's error is about {result.Truncation:G2}; mean free time {Numbers.Short(result.MeanFreeTime)}; {result.Theorem}"));
        Console.WriteLine($"folder {Path.GetFullPath(directory)}");
    }
}
