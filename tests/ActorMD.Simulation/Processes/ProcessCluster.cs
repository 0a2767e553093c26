using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Protocol.Nodes;

namespace ActorMD.Simulation.Processes;

/// <summary>
/// Processes that come, go, pause, part and return, and lead in turn: one thread, everything determined by a seed. What they say to each
/// other travels as bytes.
/// </summary>
public sealed class ProcessCluster : IDisposable
{
    internal const string Version = "1";
    internal const long FormationTicks = 2000;
    private const long ReminderTicks = 400;
    private const int PauseTicksMax = 6000;
    private const int PauseTicksAllowed = 1500;
    private const int DetectionTicksMax = 1500;
    private const int ReturnTicksMax = 3000;
    private const int PartTicksMax = 5000;
    private const int DecisionTicks = 1500;
    private const int HandOverTicksMax = 4;
    private const long PatienceTicks = 100_000; // longer than anything takes that gets on

    private readonly PriorityQueue<(SimulatedProcess? At, Action Action), (long Time, long Sequence)> _future = new();
    private readonly Dictionary<NodeId, SimulatedProcess> _processes = [];
    private readonly SimulatedProcess?[] _slots;
    private readonly int[] _generations;
    private readonly MembershipOracle _oracle;
    private readonly TextWriter? _trace;
    private CounterRandom _random;
    private bool[]? _sides;
    private Parting? _parting;
    private bool _isFinished;
    private long _sequence;
    private long _progressAt;

    /// <param name="case">What the domains compute.</param>
    /// <param name="faults">What happens to them.</param>
    /// <param name="plant">A mistake to be found.</param>
    /// <param name="trace">Gets the story; null: it is not kept.</param>
    public ProcessCluster(RandomCase @case, ProcessFaults faults, Plant plant = Plant.None, TextWriter? trace = null)
    {
        Case = @case;
        Faults = faults;
        Plant = plant;
        _trace = trace;
        _random = new CounterRandom(@case.Seed, RandomStream.Testing, subject: 5);
        Stops = [.. Enumerable.Range(1, 4).Select(k => @case.EndTime * k / 4)];
        Store = new SimulatedStore(new StoredCut(@case.Initial, new EventTally(@case.Gas.Species.Length, @case.Gas.OrderMax), 0, 0, 0));
        _slots = new SimulatedProcess?[faults.ProcessCount + faults.StrangerCount];
        _generations = new int[_slots.Length];
        _oracle = new MembershipOracle(this);
    }

    /// <summary>The state of the newest checkpoint.</summary>
    public SystemState State => Store.Newest.State;

    /// <summary>Its counts.</summary>
    public EventTally Tally => Store.Newest.Tally;

    /// <summary>The event log of the run folder.</summary>
    public IReadOnlyList<byte> Log => Store.Log;

    /// <summary>Messages that reached a core.</summary>
    public long DeliveryCount { get; private set; }

    /// <summary>How often a process was told to lead.</summary>
    public int LeaderCount => _oracle.LeaderCount;

    /// <summary>How often a coordinator lost a node with domains.</summary>
    public int LossCount { get; internal set; }

    /// <summary>How often one was back where it had been.</summary>
    public int RecoveryCount { get; internal set; }

    /// <summary>How often a process that was to lead had to wait for the lock.</summary>
    public int WaitCount { get; private set; }

    /// <summary>Whether the network parted for so long that one side had to be given up.</summary>
    public bool HasParted => _parting is not null;

    /// <summary>What both sides did after that although only one may; null: nothing.</summary>
    public string? PartingFault => _parting?.Fault;

    /// <summary>How often a leader was deposed, overtaken, or had lost its lock.</summary>
    public int DepositionCount { get; private set; }

    /// <summary>Checkpoints that came too late to be written.</summary>
    public int FencedCount => Store.FencedCount;

    internal RandomCase Case { get; }

    internal ProcessFaults Faults { get; }

    internal Plant Plant { get; }

    internal SimulatedStore Store { get; }

    internal ImmutableArray<double> Stops { get; }

    internal long Now { get; private set; }

    internal bool IsParted => _sides is not null;

    /// <summary>Runs until the last checkpoint is written, or no process gets on any more.</summary>
    /// <param name="ticksMax">More than any run needs.</param>
    /// <returns>Whether it was.</returns>
    public bool Run(long ticksMax)
    {
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            int position = slot;
            After(1 + Draw(slot == 0 ? 10 : 2000), null, () => Come(position));
        }

        ScheduleFaults();
        while (!_isFinished && Now < Math.Min(ticksMax, _progressAt + PatienceTicks)
            && _future.TryDequeue(out (SimulatedProcess? At, Action Action) next, out (long Time, long Sequence) at))
        {
            Now = at.Time;
            if (next.At is not { } process)
            {
                next.Action();
            }
            else if (!process.IsEnded && process.PausedUntil > Now)
            {
                After(process.PausedUntil - Now, process, next.Action);
            }
            else if (!process.IsEnded)
            {
                process.Act(next.Action);
            }
        }

