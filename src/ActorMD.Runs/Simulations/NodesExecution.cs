using ActorMD.Engine;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;

namespace ActorMD.Runs.Simulations;

/// <summary>Nodes that share time slices by messages, all in this process: to measure them.</summary>
/// <param name="Nodes">Number of nodes: blocks along x.</param>
/// <param name="Workers">Threads, for as many nodes at the same time.</param>
public sealed record NodesExecution(int Nodes, int Workers) : ExecutionPlan(new Split(Nodes, 1, 1), Workers)
{
    public override string Runtime => "nodes";

    /// <exception cref="InvalidOperationException">There is no room for so many nodes, or the gas is not shared this way.</exception>
    public override ISimulation Begin(Gas gas, SystemState state, EventTally? tally, RunContext context) => new NodesSimulation(
        gas,
        state,
        NodePlan.For(gas, state.Particles, state.Time, Nodes)
            ?? throw new InvalidOperationException(
                $"no room for {Nodes} nodes: too few layers of cells along x, zones, open sides, or very different sizes"),
        Workers);

    private sealed class NodesSimulation : ISimulation
    {
        private readonly ThreadTeam _team;
        private readonly SharedNodes _nodes;

        public NodesSimulation(Gas gas, SystemState state, NodePlan plan, int workers)
        {
            _team = new ThreadTeam(workers);
            ThreadCount = workers;
            _nodes = new SharedNodes(gas, state, plan, workers >= plan.NodeCount ? _team : SerialTeam.Instance);
        }

        public double Time => _nodes.Time;

        public EventTally Tally => _nodes.Tally;

        public long CollisionCount => Tally.CollisionCount;

        public long CrossingCount => 0;

        public int ThreadCount { get; }

        public RunWork Work => RunWork.None with
        {
            CommittedWindowCount = _nodes.SliceCount - _nodes.VoidCount,
            RetryCount = _nodes.VoidCount,
            SimulatedEventCount = Tally.EventCount + _nodes.RolledBackEventCount,
            UndoneEventCount = _nodes.RolledBackEventCount,
            CopyCount = _nodes.SentParticleCount,
            SentByteCount = _nodes.SentByteCount,
        };

        public bool Advance(double until, long stepCountMax) => _nodes.AdvanceSlice(until);

        public byte[] TakeEvents() => [];

        public SystemState Capture() => _nodes.Capture();

        public void Dispose()
        {
            _nodes.Dispose();
            _team.Dispose();
        }
    }
}
