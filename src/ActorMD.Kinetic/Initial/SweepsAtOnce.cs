using System.Runtime.InteropServices;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>
/// Whole sweeps of the conditioned chain at once, on several threads: the outcome is that of the chain that goes particle by particle.
/// </summary>
/// <remarks>
/// Problem: a step looks at a random place, so that a processor waits for memory, and it may depend on all steps before it.
/// Idea: where a particle would move to in a sweep is known beforehand, from random numbers of its own. All these trials are sorted by
/// cells, as the present positions are. Threads go through the box from one end to the other, and look for what lies near each trial:
/// old positions, and trials of smaller ids. Only trials that have anything near them are decided afterwards, in the order of ids: of a
/// particle with a smaller id the trial counts if it was kept, else the old position; of one with a larger id the old position. That is
/// what single steps find, so that the outcome has the same bits, for any number of threads.
/// </remarks>
internal sealed class SweepsAtOnce
{
    private readonly Gas _gas;
    private readonly int[] _kinds;
    private readonly Vec3[] _positions; // trials, until all sweeps are done
    private readonly TrialDraws _draws;
    private readonly Nearness _nearness;
    private readonly Parts _parts;
    private readonly bool[] _isKept; // by id: whether the trial was kept
    private readonly int[] _groups; // by id: 1 + where its neighbours begin, 0 where it has none
    private readonly Stretches _trials;
    private readonly Stretches _old; // present positions, with gaps between stretches
    private readonly SortedCells _both; // old positions and trials
    private readonly List<Neighbor>[] _found; // by stretch
    private readonly CancellationToken _cancellation;
    private Neighbor[] _neighbors = [];

    /// <param name="gas">Box, species and zones.</param>
    /// <param name="kinds">By id.</param>
    /// <param name="positions">Room for all positions: <see cref="Finish"/> puts them here.</param>
    /// <param name="draws">Of positions.</param>
    /// <param name="reach">Farther apart no two particles matter to each other.</param>
    /// <param name="workerCount">Largest number of threads.</param>
    /// <param name="cancellation">Stops the work.</param>
    public SweepsAtOnce(
        Gas gas, int[] kinds, Vec3[] positions, TrialDraws draws, double reach, int workerCount, CancellationToken cancellation)
    {
        int count = kinds.Length;
        (_gas, _kinds, _positions, _draws, _cancellation) = (gas, kinds, positions, draws, cancellation);
        _nearness = new Nearness(gas, reach, cancellation);
        _parts = new Parts(count, workerCount, cancellation);
        _isKept = new bool[count];
        _groups = new int[count];
        CellAxes axes = CellAxes.For(gas.Box, count, reach);
        _trials = new Stretches(axes, count);
        _old = new Stretches(axes, 2 * count);
        _both = new SortedCells(gas.Box, axes, _trials.Count, 2 * count);
        _found = [.. Enumerable.Range(0, _trials.Count).Select(_ => new List<Neighbor>())];
    }

    /// <summary>Inserts one particle after the other into the room for positions.</summary>
    /// <param name="trialCount">Trials of one particle at most.</param>
    /// <returns>False where the gas is too dense for this way: then nothing is known.</returns>
    public bool TryInsert(int trialCount) =>
        new InsertionAtOnce(_gas, _kinds, _positions, _nearness, _parts, _cancellation).TryInsert(_draws, trialCount, _trials, _both);

    /// <summary>Begins with the positions that are in the room for them.</summary>
    public void Begin() => _old.Sort(_positions, _kinds, isTrial: false, _parts);

    /// <summary>Redraws every particle once.</summary>
    /// <param name="sweep">Number of the sweep.</param>
    /// <param name="kept">How many have moved.</param>
    /// <returns>By id, which have moved.</returns>
    public ReadOnlySpan<bool> Sweep(int sweep, out int kept)
    {
        _parts.ForIds(part =>
        {
            (int first, int end) = _parts.IdsOf(part);
            _draws.Draw(sweep, first, _positions.AsSpan(first..end));
        });
        _trials.Sort(_positions, _kinds, isTrial: true, _parts);
        _both.Fill(_trials, _old, _parts);
        _parts.For(_trials.Count, FindNeighbors);
        GroupNeighbors();
        kept = Decide();
        _old.Choose(_both, _isKept, _parts);
        return _isKept;
    }

    /// <summary>Puts all positions into the room for them.</summary>
    public void Finish() => _old.CopyTo(_positions, _parts);

    private void FindNeighbors(int stretch)
    {
        List<Neighbor> found = _found[stretch];
        found.Clear();
        int[] buffer = new int[64];
        foreach (ref readonly CellEntry trial in _both.StretchOf(stretch))
        {
            if (!trial.IsTrial)
            {
                continue;
            }

            int count = _both.Collect(trial.Position, _nearness.Reach, ref buffer);
            for (int n = 0; n < count; n++)
            {
                ref readonly CellEntry other = ref _both[buffer[n]];
                if (other.IsTrial ? other.Id < trial.Id : other.Id != trial.Id)
                {
                    bool touches = _nearness.Touch(trial.Kind, trial.Position, other.Kind, other.Position);
                    found.Add(new Neighbor(trial.Id, buffer[n], touches));
                }
            }
        }
    }

    // Those of one trial lie beside each other.
    private void GroupNeighbors()
    {
        int count = _found.Sum(list => list.Count), to = 0;
        if (_neighbors.Length < count)
        {
            _neighbors = new Neighbor[count + count / 4];
        }

        Array.Clear(_groups);
        Array.Fill(_isKept, true);
        foreach (List<Neighbor> list in _found)
        {
            int last = -1;
            foreach (ref readonly Neighbor neighbor in CollectionsMarshal.AsSpan(list))
            {
                if (neighbor.Id != last)
                {
                    last = neighbor.Id;
                    _groups[last] = to + 1;
                }

                _neighbors[to++] = neighbor;
            }
        }

        // An end behind the last group.
        if (_neighbors.Length == to)
        {
            Array.Resize(ref _neighbors, to + 1);
        }

        _neighbors[to] = default(Neighbor) with { Id = -1 };
    }

    // In the order of ids. Returns how many trials are kept.
    private int Decide()
    {
        int kept = _groups.Length;
        for (int id = 0; id < _groups.Length; id++)
        {
            if (_groups[id] > 0)
            {
                _isKept[id] = HasRoom(id, _groups[id] - 1);
                kept -= _isKept[id] ? 0 : 1;
            }

            if (id % 0x10000 == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
            }
        }

        return kept;
    }

    private bool HasRoom(int id, int first)
    {
        _nearness.Clear();
        for (int n = first; _neighbors[n].Id == id; n++)
        {
            ref readonly CellEntry other = ref _both[_neighbors[n].Place];
            bool isThere = other.IsTrial ? _isKept[other.Id] : other.Id > id || !_isKept[other.Id];
            if (!isThere)
            {
                continue;
            }

            if (_neighbors[n].Touches)
            {
                return false;
            }

            _nearness.Add(_positions[id], other.Position);
        }

        return _nearness.IsValid();
    }

    /// <summary>A particle near a trial.</summary>
    /// <param name="Id">Of the trial.</param>
    /// <param name="Place">Of the particle among old positions and trials.</param>
    /// <param name="Touches">Whether the two overlap.</param>
    private readonly record struct Neighbor(int Id, int Place, bool Touches);
}
