using System.Diagnostics;

namespace ActorMD.Runs.Sessions;

/// <summary>Wall and processor time of a run over all its sessions.</summary>
/// <param name="wallSecondsBefore">Of earlier sessions.</param>
/// <param name="cpuSecondsBefore">Of earlier sessions.</param>
public sealed class ResourceMeter(double wallSecondsBefore, double cpuSecondsBefore)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpuStarted = Environment.CpuUsage.TotalTime;
    private TimeSpan _loopStarted;
    private TimeSpan _loop;

    public double WallSeconds => wallSecondsBefore + Stopwatch.GetElapsedTime(_started).TotalSeconds;

    /// <summary>All threads, user and system.</summary>
    public double CpuSeconds => cpuSecondsBefore + (Environment.CpuUsage.TotalTime - _cpuStarted).TotalSeconds;

    /// <summary>The same, of this session's event loop only.</summary>
    public double LoopCpuSeconds => _loop.TotalSeconds;

    public void BeginLoop() => _loopStarted = Environment.CpuUsage.TotalTime;

    public void EndLoop() => _loop += Environment.CpuUsage.TotalTime - _loopStarted;

    /// <summary>Largest resident memory of this process.</summary>
    public static long PeakRssBytes
    {
        get
        {
            using Process process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }
}
