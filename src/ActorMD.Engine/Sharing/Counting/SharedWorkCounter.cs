using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Counting;

/// <summary>
/// Watches one thread's trajectory, and says for every event which region would have run it if workers had shared the slice.
/// </summary>
/// <remarks>
/// The rules are those of <see cref="BlockWorker{TSizes}"/> and <see cref="StripWorker{TSizes}"/>, for blocks along several axes. A phase
/// runs an event if all
/// participants are in one of its regions and none is left to a later phase; otherwise all are left to the next phase from that moment on.
/// A participant whose new flight may meet somebody beyond the region is left to the next phase, too. Where a phase has gone on with a
/// particle
/// that a later one finds to have met another before (it was overtaken), the later phase has to roll back. The events rolled back are not
/// in
/// the true trajectory and cannot be seen here: each overtaken particle stands for one.
/// </remarks>
internal sealed unsafe class SharedWorkCounter : IEventJournal, IDisposable
{
    private readonly ParticleStore _store;
    private readonly Particle* _particles;
    private readonly SliceGrid _grid;
    private readonly RegionMap _map;
    private readonly bool _hasLists;
    private readonly Vector128<float> _contact; // half of the widest contact distance or reach, in cells
    private readonly LawTables _laws;
    private readonly ContactTimes<SpeciesTable>? _times;
    private readonly ContactTimes<OwnRadii>? _ownTimes; // where particles have their own sizes
    private readonly ParticleCells _cells;
    private readonly NativeArray<double>[] _leftFrom; // by phase and slot: from here on events are left to the next phase
    private readonly List<int>[] _left; // by phase: slots that are left to the next one
    private readonly List<int> _participants = [];
    private SliceClock _clock;

    /// <param name="gas">What is simulated.</param>
    /// <param name="plan">Its grid.</param>
    /// <param name="store">The particles of the loop that is watched.</param>
    /// <param name="blocks">Blocks along the axes of the grid.</param>
    /// <param name="depth">Cells on either side of a bound.</param>
    public SharedWorkCounter(Gas gas, SlicePlan plan, ParticleStore store, Int3 blocks, int depth)
    {
        (_store, _hasLists) = (store, plan.KeepsNeighbors);
        _particles = store.Particles;
        _grid = new SliceGrid(gas, plan);
        _map = new RegionMap(_grid.Axes, blocks, depth);
        _contact = Vector128.Create(_grid.RadiusMax) * _grid.Axes.PerUnit;
        _laws = new LawTables(gas);
        (_times, _ownTimes) = gas.HasOwnSizes
            ? ((ContactTimes<SpeciesTable>?)null,
                new ContactTimes<OwnRadii>(_grid, OwnRadii.Create(_laws.Contacts, gas.Kinds.Length), _particles, 1))
            : (new ContactTimes<SpeciesTable>(_grid, SpeciesTable.Create(_laws.Contacts, gas.Kinds.Length), _particles, 1), null);
        _cells = new ParticleCells(_grid, store);
        _leftFrom = [.. Enumerable.Range(0, _map.PhaseCount - 1).Select(_ => new NativeArray<double>(store.Capacity))];
        _left = [.. Enumerable.Range(0, _map.PhaseCount - 1).Select(_ => new List<int>())];
        foreach (NativeArray<double> leftFrom in _leftFrom)
        {
            new Span<double>(leftFrom.Pointer, store.Capacity).Fill(double.PositiveInfinity);
        }

        Work = new SliceWork(_map.PhaseCount, _map.WorkerCount);
    }

    public bool IsKeeping => true;

    public RegionMap Map => _map;

    public SliceGrid Grid => _grid;

    /// <summary>What the present slice has cost so far.</summary>
    public SliceWork Work { get; }

    /// <summary>A slice begins: all events before are done.</summary>
    public void BeginSlice(in SliceClock clock)
    {
        _clock = clock;
        _times?.Begin(clock);
        _ownTimes?.Begin(clock);
        Work.Clear();
        _cells.Sort(clock);
        for (int slot = 0; slot < _store.Count; slot++)
        {
            Work.Placed[_map.WorkerOf(_map.RegionOf(_cells.CellOf(slot), 0))]++;
        }

        if (_map.PhaseCount > 1)
        {
            LeavePairsAcross();
        }
    }

