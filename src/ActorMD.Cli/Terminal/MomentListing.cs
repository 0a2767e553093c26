using System.Globalization;
using ActorMD.Studies.Convergence;
using Spectre.Console;

namespace ActorMD.Cli.Terminal;

/// <summary>The result of a study of moments as a table.</summary>
internal static class MomentListing
{
    public static void Print(MomentResult result, string directory)
    {
        foreach (IGrouping<string, MomentCurve> curves in result.Curves.GroupBy(c => c.Case))
        {
            MomentCurve first = curves.First();
            Table table = new() { Border = TableBorder.Simple, Title = new TableTitle($"{curves.Key}: moments over those of the Maxwellian") };
            foreach (string column in (string[])
                ["orders", "rates", "collisions", "moment", "early decay", .. first.Moments[0].Values.Select(v => Numbers.Short(v.Time))])
            {
                table.AddColumn(new TableColumn(column).RightAligned());
            }

            foreach (MomentHistory moment in first.Moments)
            {
                foreach (MomentCurve curve in curves)
                {
                    MomentHistory history = curve.Moments.Single(m => m.Power == moment.Power);
                    table.AddRow(
                    [
                        curve.Orders, curve.Rates, Numbers.Short(curve.Frequency), $"|v|^{history.Power}",
                        history.Decay is { } decay ? Text(decay.Value, decay.Error) : Numbers.Undefined,
                        .. history.Values.Select(v => Text(v.Ratio, v.Error)),
                    ]);
                }
            }

            AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 180);
            AnsiConsole.Write(table);
        }

        foreach ((MomentCurve curve, MomentHistory moment) in result.Curves.SelectMany(c => c.Moments, (c, m) => (c, m))
            .Where(x => x.m.Tail is not null))
        {
            MomentTail tail = moment.Tail!;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{curve.Case}, orders {curve.Orders}, {curve.Rates}: |v|^{moment.Power} ~ t^{tail.Exponent:F2}({tail.Error:F2}) from {tail.From:G3} to {tail.To:G3}; as t tends to 0 the law is t^{tail.Law:F2}"));
        }

        Console.WriteLine("times in mean free times of the pairs; collisions: of a particle, over those with pairs alone; early decay: of |ratio - 1| up to the first time");
        Console.WriteLine($"folder {Path.GetFullPath(directory)}");
    }

    private static string Text(double value, double error) => string.Create(CultureInfo.InvariantCulture, $"{value:g4}({error:g1})");
}
