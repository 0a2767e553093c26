namespace ActorMD.Runs.Observables;

/// <summary>The mean over independent runs, and its standard error.</summary>
/// <param name="Value">Mean; null when it is undefined in a run.</param>
/// <param name="Error">Standard error; null with a single run.</param>
public readonly record struct RunMean(double? Value, double? Error)
{
    public static RunMean Of(IEnumerable<double?> runs)
    {
        double?[] all = [.. runs];
        if (all.Any(v => v is null))
        {
            return new RunMean(null, null);
        }

        double[] values = [.. all.OfType<double>()];
        double mean = values.Average();
        double? error = values.Length > 1
            ? Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length)
            : null;
        return new RunMean(mean, error);
    }
}
