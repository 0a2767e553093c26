namespace ActorMD.Runs.Output;

/// <summary>
/// When a process writes again how it works: every few seconds at first, ever more seldom the longer it goes on, so that the log of a run
/// of weeks stays small: at two seconds 2700 lines in the first day, 1000 in the six days after it, 5700 in a year.
/// </summary>
/// <param name="shortest">Time between two lines at first.</param>
/// <param name="clock">Null: the system's.</param>
public sealed class PulseClock(TimeSpan shortest, TimeProvider? clock = null)
{
    /// <summary>Share of the time so far that passes until the next line.</summary>
    private const double Share = 0.002;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _start = (clock ?? TimeProvider.System).GetTimestamp();
    private readonly TimeSpan _shortest = shortest;
    private TimeSpan _last;
    private TimeSpan _next = shortest;

    /// <summary>The next line comes so many seconds after the one that is due now: so a silent process is known from a dead one.</summary>
    public double NextSeconds => Math.Ceiling(_next.TotalSeconds);

    /// <summary>Whether a line is due; if so, it counts as written.</summary>
    public bool IsDue()
    {
        // Whoever asks at regular times may be a little early.
        TimeSpan now = _clock.GetElapsedTime(_start);
        if (now - _last < 0.9 * _next)
        {
            return false;
        }

        _last = now;
        _next = TimeSpan.FromSeconds(Math.Max(_shortest.TotalSeconds, Share * now.TotalSeconds));
        return true;
    }
}