    /// <summary>The slice is over: counts the searches of particles that a phase has left to the next.</summary>
    public void EndSlice()
    {
        for (int phase = 1; phase < _map.PhaseCount; phase++)
        {
            double* leftFrom = _leftFrom[phase - 1].Pointer;
            foreach (int slot in _left[phase - 1])
            {
                Region region = _map.RegionOf(_cells.CellOf(slot), phase);
                if (region.BoundCount == phase)
                {
                    Work.Searches[phase, _map.WorkerOf(region)]++;
                }

                leftFrom[slot] = double.PositiveInfinity;
            }

            _left[phase - 1].Clear();
        }
    }

    public void Begin(int slot, double now) => _participants.Add(slot);

    public void BeginPair(int first, int second, double now)
    {
        _participants.Add(first);
        _participants.Add(second);
    }

    public void AddBoxes(int slot, Int3 boxes)
    {
    }

    public void Complete(in AppliedEvent happened, double speedSquared)
    {
        double time = happened.Time;
        int overtaken = 0;
        for (int phase = 0; phase < _map.PhaseCount; phase++)
        {
            if (FindRegion(phase, time, out Region region))
            {
                int worker = _map.WorkerOf(region);
                Work.Events[phase, worker] += 0.5 * _participants.Count;
                Work.Overtaken[phase, worker] += overtaken;
                NoteNewFlights(phase, region, time);
                break;
            }

            if (phase == _map.PhaseCount - 1)
            {
                Work.IsVoid = true;
                Work.Events[phase, 0] += 0.5 * _participants.Count;
                break;
            }

            double* leftFrom = _leftFrom[phase].Pointer;
            foreach (int slot in _participants)
            {
                overtaken += leftFrom[slot] > time && (phase == 0 || _leftFrom[phase - 1].Pointer[slot] < time) ? 1 : 0;
                Leave(phase, slot, time);
            }
        }

        _participants.Clear();
    }

    public void Dispose()
    {
        _times?.Dispose();
        _ownTimes?.Dispose();
        _laws.Dispose();
        _cells.Dispose();
        foreach (NativeArray<double> leftFrom in _leftFrom)
        {
            leftFrom.Dispose();
        }
    }

    // The region of a phase that can run the present event, if there is one.
    private bool FindRegion(int phase, double time, out Region region)
    {
        region = _map.RegionOf(_cells.CellOf(_participants[0]), phase);
        foreach (int slot in _participants)
        {
            Region own = _map.RegionOf(_cells.CellOf(slot), phase);
            if (own.BoundCount < phase)
            {
                Work.IsVoid = true; // an event too far from the bounds
            }

            if (own != region || own.BoundCount != phase || (phase < _map.PhaseCount - 1 && _leftFrom[phase].Pointer[slot] <= time))
            {
                return false;
            }
        }

        return true;
    }

    // A region has run the present event.
    private void NoteNewFlights(int phase, Region region, double time)
    {
        foreach (int slot in _participants)
        {
            Work.Depth[phase] = Math.Max(Work.Depth[phase], _map.DepthOf(_cells.CellOf(slot), region));
            LeaveFrom(phase, slot, time);
        }
    }

    // A particle's flight from a time on is a phase's: what may lead beyond its region is left to the next phase, and so on.
    private void LeaveFrom(int phase, int slot, double time)
    {
        for (; phase < _map.PhaseCount; phase++)
        {
            Region region = _map.RegionOf(_cells.CellOf(slot), phase);
            Reach reach = region.BoundCount > phase ? Reach.Beyond : region.BoundCount < phase ? Reach.TooDeep : ReachOf(phase, slot, time);
            Work.IsVoid |= reach == Reach.TooDeep;
            if (reach != Reach.Beyond)
            {
                return;
            }

            Leave(phase, slot, time);
        }
    }

    private void Leave(int phase, int slot, double time)
    {
        double* from = _leftFrom[phase].Pointer + slot;
        if (time < *from)
        {
            if (double.IsPositiveInfinity(*from))
            {
                _left[phase].Add(slot);
            }

            *from = time;
        }
    }

    // At the beginning of a slice: pairs in different blocks that will meet if nothing happens to them before; flights over a bound.
    private void LeavePairsAcross()
    {
        for (int slot = 0; slot < _store.Count; slot++)
        {
            Int3 cell = _cells.CellOf(slot);
            if (_map.IsAtBound(cell))
            {
                LeavePairsAcross(slot, cell);
            }

            Rest(slot, _clock.Start, out Vector128<float> centre, out Vector128<float> extent);
            if (Vector128.GreaterThanAny(extent + _contact, Vector128.Create(0.5f, 0.5f, 0.5f, float.PositiveInfinity))
                && _map.ReachOf(cell, CellsOf(centre - extent), CellsOf(centre + extent), 0) != Reach.Inside)
            {
                Leave(0, slot, _clock.Start);
            }
        }

        double* leftFrom = _leftFrom[0].Pointer;
        foreach (int slot in _left[0])
        {
            LeaveFrom(1, slot, leftFrom[slot]);
        }
    }

