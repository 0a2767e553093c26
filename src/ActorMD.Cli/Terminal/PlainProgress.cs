using System.Diagnostics;
using System.Globalization;
using ActorMD.Runs.Sessions;

namespace ActorMD.Cli.Terminal;

/// <summary>Progress as lines on standard error every few seconds: for logs and pipes.</summary>
internal sealed class PlainProgress : IRunObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _last = Stopwatch.GetTimestamp();

    public void Advanced(RunPace pace)
    {
        if (Stopwatch.GetElapsedTime(_last) >= Interval)
        {
            _last = Stopwatch.GetTimestamp();
            Console.Error.WriteLine(Text(pace));
        }
    }

    public void Checkpointed(double time)
    {
    }

    /// <summary>Time, share, speed and time left on one line.</summary>
    public static string Text(RunPace pace)
    {
        string left = pace.SecondsLeft is { } seconds ? $", {Numbers.Span(seconds)} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"time {Numbers.Short(pace.Time)} of {Numbers.Short(pace.Until)} ({100 * pace.Fraction:F0} %), "
                + $"{Numbers.Rate(pace.CollisionsPerSecond)} collisions/s{left}");
    }
}
