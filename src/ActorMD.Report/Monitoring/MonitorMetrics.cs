using System.Diagnostics.Metrics;
using ActorMD.Files.RunFolders;
using ActorMD.Runs;
using ActorMD.Runs.Monitoring;

namespace ActorMD.Report.Monitoring;

/// <summary>What the logs of a run say, as metrics: read anew at every scrape.</summary>
internal sealed class MonitorMetrics : IDisposable
{
    public const string MeterName = "ActorMD.Monitor";

    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);

    private readonly Meter _meter = new(MeterName, ProductVersion.Text);
    private readonly RunFolder _folder;
    private readonly Lock _gate = new();
    private RunPicture? _picture;
    private DateTime _readAt;

    public MonitorMetrics(RunFolder folder)
    {
        _folder = folder;
        Gauge("actormd.simulation.time", null, "Simulation time that was reached.", p => p.Time);
        Gauge("actormd.simulation.until", null, "Simulation time at the end.", p => p.Until);
        Gauge("actormd.progress", null, "Share that is done, 0 to 1.", p => p.Fraction);
        Gauge("actormd.finished", null, "1: the result is there.", p => p.Condition == RunCondition.Finished ? 1 : 0);
        Gauge("actormd.running", null, "1: a process works on it.", p => p.Condition == RunCondition.Running ? 1 : 0);
        Gauge("actormd.left", "s", "Wall time that is left at the present pace.", p => p.SecondsLeft);
        Gauge("actormd.collisions", null, "Events of order 2 and up since time 0.", p => p.Collisions);
        Gauge("actormd.collision.rate", null, "The same per second of wall time.", p => p.CollisionsPerSecond);
        Gauge("actormd.energy.drift", null, "Relative to the first row of thermo.csv.", p => p.EnergyDrift);
        Gauge("actormd.checkpoint.time", null, "Simulation time of the last checkpoint.", p => p.LastCheckpoint?.Time);
        Gauge("actormd.warnings", null, "Lines of the logs that warn.", p => p.WarningCount);
        Gauge("actormd.errors", null, "Lines of the logs that tell of errors.", p => p.ErrorCount);
        Gauge("actormd.redundant", null, "Share of all simulated events that did not count.", p => p.Boundary?.RedundantShare);
        PerNode("actormd.node.busy", null, "Share of its threads' time that a node computed.", node => node.BusyShare);
        PerNode("actormd.node.events.rate", null, "Events per second of a node.", node => node.EventsPerSecond);
        PerNode("actormd.node.memory", "By", "Largest resident memory of a node.", node => node.PeakRssBytes);
        PerNode("actormd.node.lost", null, "1: a node is lost or silent.", node =>
            node.Condition is NodeCondition.Lost or NodeCondition.Silent ? 1 : 0);
    }

    public void Dispose() => _meter.Dispose();

    private RunPicture Picture()
    {
        lock (_gate)
        {
            // One scrape asks for every gauge in turn.
            if (_picture is null || DateTime.UtcNow - _readAt > Freshness)
            {
                (_picture, _readAt) = (RunPicture.Of(_folder, DateTime.UtcNow), DateTime.UtcNow);
            }

            return _picture;
        }
    }

    private void Gauge(string name, string? unit, string description, Func<RunPicture, double?> of) => _meter.CreateObservableGauge(
        name, () => of(Picture()) is { } value ? [new Measurement<double>(value)] : Array.Empty<Measurement<double>>(), unit, description);

    private void PerNode(string name, string? unit, string description, Func<NodeState, double?> of) => _meter.CreateObservableGauge(
        name,
        () => Picture().Nodes.Where(node => of(node) is not null)
            .Select(node => new Measurement<double>(of(node)!.Value, new KeyValuePair<string, object?>("node", node.Node))).ToArray(),
        unit, description);
}
