using System.Runtime.ExceptionServices;
using ActorMD.Engine.Execution;
using ActorMD.Physics;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;
using ActorMD.Runs.Simulations;
using Akka.Actor;

namespace ActorMD.Actors.Hosting;

/// <summary>A run whose domains are actors, on this process or on many: what its session sees of the <see cref="RunActor"/>.</summary>
internal sealed class ActorSimulation : ISimulation
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.1);

    private readonly ActorHost _host;
    private readonly Gas _gas;
    private readonly bool _ownsHost;
    private readonly RunBoard _board = new();
    private readonly DomainRoom _room;
    private readonly Split _split;
    private readonly int _workersWanted;
    private readonly CancellationToken _abort;
    private readonly IActorRef _run;
    private Task<RunAnswer>? _pending;
    private RunAnswer.Reached _reached;
    private RunAnswer.Reached? _computed; // up to here, while waypoints before it are still to be asked for
    private WaypointPlan _plan = WaypointPlan.None;
    private double _until = double.NaN;

    /// <param name="host">This process.</param>
    /// <param name="ownsHost">Whether it ends with the simulation.</param>
    /// <param name="gas">What is simulated.</param>
    /// <param name="state">Where it begins.</param>
    /// <param name="tally">Events so far; null: none.</param>
    /// <param name="split">Domains that were asked for.</param>
    /// <param name="workers">Threads that are wanted, on all nodes.</param>
    /// <param name="context">The run.</param>
    public ActorSimulation(ActorHost host, bool ownsHost, Gas gas, SystemState state, EventTally? tally, Split split, int workers, RunContext context)
    {
        _host = host;
        _gas = gas;
        _ownsHost = ownsHost;
        _split = split;
        _room = DomainRoom.Of(gas, state, split.Count);
        _workersWanted = workers;
        _abort = context.Abort;
        _reached = new RunAnswer.Reached(state.AbsoluteTime, state, null, tally ?? new EventTally(gas.Species.Length, gas.OrderMax), RunWork.None);
        _run = host.BeginRun(RunSetup.Of(gas, _room.Count, state, _reached.Tally, _board, context));
    }

    /// <inheritdoc/>
    public double Time => _pending is null ? _reached.Time : _board.Standing.Time;

    /// <inheritdoc/>
    public double ComputedTime => _computed?.Time ?? Time;

    /// <inheritdoc/>
    public EventTally Tally => _reached.Tally;

    /// <inheritdoc/>
    public long CollisionCount => _pending is null ? Tally.CollisionCount : _board.Standing.CollisionCount;

    /// <inheritdoc/>
    public long CrossingCount => _board.Standing.CrossingCount;

    /// <inheritdoc/>
    public double RemoteCpuSeconds => _board.Standing.RemoteCpuSeconds;

    /// <inheritdoc/>
    public int ThreadCount => _board.Standing.ThreadCount;

    /// <inheritdoc/>
    public int NodeCount => _board.Standing.NodeCount;

    /// <inheritdoc/>
    public int DomainCount => _room.Count;

    /// <inheritdoc/>
    public string? SharingObstacle
    {
        get
        {
            bool wasAlone = _room.Count > 1 && Work.SliceCount > Work.SharedSliceCount;
            string? obstacle = wasAlone ? "time slices stayed void, and one domain went on alone"
                : _room.Obstacle ?? (ThreadCount >= _workersWanted ? null
                : FormattableString.Invariant($"each of {_room.Count} domains keeps one thread busy"));
            string? stacks = _split.Y * _split.Z == 1 ? null
                : FormattableString.Invariant(
                    $"domains are stacks of layers along x: {_split.ToText(_gas.Dimension)} asks for {_split.Count} of them");
            return obstacle is null || stacks is null ? obstacle ?? stacks : $"{obstacle}; {stacks}";
        }
    }

    /// <inheritdoc/>
    public RunWork Work => _reached.Work;

    /// <inheritdoc/>
    public bool Advance(double until, long stepCountMax)
    {
        if (_pending is null || until != _until)
        {
            _computed = until <= _computed?.Time ? _computed : null;
            Ask(until, sumsOnly: true);
        }

        return Wait();
    }

    /// <inheritdoc/>
    public void Foresee(WaypointPlan plan) => _plan = plan;

    /// <inheritdoc/>
    public void Settle()
    {
        Capture();
        _computed = _reached;
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> TakeEvents() => _board.TakeEvents();

    /// <inheritdoc/>
    public SystemState Capture()
    {
        (_reached, _computed) = (_computed ?? _reached, null);
        if (_pending is not null || _reached.State is null)
        {
            Ask(_pending is null ? _until : double.NegativeInfinity, sumsOnly: false);
            while (!Wait())
            {
            }
        }

        return _reached.State!;
    }

    /// <inheritdoc/>
    public VelocitySums SumVelocities() => _reached.Sums ?? VelocitySums.Of(_gas, Capture());

    public void Dispose()
    {
        _host.EndRun(_run);
        if (_ownsHost)
        {
            _host.Dispose();
        }
    }

    private void Ask(double until, bool sumsOnly)
    {
        _until = until;
        _pending = _run.Ask<RunAnswer>(new Reach(until, sumsOnly, _computed is null ? _plan : WaypointPlan.None), Timeout.InfiniteTimeSpan);
    }

    private bool Wait()
    {
        if (!_pending!.Wait((int)Slice.TotalMilliseconds, _abort))
        {
            // An actor that has ended does not answer.
            return _host.Failure is { } failure ? throw failure : false;
        }

        RunAnswer answer = _pending.Result;
        _pending = null;
        if (answer is RunAnswer.Failed failed)
        {
            ExceptionDispatchInfo.Throw(failed.Error);
        }

        _reached = (RunAnswer.Reached)answer;
        return true;
    }
}