        return _isFinished;
    }

    public void Dispose()
    {
        _isFinished = true;
        foreach (SimulatedProcess process in _processes.Values.ToArray())
        {
            process.End();
        }
    }

    internal int Draw(int count) => _random.NextInteger(count);

    internal void OnProgress() => _progressAt = Now;

    internal void CountDelivery() => DeliveryCount++;

    internal void After(long ticks, SimulatedProcess? at, Action action) => _future.Enqueue((at, action), (Now + ticks, _sequence++));

    /// <summary>Between actors of one process: nothing is lost, but it takes time.</summary>
    internal void HandOver(SimulatedProcess at, Action action) => After(1 + Draw(HandOverTicksMax), at, action);

    internal void Trace(string line) => _trace?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Now,8} {line}"));

    // With a skew of 0 clocks stand still; otherwise they go on, but some are ahead of others.
    internal long ClockOf(int slot) => Faults.ClockSkew == 0 ? 1 : 1 + Now / 100 + (long)slot * 7919 % Faults.ClockSkew;

    internal void Transmit(SimulatedProcess from, NodeId to, ReadOnlyMemory<byte> bytes)
    {
        if (!_processes.TryGetValue(to, out SimulatedProcess? receiver) || AreParted(from, receiver))
        {
            return;
        }

        int copies = _random.NextUniform() < Faults.DropShare ? 0 : _random.NextUniform() < Faults.DoubleShare ? 2 : 1;
        for (int copy = 0; copy < copies; copy++)
        {
            double delay = -Faults.DelayMean * Math.Log(_random.NextPositiveUniform());
            // Now and then one comes very late.
            delay *= Draw(50) == 0 ? 100 : 1;
            After(1 + (long)delay, receiver, () =>
            {
                if (!AreParted(from, receiver))
                {
                    receiver.Arrive(from.Self, bytes);
                }
            });
        }
    }

    internal void OnEnded(SimulatedProcess process)
    {
        Trace($"{process.Self} ends");
        Store.Release(process.Self);
        if (!_isFinished)
        {
            After(1 + Draw(ReturnTicksMax), null, () => Come(process.Slot));
        }
    }

    /// <summary>A process leaves by itself.</summary>
    private void Leave(SimulatedProcess process) => After(1 + Draw(100), process, () =>
    {
        _oracle.Remove(process, isLeaving: true);
        process.End();
    });

    internal void OnLeaderFailed(SimulatedProcess process)
    {
        DepositionCount++;
        Leave(process);
    }

    internal void OnWaiting(SimulatedProcess process)
    {
        Trace($"{process.Self} is to lead and waits for the lock, which {Store.Holder} holds");
        WaitCount++;
    }

    internal void OnWritten(SimulatedProcess process) => _parting?.OnWritten(process);

    internal void OnFinished() => _isFinished = true;

    private bool AreParted(SimulatedProcess a, SimulatedProcess b) => _sides is { } sides && sides[a.Slot] != sides[b.Slot];

    private void Come(int slot)
    {
        string version = slot < Faults.ProcessCount ? Version : "2";
        SimulatedProcess process = new(this, slot, ++_generations[slot], version);
        _slots[slot] = process;
        _processes[process.Self] = process;
        Trace($"{process.Self} comes, version {version}");
        After(1 + Draw(400), null, () => _oracle.Admit(process));
        After(Draw((int)ReminderTicks), process, () => Remind(process));
    }

    private void Remind(SimulatedProcess process)
    {
        process.Remind();
        After(ReminderTicks, process, () => Remind(process));
    }

    // Spread over the time that the run will take, as far as one can know.
    private void ScheduleFaults()
    {
        double span = (6000 + 400 * Faults.DelayMean) * (0.3 + 2 * _random.NextUniform()) * (Faults.PartsInHalves ? 0.4 : 1);
        void Schedule(int count, Action<SimulatedProcess> fault)
        {
            for (int k = 0; k < count; k++)
            {
                int slot = Draw(Faults.ProcessCount);
                bool concernsLeader = Draw(2) == 0;
                After(1 + (long)(span * _random.NextUniform()), null, () =>
                {
                    if ((concernsLeader ? _oracle.Leader : _slots[slot]) is { IsEnded: false } process)
                    {
                        fault(process);
                    }
                });
            }
        }

        Schedule(Faults.KillCount, Kill);
        Schedule(Faults.PauseCount, Pause);
        Schedule(Faults.PartCount, _ => Part());
        Schedule(Faults.FailureCount, process =>
        {
            if (process.PausedUntil <= Now && process.TryFail())
            {
                Trace($"a domain fails at {process.Self}");
            }
        });
        Schedule(Faults.AskCount, process => After(1, process, process.Ask));
    }

    private bool[] Halves()
    {
        bool[] sides = new bool[_slots.Length];
        for (int left = _slots.Length / 2; left > 0;)
        {
            int slot = Draw(_slots.Length);
            left -= sides[slot] ? 0 : 1;
            sides[slot] = true;
        }

        return sides;
    }

    private void Kill(SimulatedProcess process)
    {
        Trace($"{process.Self} is killed");
        process.End();
        After(1 + Draw(DetectionTicksMax), null, () => _oracle.Remove(process));
    }

    private void Pause(SimulatedProcess process)
    {
        long ticks = 1 + Draw(PauseTicksMax);
        Trace($"{process.Self} pauses for {ticks}");
        process.PausedUntil = Math.Max(process.PausedUntil, Now + ticks);
        if (ticks > PauseTicksAllowed)
        {
            After(PauseTicksAllowed, null, () => _oracle.Remove(process));
        }
    }

    private void Part()
    {
        if (IsParted)
        {
            return;
        }

        bool[] sides = Faults.PartsInHalves ? Halves() : [.. _slots.Select(_ => Draw(2) == 0)];
        _sides = sides;
        long ticks = 1 + Draw(PartTicksMax) + (Faults.PartsInHalves ? DecisionTicks : 0);
        Trace($"the network parts for {ticks}: {string.Join(' ', sides.Select(side => side ? 'a' : 'b'))}");
        if (ticks > DecisionTicks)
        {
            After(DecisionTicks, null, () =>
            {
                if (_oracle.Decide(process => sides[process.Slot]) is { IsEmpty: false } losers)
                {
                    _parting = new Parting(losers);
                }
            });
        }

        After(ticks, null, () =>
        {
            _sides = null;
            Trace("the network is whole again");
        });
    }
}
