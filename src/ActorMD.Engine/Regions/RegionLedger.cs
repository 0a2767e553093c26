using System.Runtime.InteropServices;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Engine.Regions;

/// <summary>
/// All events of a region since its window began, in the order in which they happened, and with them every particle's path.
/// </summary>
/// <remarks>
/// An event costs little while the region runs: the records of its participants as they were before it are copied to the end of
/// a log. Events are rolled back by reading it backwards. Paths are linked when the first is asked for.
/// </remarks>
public sealed unsafe class RegionLedger : IDisposable
{
    private const int None = -1;

    private readonly StateLog _log = new(); // one entry per participation
    private readonly NativeArray<int> _next = new(256); // the particle's next participation
    private readonly NativeArray<int> _first = new(256); // by particle
    private readonly List<RegionEvent> _events = [];
    private readonly Dictionary<int, List<ImageMove>> _movesOf = []; // by particle; from each move on to the end
    private ParticleStore _store;
    private double _latest = double.NegativeInfinity; // no event is later
    private bool _isLinked;

    internal RegionLedger(ParticleStore store) => _store = store;

    /// <summary>The events of the window, in their order.</summary>
    public ReadOnlySpan<RegionEvent> Events => CollectionsMarshal.AsSpan(_events);

    /// <summary>The particles that took part: their indices in the region, by participation.</summary>
    public ReadOnlySpan<int> Participants => _log.Slots;

    /// <summary>The particle that took part: its index in the region.</summary>
    public int Participant(int participation) => _log.SlotOf(participation);

    /// <summary>Kind of the particle that took part.</summary>
    public int KindOf(int participation) => _log.Before(participation)->Kind;

    /// <summary>The state that an event replaced.</summary>
    public ParticleState Before(int participation) => StateOf(_log.Before(participation), ImageBefore(participation));

    /// <summary>The state from an event on.</summary>
    public ParticleState After(int participation)
    {
        int next = Next(participation);
        return next == None ? _store.StateOf(Participant(participation)) : Before(next);
    }

    /// <summary>Time of the event.</summary>
    public double TimeOf(int participation)
    {
        int next = Next(participation);
        return next == None ? _store.Particles[Participant(participation)].Time : _log.Before(next)->Time;
    }

    /// <summary>A particle's state at the beginning of the window.</summary>
    public ParticleState StartOf(int particle)
    {
        int first = FirstOf(particle);
        return first == None ? _store.StateOf(particle) : Before(first);
    }

    /// <summary>A particle's first participation, -1 if nothing happened to it.</summary>
    public int FirstOf(int particle)
    {
        Link();
        return _first.Pointer[particle];
    }

    /// <summary>The same particle's next participation, -1 if there is none.</summary>
    public int Next(int participation)
    {
        Link();
        return _next.Pointer[participation];
    }

    /// <summary>Adds a particle's path: its state at the beginning of the window, and that after each event.</summary>
    public void AddPath(int particle, List<ParticleState> path)
    {
        for (int k = FirstOf(particle); k != None; k = _next.Pointer[k])
        {
            path.Add(Before(k));
        }

        path.Add(_store.StateOf(particle));
    }

    /// <summary>
    /// From when on a particle's path is another one than the given path: -infinity if they begin otherwise, null if they are the
    /// same, bit for bit.
    /// </summary>
    public double? FirstDifference(int particle, ReadOnlySpan<ParticleState> path)
    {
        int k = FirstOf(particle);
        for (int n = 0; n < path.Length; n++, k = _next.Pointer[k])
        {
            ref readonly ParticleState other = ref path[n];
            Particle* p = k == None ? _store.Particles + particle : _log.Before(k);
            Int3 image = k == None ? ImageOf(particle) : ImageBefore(k);
            bool isLast = n == path.Length - 1;
            if (!AreSame(p, image, other))
            {
                return n == 0 ? double.NegativeInfinity : Math.Min(p->Time, other.Time);
            }

            if (k == None)
            {
                return isLast ? null : path[n + 1].Time;
            }

            if (isLast)
            {
                return TimeOf(k);
            }
        }

        return double.NegativeInfinity;
    }

    /// <summary>|v|^2 of the fastest particle after any event.</summary>
    public double SpeedSquaredMax { get; private set; }

    /// <summary>Adds one of the events to an event log.</summary>
    /// <param name="log">Gets it.</param>
    /// <param name="gas">The whole system's.</param>
    /// <param name="epoch">Number of finished epochs.</param>
    /// <param name="happened">The event.</param>
    /// <param name="ids">Of its participants, in the whole system.</param>
    public void AddTo(EventBatch log, Gas gas, long epoch, in RegionEvent happened, ReadOnlySpan<int> ids)
    {
        ParticleState[] before = new ParticleState[ids.Length], after = new ParticleState[ids.Length];
        for (int k = 0; k < ids.Length; k++)
        {
            before[k] = Before(happened.First + k);
            after[k] = After(happened.First + k);
        }

        log.Add(gas, epoch, happened.Time, happened.Order, ids, before, after);
    }

