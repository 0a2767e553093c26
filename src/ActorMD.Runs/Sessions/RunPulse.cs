using System.Diagnostics;
using ActorMD.Runs.Output;
using ActorMD.Runs.Simulations;
using Serilog;

namespace ActorMD.Runs.Sessions;

/// <summary>Tells, while a run goes on, how fast it is and what it needs: counters at once, a line in the log from time to time.</summary>
/// <remarks>The nodes of a cluster and the threads of domains write such lines themselves: there this one only counts.</remarks>
/// <param name="log">Of the run.</param>
/// <param name="simulation">What goes on.</param>
/// <param name="until">Simulation time at the end.</param>
internal sealed class RunPulse(ILogger log, ISimulation simulation, double until)
{
    private readonly bool _writes = simulation is SerialSimulation;
    private readonly PulseClock _clock = new(TimeSpan.FromSeconds(2));
    private readonly PaceMeter _pace = new(until);
    private long _stamp = Stopwatch.GetTimestamp();
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private long _countAtStamp = simulation.CollisionCount;
    private long _count = simulation.CollisionCount;

    /// <summary>Called several times a second; what to show of the run.</summary>
    public RunPace Beat()
    {
        long count = simulation.CollisionCount;
        RunMetrics.Advanced(simulation.Time, Math.Max(0, count - _count));
        _count = count;
        Report(count);
        return _pace.Measure(simulation.Time, count);
    }

    private void Report(long count)
    {
        if (!_writes || !_clock.IsDue())
        {
            return;
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(_stamp);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        double busy = (cpu - _cpu) / elapsed / simulation.ThreadCount;
        log.Information(
            "Working with {Threads} threads at {time}: {EventsPerSecond} events/s, busy {BusyShare}, {PeakRssBytes} bytes; again within {NextSeconds} s",
            simulation.ThreadCount, simulation.Time, Math.Round((count - _countAtStamp) / elapsed.TotalSeconds), Math.Round(busy, 3),
            ResourceMeter.PeakRssBytes, _clock.NextSeconds);
        (_stamp, _cpu, _countAtStamp) = (Stopwatch.GetTimestamp(), cpu, count);
    }
}
