using System.Diagnostics;

namespace ActorMD.Runtime;

/// <summary>Measures the speed of a run over its last seconds.</summary>
internal sealed class PaceMeter(double until)
{
    private const double SpanSeconds = 5;
    private const double IntervalSeconds = 0.05;

    private readonly Queue<(long Stamp, double Time, long Collisions)> _marks = new();
    private long _last;

    /// <summary>Null when hardly any time has passed since the last answer.</summary>
    public RunPace? TryMeasure(double time, long collisionCount)
    {
        long now = Stopwatch.GetTimestamp();
        if (_marks.Count > 0 && Stopwatch.GetElapsedTime(_last, now).TotalSeconds < IntervalSeconds)
        {
            return null;
        }

        _last = now;
        while (_marks.Count > 1 && Stopwatch.GetElapsedTime(_marks.Peek().Stamp, now).TotalSeconds > SpanSeconds)
        {
            _marks.Dequeue();
        }

        double? rate = null, left = null;
        if (_marks.TryPeek(out (long Stamp, double Time, long Collisions) oldest))
        {
            double seconds = Stopwatch.GetElapsedTime(oldest.Stamp, now).TotalSeconds;
            if (seconds > 0)
            {
                rate = (collisionCount - oldest.Collisions) / seconds;
                left = time > oldest.Time ? (until - time) * seconds / (time - oldest.Time) : null;
            }
        }

        _marks.Enqueue((now, time, collisionCount));
        return new RunPace(time, until, collisionCount, rate, left);
    }
}
