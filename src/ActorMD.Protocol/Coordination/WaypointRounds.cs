using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Coordination;

/// <summary>The coordinator's part in going past moments at which the client wants sums only.</summary>
/// <remarks>
/// Sums at a cut are gathered once; from then on those at moments within shared slices, and at their ends, follow from what the domains' events
/// have changed. Where that is not known, a slice ends at the waypoint, and its sums are gathered there.
/// </remarks>
internal sealed class WaypointRounds
{
    private const double CloseMax = 2; // lengths of the last slice

    private readonly List<Message.Passed> _passed = []; // that the client may not have yet
    private double _known = double.NegativeInfinity; // of the request: the client has had all waypoints up to here
    private ImmutableArray<double> _times = []; // of the request, that are still ahead: simulation times
    private ImmutableArray<double> _timesInSlice = []; // as the request had them that was there when the slice opened
    private double _length; // of the last slice
    private VelocitySums? _sums; // at the cut; null: not known
    private EventTally? _tally; // since the run began, at the same moment

    /// <summary>Waypoints in the slice that is open: offsets in the epoch.</summary>
    public ImmutableArray<double> InSlice { get; private set; } = [];

    /// <summary>Whether sums at the cut are known.</summary>
    public bool AreKnown => _sums is not null;

    /// <summary>A run begins.</summary>
    public void Begin()
    {
        _passed.Clear();
        (_times, InSlice, _sums, _tally, _known) = ([], [], null, null, double.NegativeInfinity);
    }

    /// <summary>The client asks, perhaps once more; a late copy of a request may ask for what it has had since.</summary>
    /// <param name="times">What it asks for.</param>
    /// <param name="isNew">Whether it is another request than the last one.</param>
    /// <returns>What it asks for again and the run has gone past.</returns>
    public IReadOnlyList<Message> Ask(ImmutableArray<double> times, bool isNew)
    {
        _known = isNew ? double.NegativeInfinity : _known;
        foreach (Message.Passed passed in _passed.Where(passed => !isNew && !times.Contains(passed.Time)))
        {
            _known = Math.Max(_known, passed.Time);
        }

        _passed.RemoveAll(passed => !times.Contains(passed.Time) || passed.Time <= _known);
        _times = [.. times.Where(time => time > _known && !_passed.Exists(passed => passed.Time == time))];
        return [.. _passed];
    }

    /// <summary>The next waypoint as an offset in an epoch; +infinity if there is none.</summary>
    public double Next(long epoch, double epochLength) =>
        _times.IsEmpty ? double.PositiveInfinity : Epoch.OffsetOf(epoch, epochLength, _times[0]);

    /// <summary>Whether the sums at the cut are worth gathering, since the next slice may go past a waypoint.</summary>
    /// <param name="cut">The cut.</param>
    /// <param name="waypoint">The next waypoint.</param>
    public bool IsClose(double cut, double waypoint) => waypoint - cut < CloseMax * _length;

    /// <summary>The sums at the cut were gathered.</summary>
    public void Know(VelocitySums sums, EventTally tally) => (_sums, _tally) = (sums, tally);

    /// <summary>A slice opens; the cut moves on.</summary>
    /// <param name="cut">Where it begins.</param>
    /// <param name="end">Where it ends, if nothing is wrong.</param>
    /// <param name="epochLength">Simulation time of an epoch.</param>
    public void Open(Cut cut, double end, double epochLength)
    {
        _timesInSlice = !AreKnown ? [] : [.. _times.TakeWhile(time => Epoch.OffsetOf(cut.Epoch, epochLength, time) < end)];
        InSlice = [.. _timesInSlice.Select(time => Epoch.OffsetOf(cut.Epoch, epochLength, time))];
    }

    /// <summary>The slice is done: what the client gets.</summary>
    /// <param name="run">The run.</param>
    /// <param name="length">Of the slice.</param>
    /// <param name="stretches">Of all domains.</param>
    public IEnumerable<Message> Close(int run, double length, ImmutableArray<ImmutableArray<StretchRecord>> stretches)
    {
        _length = length;
        int count = InSlice.Length, first = _passed.Count;
        if (count == 0 || _sums is null || _tally is null || stretches.Any(own => own.Length != count + 1))
        {
            (_sums, _tally) = (null, null);
            return [];
        }

        for (int stretch = 0; stretch <= count; stretch++)
        {
            foreach (ImmutableArray<StretchRecord> own in stretches)
            {
                own[stretch].Gains.AddTo(_sums);
                own[stretch].Tally.AddTo(_tally);
            }

            if (stretch < count)
            {
                Pass(run, _timesInSlice[stretch]);
            }
        }

        InSlice = [];
        return _passed.Skip(first);
    }

    /// <summary>The next waypoint is the cut, whose sums are known: what the client gets.</summary>
    public Message Pass(int run) => Pass(run, _times[0]);

    private Message.Passed Pass(int run, double time)
    {
        Message.Passed passed = new(run, time, SumsRecord.Of(_sums!), TallyRecord.Of(_tally!));
        _passed.Add(passed);
        _times = _times.Remove(time);
        return passed;
    }
}
