using System.Diagnostics.Metrics;

namespace ActorMD.Runs.Sessions;

/// <summary>
/// Counters of this process for tools of .NET such as <c>dotnet-counters monitor --counters ActorMD</c>. They cost nothing while nobody
/// listens.
/// </summary>
public static class RunMetrics
{
    /// <summary>The name by which tools ask for them.</summary>
    public const string MeterName = "ActorMD";

    private static readonly Meter Meter = new(MeterName, ProductVersion.Text);

    private static readonly Counter<long> CollisionCounter =
        Meter.CreateCounter<long>("actormd.collisions", "{collision}", "Events of order 2 and up in this session.");

    private static readonly Counter<long> CheckpointCounter =
        Meter.CreateCounter<long>("actormd.checkpoints", "{checkpoint}", "Checkpoints written in this session.");

    private static readonly Gauge<double> TimeGauge =
        Meter.CreateGauge<double>("actormd.simulation.time", null, "Simulation time that was reached.");

    /// <summary>A run has gone on.</summary>
    /// <param name="time">Simulation time that was reached.</param>
    /// <param name="collisions">New events of order 2 and up.</param>
    public static void Advanced(double time, long collisions)
    {
        TimeGauge.Record(time);
        CollisionCounter.Add(collisions);
    }

    /// <summary>A checkpoint was written.</summary>
    public static void Checkpointed() => CheckpointCounter.Add(1);
}
