using ActorMD.Engine.Execution;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Engine.Tests;

/// <summary>Nodes that share time slices, without messages: what they say to each other is handed over in memory.</summary>
/// <remarks>The phases of a slice are those of nodes in many processes, and so is everything that they hold and say.</remarks>
internal sealed class SharedNodes : IDisposable
{
    private readonly Gas _gas;
    private readonly NodePlan _plan;
    private readonly double _epochLength;
    private readonly int _count;
    private readonly EventTally _aloneTally; // events of nodes that are gone, and of the one engine that ran what was void
    private SliceSchedule _schedule;
    private NodePart[] _nodes = [];
    private long _epoch;
    private double _time;

    /// <param name="gas">What is simulated.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="plan">How nodes share it.</param>
    public SharedNodes(Gas gas, SystemState state, NodePlan plan)
    {
        (_gas, _plan, _epochLength, _count, _epoch) = (gas, plan, state.EpochLength, state.Particles.Length, state.Epoch);
        _schedule = new SliceSchedule(gas, plan, _epochLength);
        _aloneTally = new EventTally(gas.Species.Length, gas.OrderMax);
        Load(state);
    }

    /// <summary>Simulation time since the beginning of the run.</summary>
    public double Time => _epoch == 0 ? _time : _epoch * _epochLength + _time;

    /// <summary>Slices so far, void ones included.</summary>
    public long SliceCount { get; private set; }

    /// <summary>Slices that had to be run again.</summary>
    public long VoidCount { get; private set; }

    /// <summary>Slices that one engine had to run.</summary>
    public long AloneCount { get; private set; }

    /// <summary>Events that strips have rolled back since the last slice that one engine ran.</summary>
    public long RolledBackEventCount => _nodes.Sum(node => node.Counters.RolledBackEventCount);

    /// <summary>Events so far, and their impulses.</summary>
    public EventTally Tally
    {
        get
        {
            EventTally total = _aloneTally.Clone();
            Array.ForEach(_nodes, node => total.Add(node.Tally));
            return total;
        }
    }

    /// <summary>Moments within slices, simulation times, and what was known of them when the slice was done.</summary>
    public List<Waypoint> Passed { get; } = [];

    /// <summary>The event log.</summary>
    public List<byte> Log { get; } = [];

    /// <summary>Every slice is longer than planned by this factor.</summary>
    internal double Stretch { get; set; } = 1;

    /// <summary>Slices, by their number from 1, that are made void without need.</summary>
    internal Func<long, bool> Spoils { get; set; } = _ => false;

    /// <summary>Runs until all events up to the given absolute time are done.</summary>
    /// <exception cref="PhysicsViolationException">Event storm or overlap.</exception>
    public void Advance(double until)
    {
        while (!AdvanceSlice(until))
        {
        }
    }

    /// <summary>Runs one slice, or ends an epoch, on the way to an absolute time.</summary>
    /// <returns>Whether all events up to that time are done.</returns>
    public bool AdvanceSlice(double until)
    {
        double left = _epoch == 0 ? until : until - _epoch * _epochLength;
        if (_time >= left)
        {
            return true;
        }

        if (_time >= _epochLength)
        {
            Array.ForEach(_nodes, node => node.Rebase(_epochLength));
            (_epoch, _time) = (_epoch + 1, 0);
            _schedule.BeginEpoch();
            return false;
        }

        (double end, bool isRenewed) = _schedule.Next(_time, left);
        RunSlice(Math.Min(Math.Min(left, _epochLength), _time + Stretch * (end - _time)), isRenewed);
        return false;
    }

    /// <summary>A copy of the whole state in id order: a consistent cut at <see cref="Time"/>.</summary>
    public SystemState Capture()
    {
        ParticleState[] states = new ParticleState[_count];
        int count = 0;
        foreach (SharedParticle particle in _nodes.SelectMany(node => node.Home(_time, particle => particle)))
        {
            states[particle.Id] = particle.State;
            count++;
        }

        return count == _count
            ? new SystemState(states, _epochLength, _epoch, _time)
            : throw new InvalidOperationException($"{count} particles are at home at the nodes, not {_count}");
    }

    /// <summary>A particle of which two nodes know different states; null if there is none.</summary>
    internal string? FirstDifference()
    {
        ParticleState?[] known = new ParticleState?[_count];
        foreach (SharedParticle particle in _nodes.SelectMany(node => node.All()))
        {
            if (known[particle.Id] is { } other && !other.Equals(particle.State))
            {
                return $"particle {particle.Id} at {_time} of the epoch, slice {SliceCount}: {other.Position} of {other.Time}, "
                    + $"and {particle.State.Position} of {particle.State.Time}";
            }

            known[particle.Id] = particle.State;
        }

        return null;
    }

