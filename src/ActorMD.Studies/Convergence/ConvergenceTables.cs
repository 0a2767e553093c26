using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ActorMD.Studies.Convergence;

/// <summary>The results of a study as CSV tables.</summary>
public static class ConvergenceTables
{
    /// <summary>
    /// One row per N, time and observable: <c>all</c>; <c>size_*</c> and <c>after_*</c>, how large an effect of finite N is and what it
    /// leaves;
    /// <c>largest</c>, over narrow bins with phi of compact support, and <c>largest_corrected</c>, after all corrections; then each
    /// observable. Difference (empty below its error), its error, its square and the error of that.
    /// </summary>
    public static string Differences(ConvergenceResult result)
    {
        StringBuilder text = new("particles,epsilon,replicas,time,observable,difference,error,squared,squared_error\n");
        foreach (LadderRung rung in result.Rungs)
        {
            foreach (LadderDifference time in rung.Times)
            {
                Add("all", time.All);
                AddLargest("largest", time.Largest);
                AddLargest("largest_corrected", time.LargestCorrected);

                foreach (FiniteSizeEffect effect in time.Effects)
                {
                    string name = effect.Name.Replace(' ', '_');
                    Add($"size_{name}", effect.Size);
                    Add($"after_{name}", effect.Left);
                }

                foreach ((string name, MeasuredDifference difference) in time.Observables)
                {
                    Add(name, difference);
                }

                void AddLargest(string name, SupDifference? found)
                {
                    if (found is { } largest)
                    {
                        Add(name, new MeasuredDifference(largest.Value, largest.Error, largest.Value * largest.Value,
                            2 * Math.Abs(largest.Value) * largest.Error));
                    }
                }

                void Add(string name, MeasuredDifference d) => text.Append(CultureInfo.InvariantCulture,
                    $"{rung.Particles},{rung.Epsilon:R},{rung.Replicas},{time.Time:R},{name},{Text(d.Value)},{Text(d.Error)},{Text(d.Squared)},{Text(d.SquaredError)}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// Correlations of well-separated bins: a row with phi = psi = all for the root mean square over everything (empty below its error),
    /// then a row
    /// per pair of observables with the mean over the bins.
    /// </summary>
    public static string Chaos(ConvergenceResult result)
    {
        StringBuilder text = new("particles,epsilon,replicas,time,pair,s,phi,psi,correlation,error\n");
        foreach (LadderRung rung in result.Rungs)
        {
            foreach (LadderDifference time in rung.Times)
            {
                foreach (ChaosDifference chaos in time.Chaos)
                {
                    Add("all", "all", chaos.All.Value, chaos.All.Error);
                    foreach (ChaosMean mean in chaos.Means)
                    {
                        Add(mean.Phi, mean.Psi, mean.Value, mean.Error);
                    }

                    void Add(string phi, string psi, double? value, double? error) => text.Append(CultureInfo.InvariantCulture,
                        $"{rung.Particles},{rung.Epsilon:R},{rung.Replicas},{time.Time:R},{chaos.Pair},\"{chaos.Index}\",{phi},{psi},{Text(value)},{Text(error)}\n");
                }
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// Cumulants of the marginals of three and four particles: a row with phi = all for the root mean square over observables and bins
    /// (empty below its error), then a row per observable
    /// with the mean over the bins.
    /// </summary>
    public static string Cumulants(ConvergenceResult result)
    {
        StringBuilder text = new("particles,epsilon,replicas,time,species,s,phi,cumulant,error\n");
        foreach (LadderRung rung in result.Rungs)
        {
            foreach (LadderDifference time in rung.Times)
            {
                foreach (CumulantDifference cumulant in time.Cumulants)
                {
                    Add("all", cumulant.All.Value, cumulant.All.Error);
                    foreach (CumulantMean mean in cumulant.Means)
                    {
                        Add(mean.Phi, mean.Value, mean.Error);
                    }

                    void Add(string phi, double? value, double? error) => text.Append(CultureInfo.InvariantCulture,
                        $"{rung.Particles},{rung.Epsilon:R},{rung.Replicas},{time.Time:R},{cumulant.Species},\"{cumulant.Index}\",{phi},{Text(value)},{Text(error)}\n");
                }
            }
        }

        return text.ToString();
    }

    /// <summary>H per particle at every time: of the kinetic equation, and of the particle system at every N.</summary>
    public static string H(ConvergenceResult result)
    {
        StringBuilder text = new("system,particles,time,h,error\n");
        Add("kinetic", null, result.KineticH);
        foreach (LadderRung rung in result.Rungs)
        {
            Add("particles", rung.Particles, rung.H);
        }

        return text.ToString();

        void Add(string system, int? particles, ImmutableArray<HValue> values)
        {
            foreach (HValue value in values)
            {
                text.Append(CultureInfo.InvariantCulture, $"{system},{particles},{value.Time:R},{Text(value.Value)},{Text(value.Error)}\n");
            }
        }
    }

    private static string Text(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
}
