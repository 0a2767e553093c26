using System.Diagnostics;
using ActorMD.Studies.Hierarchy;

namespace ActorMD.Cli.Terminal;

/// <summary>Progress of random draws as lines on standard error every few seconds.</summary>
internal sealed class WorkLines
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _last = Stopwatch.GetTimestamp();

    public void Show(WorkPace pace)
    {
        if (Stopwatch.GetElapsedTime(_last) >= Interval)
        {
            _last = Stopwatch.GetTimestamp();
            Console.Error.WriteLine(Text(pace));
        }
    }

    /// <summary>What, share and time left on one line.</summary>
    public static string Text(WorkPace pace)
    {
        string left = pace.SecondsLeft is { } seconds ? $", {Numbers.Span(seconds)} left" : "";
        return FormattableString.Invariant($"{pace.Noun}: {100 * pace.Fraction:F0} %{left}");
    }
}