    private void LeavePairsAcross(int slot, Int3 cell)
    {
        SweptSphere own, sphere;
        _grid.Sweep(_particles + slot, _clock, &own);
        Region block = _map.RegionOf(cell, 0);
        foreach (Int3 near in _cells.Around(_map, cell))
        {
            if (_map.RegionOf(near, 0) == block)
            {
                continue;
            }

            foreach (int other in _cells.SlotsIn(near))
            {
                _grid.Sweep(_particles + other, _clock, &sphere);
                float reach = own.R + sphere.R;
                Vector128<float> offset = _grid.Axes.Nearest(Vector128.Create(own.X - sphere.X, own.Y - sphere.Y, own.Z - sphere.Z, 0));
                if (Vector128.Dot(offset, offset) <= reach * reach)
                {
                    double time = Earliest(_particles + slot, _particles + other);
                    if (time < _clock.End)
                    {
                        Leave(0, slot, time);
                        Leave(0, other, time);
                    }
                }
            }
        }
    }

    private double Earliest(Particle* a, Particle* b) => _times?.Earliest(a, b) ?? _ownTimes!.Earliest(a, b);

    // With lists a flight leads beyond its region if it comes close to the Verlet sphere of somebody there; without, if it comes close to a
    // cell there.
    private Reach ReachOf(int phase, int slot, double time)
    {
        Int3 home = _cells.CellOf(slot);
        Rest(slot, time, out Vector128<float> centre, out Vector128<float> extent);
        Vector128<float> around = extent + Vector128.Create(0.5f) + _contact;
        Vector128<int> low = CellsOf(centre - around), high = CellsOf(centre + around);
        Reach reach = _map.ReachOf(home, low, high, phase);
        return reach == Reach.Inside || !_hasLists ? reach : ReachOfListed(phase, slot, time, low, high);
    }

    private Reach ReachOfListed(int phase, int slot, double time, Vector128<int> low, Vector128<int> high)
    {
        Int3 home = _cells.CellOf(slot);
        SweptSphere sphere, other;
        _grid.Sweep(_particles + slot, _clock, &sphere);
        float tau = _clock.TauOf(time), radius = _grid.RadiusOf(_particles + slot), share = 0.5f * (1 + tau);
        float reach = radius + (sphere.R - radius) * 0.5f * (1 - tau) + _grid.Cap;
        Vector128<float> middle = Vector128.Create(sphere.X, sphere.Y, sphere.Z, 0);
        middle += share * Vector128.Create(sphere.U, sphere.V, sphere.W, 0);
        Reach farthest = Reach.Inside;
        foreach (Int3 near in _cells.In(_map, low, high))
        {
            Vector128<int> cell = Vector128.Create(near.X, near.Y, near.Z, 0);
            Reach kind = _map.ReachOf(home, cell, cell, phase);
            if (kind <= farthest)
            {
                continue;
            }

            foreach (int candidate in _cells.SlotsIn(near))
            {
                _grid.Sweep(_particles + candidate, _clock, &other);
                Vector128<float> offset = _grid.Axes.Nearest(middle - Vector128.Create(other.X, other.Y, other.Z, 0));
                if (Vector128.Dot(offset, offset) <= reach * reach)
                {
                    farthest = kind;
                    break;
                }
            }
        }

        return farthest;
    }

    // What is left of a flight from a time on, in cells along the axes: its centre, and how far it reaches to either side.
    private void Rest(int slot, double time, out Vector128<float> centre, out Vector128<float> extent)
    {
        float tau = _clock.TauOf(time);
        _grid.Fly(_particles + slot, _clock, out Vector128<float> position, out Vector128<float> flight);
        centre = (position + flight * (0.5f * (1 + tau))) * _grid.Axes.PerUnit;
        extent = Vector128.Abs(flight) * (0.5f * (1 - tau)) * _grid.Axes.PerUnit;
    }

    private static Vector128<int> CellsOf(Vector128<float> place) => Vector128.ConvertToInt32(Vector128.Floor(place));
}