    /// <summary>Frees the memory outside the managed heap.</summary>
    public void Dispose()
    {
        _log.Dispose();
        _next.Dispose();
        _first.Dispose();
    }

    /// <summary>Forgets everything: a window of these particles begins.</summary>
    internal void Restart(ParticleStore store)
    {
        _store = store;
        _events.Clear();
        _log.Clear();
        (_isLinked, SpeedSquaredMax, _latest) = (false, 0, double.NegativeInfinity);
    }

    /// <summary>Keeps the record of a particle that is about to have an event; participants come in the order of ids.</summary>
    internal void Keep(int index, Particle* particle) => _log.Add(index, particle);

    /// <summary>A participant of the event that is being recorded has left the box and come in on the other side.</summary>
    internal void KeepBoxes(int index, Int3 boxes) => _log.AddBoxes(index, boxes);

    /// <summary>The event of the participants that were kept last is done.</summary>
    internal void AddEvent(in RegionEvent happened, double speedSquared)
    {
        SpeedSquaredMax = Math.Max(SpeedSquaredMax, speedSquared);
        _latest = Math.Max(_latest, happened.Time);
        _isLinked = false;
        _events.Add(happened with { First = _log.Count - happened.Count });
    }

    /// <summary>Rolls back the first event after a time, and all that were recorded after it.</summary>
    internal void Undo(double time)
    {
        if (_latest <= time)
        {
            return;
        }

        int kept = 0;
        while (kept < _events.Count && _events[kept].Time <= time)
        {
            kept++;
        }

        CollectionsMarshal.SetCount(_events, kept);
        UndoUnfinished();
    }

    /// <summary>Rolls back what was kept of an event that did not come to its end.</summary>
    internal void UndoUnfinished()
    {
        int kept = _events.Count == 0 ? 0 : _events[^1].First + _events[^1].Count;
        if (_log.Count > kept)
        {
            _log.UndoTo(kept, _store);
            _isLinked = false;
        }
    }

    private static ParticleState StateOf(Particle* p, Int3 image) => new()
    {
        Position = new Vec3(p->X, p->Y, p->Z),
        Velocity = new Vec3(p->VX, p->VY, p->VZ),
        Time = p->Time,
        Image = image,
        Kind = p->Kind,
    };

    private static bool AreSame(Particle* p, Int3 image, in ParticleState state) =>
        Same(p->X, state.Position.X) & Same(p->Y, state.Position.Y) & Same(p->Z, state.Position.Z) & Same(p->Time, state.Time)
        & Same(p->VX, state.Velocity.X) & Same(p->VY, state.Velocity.Y) & Same(p->VZ, state.Velocity.Z)
        & p->Kind == state.Kind & image == state.Image;

    private static bool Same(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    private Int3 ImageOf(int particle)
    {
        int* image = _store.Images + 3L * particle;
        return new Int3(image[0], image[1], image[2]);
    }

    // What it is now, without the boxes that have been added since.
    private Int3 ImageBefore(int participation)
    {
        Link();
        int particle = Participant(participation);
        Int3 image = ImageOf(particle);
        if (_movesOf.Count == 0 || !_movesOf.TryGetValue(particle, out List<ImageMove>? moves))
        {
            return image;
        }

        // The latest come first.
        int low = 0, high = moves.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = moves[middle].Entry >= participation ? (middle + 1, high) : (low, middle);
        }

        Int3 boxes = low == 0 ? Int3.Zero : moves[low - 1].Boxes;
        return image - boxes;
    }

    private void Link()
    {
        if (!_isLinked)
        {
            LinkAll();
        }
    }

    private void LinkAll()
    {
        _isLinked = true;
        _next.Grow(_log.Capacity);
        _first.Grow(_store.Capacity);
        new Span<int>(_first.Pointer, _store.Count).Fill(None);
        for (int k = _log.Count - 1; k >= 0; k--)
        {
            int* head = _first.Pointer + _log.SlotOf(k);
            (_next.Pointer[k], *head) = (*head, k);
        }

        _movesOf.Clear();
        ReadOnlySpan<ImageMove> all = _log.Moves;
        for (int k = all.Length - 1; k >= 0; k--)
        {
            ref List<ImageMove>? moves = ref CollectionsMarshal.GetValueRefOrAddDefault(_movesOf, Participant(all[k].Entry), out _);
            moves ??= [];
            moves.Add(new ImageMove(all[k].Entry, all[k].Boxes + (moves.Count == 0 ? Int3.Zero : moves[^1].Boxes)));
        }
    }
}
