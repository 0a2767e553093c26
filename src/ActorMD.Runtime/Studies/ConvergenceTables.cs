using System.Globalization;
using System.Text;

namespace ActorMD.Runtime;

/// <summary>The results of a study as CSV tables.</summary>
public static class ConvergenceTables
{
    /// <summary>
    /// One row per N, time and observable (<c>all</c>, <c>all_corrected</c>, then each): difference (empty below its error), its error, its square
    /// and the error of that.
    /// </summary>
    public static string Differences(ConvergenceResult result)
    {
        StringBuilder text = new("particles,epsilon,replicas,time,observable,difference,error,squared,squared_error\n");
        foreach (LadderRung rung in result.Rungs)
        {
            foreach (LadderDifference time in rung.Times)
            {
                Add("all", time.All);
                Add("all_corrected", time.Corrected);
                foreach ((string name, MeasuredDifference difference) in time.Observables)
                {
                    Add(name, difference);
                }

                void Add(string name, MeasuredDifference d) => text.Append(CultureInfo.InvariantCulture,
                    $"{rung.Particles},{rung.Epsilon:R},{rung.Replicas},{time.Time:R},{name},{Text(d.Value)},{Text(d.Error)},{Text(d.Squared)},{Text(d.SquaredError)}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>One row per N, time and pair of species: the mean correlation of well-separated bins, and its error.</summary>
    public static string Chaos(ConvergenceResult result)
    {
        StringBuilder text = new("particles,epsilon,replicas,time,pair,correlation,error\n");
        foreach (LadderRung rung in result.Rungs)
        {
            foreach (LadderDifference time in rung.Times)
            {
                foreach ((string pair, MeasuredValue value) in time.Correlations)
                {
                    text.Append(CultureInfo.InvariantCulture,
                        $"{rung.Particles},{rung.Epsilon:R},{rung.Replicas},{time.Time:R},{pair},{Text(value.Value)},{Text(value.Error)}\n");
                }
            }
        }

        return text.ToString();
    }

    private static string Text(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
}
