using System.Diagnostics;

namespace ActorMD.Runs.Sessions;

/// <summary>Measures the speed of a run over its last seconds.</summary>
public sealed class PaceMeter(double until)
{
    private const double SpanSeconds = 5;
    private const double MarkSeconds = 0.1;

    private readonly Queue<Mark> _marks = new();
    private Mark _newest;

    public RunPace Measure(double time, long collisionCount)
    {
        Mark now = new(Stopwatch.GetTimestamp(), time, collisionCount);
        if (_marks.Count == 0 || _newest.SecondsTo(now) >= MarkSeconds)
        {
            _marks.Enqueue(now);
            _newest = now;
        }

        while (_marks.Count > 1 && _marks.Peek().SecondsTo(now) > SpanSeconds)
        {
            _marks.Dequeue();
        }

        Mark oldest = _marks.Peek();
        double seconds = oldest.SecondsTo(now);
        double? rate = seconds > 0 ? (collisionCount - oldest.CollisionCount) / seconds : null;
        double? left = time > oldest.Time ? (until - time) * seconds / (time - oldest.Time) : null;
        return new RunPace(time, until, collisionCount, rate, left);
    }

    private readonly record struct Mark(long Stamp, double Time, long CollisionCount)
    {
        public double SecondsTo(Mark later) => Stopwatch.GetElapsedTime(Stamp, later.Stamp).TotalSeconds;
    }
}
