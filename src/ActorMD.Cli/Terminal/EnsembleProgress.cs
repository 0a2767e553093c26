using System.Diagnostics;
using System.Globalization;
using ActorMD.Runs.Ensembles;
using Spectre.Console;

namespace ActorMD.Cli.Terminal;

/// <summary>Progress of an ensemble: how many replicas, and the means with errors that shrink.</summary>
/// <param name="task">The line on a terminal; null: a line on standard error every few seconds.</param>
internal sealed class EnsembleProgress(ProgressTask? task) : IEnsembleObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _last = Stopwatch.GetTimestamp();

    public void Advanced(EnsemblePace pace)
    {
        if (task is not null)
        {
            task.Value = pace.Pace.Fraction;
            task.Description = Markup.Escape(Text(pace));
        }
        else if (Stopwatch.GetElapsedTime(_last) >= Interval)
        {
            _last = Stopwatch.GetTimestamp();
            Console.Error.WriteLine(Text(pace));
        }
    }

    /// <summary>Replicas, share, means with errors, speed and time left on one line.</summary>
    public static string Text(EnsemblePace pace)
    {
        string means = string.Concat(pace.Means.Select(mean => $", {mean.Name} {EnsembleView.WithError(mean.Value, mean.Error)}"));
        string left = pace.Pace.SecondsLeft is { } seconds ? $", {Numbers.Span(seconds)} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{pace.Done} of {pace.ReplicaCount} replicas ({100 * pace.Pace.Fraction:F0} %){means}, "
                + $"{Numbers.Rate(pace.Pace.CollisionsPerSecond)} collisions/s{left}");
    }

    /// <summary>No progress: --quiet.</summary>
    internal sealed class Silent : IEnsembleObserver
    {
        public void Advanced(EnsemblePace pace)
        {
        }
    }
}
