using System.Diagnostics;

namespace ActorMD.Runs.Sessions;

/// <summary>Finds how many loop steps of a simulator fill about a tenth of a second, so that a run stays responsive.</summary>
internal sealed class StepPacer
{
    private const double TargetSeconds = 0.1;
    private const long StepCountFirst = 64; // where zones are crowded a step can take a second
    private const long StepCountMin = 1;
    private const long StepCountLargest = 1L << 32;
    private const double GrowthMax = 4;

    private long _started;

    /// <summary>Steps for the next slice.</summary>
    public long StepCount { get; private set; } = StepCountFirst;

    public void Begin() => _started = Stopwatch.GetTimestamp();

    /// <summary>Learns from a slice that used all its steps.</summary>
    public void End()
    {
        double seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        double factor = Math.Clamp(TargetSeconds / Math.Max(seconds, 1e-6), 1 / GrowthMax, GrowthMax);
        StepCount = Math.Clamp((long)(StepCount * factor), StepCountMin, StepCountLargest);
    }
}