    /// <summary>Frees the memory of all nodes.</summary>
    public void Dispose() => Array.ForEach(_nodes, node => node.Dispose());

    private void Load(SystemState state)
    {
        _time = state.Time;
        List<SharedParticle>[] homes = [.. Enumerable.Range(0, _plan.NodeCount).Select(_ => new List<SharedParticle>())];
        for (int id = 0; id < _count; id++)
        {
            ParticleState particle = state.Particles[id];
            homes[_plan.HomeOf(_gas, particle.PositionAt(_time))].Add(new SharedParticle { Id = id, State = particle });
        }

        _nodes =
        [
            .. homes.Select(
                (home, k) => new NodePart(_gas, _plan, k, _count, home.Count, j => home[j], _time) { LogsEvents = true }),
        ];
    }

    private void RunSlice(double end, bool isRenewed)
    {
        int count = _nodes.Length;
        SliceCount++;
        if (isRenewed)
        {
            Renew();
        }

        BlockReport[] reports = new BlockReport[count];
        StripReport[] changes = new StripReport[count];
        double[] waypoints = [_time + 0.3 * (end - _time), _time + 0.65 * (end - _time)];
        VelocitySums sums = SumVelocities(_time);
        EventTally tally = Tally;
        ForEach(k => reports[k] = _nodes[k].RunBlock(_time, end, waypoints));
        ForEach(k => changes[k] = _nodes[k].RunStrip(_nodes[k].HasAbove ? reports[(k + 1) % count] : null));
        bool isDone = _schedule.Judge([.. _nodes.Select(node => node.Verdict with { IsVoid = node.Verdict.IsVoid || Spoils(SliceCount) })]);
        ForEach(k =>
        {
            if (_nodes[k].HasBelow)
            {
                _nodes[k].Take(changes[(k + count - 1) % count]);
            }
        });
        if (isDone)
        {
            Pass(waypoints, sums, tally);
            Log.AddRange(EventBatch.Merge([.. _nodes.Select(node => node.TakeEvents(_epoch).AsMemory())]));
        }

        ForEach(k =>
        {
            if (isDone)
            {
                _nodes[k].End();
            }
            else
            {
                _nodes[k].Undo();
            }
        });
        if (isDone)
        {
            Assert.Equal(SumVelocities(end).Export(), sums.Export());
            Assert.Equal(Tally.OrderCounts, tally.OrderCounts);
            _time = end;
            return;
        }

        VoidCount++;
        if (_schedule.IsStuck)
        {
            RunAlone(end);
        }
    }

    // Sums and counts become those of the end of the slice.
    private void Pass(double[] waypoints, VelocitySums sums, EventTally tally)
    {
        (VelocitySums Gains, EventTally Tally)[][] stretches = [.. _nodes.Select(node => node.Stretches().ToArray())];
        for (int stretch = 0; stretch <= waypoints.Length; stretch++)
        {
            foreach ((VelocitySums Gains, EventTally Tally)[] own in stretches)
            {
                sums.Add(own[stretch].Gains);
                tally.Add(own[stretch].Tally);
            }

            if (stretch < waypoints.Length)
            {
                Passed.Add(new Waypoint(waypoints[stretch] + (_epoch == 0 ? 0 : _epoch * _epochLength), sums.Clone(), tally.Clone()));
            }
        }
    }

    private VelocitySums SumVelocities(double time)
    {
        VelocitySums sums = new(_gas);
        Array.ForEach(_nodes, node => sums.Add(node.SumVelocities(time)));
        return sums;
    }

    private void Renew()
    {
        int count = _nodes.Length;
        GhostReport[] sent = new GhostReport[count];
        ForEach(k => sent[k] = _nodes[k].Renew(_time));
        ForEach(k =>
        {
            _nodes[k].Arrive(sent[(k + 1) % count].Below.AsSpan());
            _nodes[k].Arrive(sent[(k + count - 1) % count].Above.AsSpan());
            _nodes[k].Settle();
        });
    }

    // Slices are void however short they are: simultaneous events on both sides of a face.
    private void RunAlone(double end)
    {
        AloneCount++;
        SystemState state = Capture();
        foreach (NodePart node in _nodes)
        {
            _aloneTally.Add(node.Tally);
            node.Dispose();
        }

        _nodes = [];
        EventBatch log = new();
        using Simulator one = new(_gas, state, _aloneTally, log: log);
        one.Advance(_epoch == 0 ? end : _epoch * _epochLength + end);
        Log.AddRange(log.Take());
        Load(one.Capture());
        _schedule = new SliceSchedule(_gas, _plan, _epochLength);
    }

    private void ForEach(Action<int> work)
    {
        for (int k = 0; k < _nodes.Length; k++)
        {
            work(k);
        }
    }
}
