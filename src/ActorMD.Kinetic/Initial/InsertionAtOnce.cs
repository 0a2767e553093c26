using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>
/// Insertion of one particle after the other, at the first trial position of each that has room: all first trials at once.
/// </summary>
/// <remarks>
/// In a dilute gas hardly any trial fails. So all first trials are sorted by cells, and several threads mark those that have one of a
/// smaller id near them. Only these are looked at one by one, in the order of ids; a particle that goes on to another trial marks
/// what lies near it there. Everything comes to where insertion one by one puts it.
/// </remarks>
internal sealed class InsertionAtOnce
{
    private const int MarkedShareMax = 16; // where more than one of so many is marked, this way is no shorter

    private readonly Gas _gas;
    private readonly int[] _kinds;
    private readonly Vec3[] _positions;
    private readonly Nearness _nearness;
    private readonly Parts _parts;
    private readonly bool[] _isMarked;
    private readonly bool[] _isMoved; // from its first trial
    private readonly CancellationToken _cancellation;
    private SortedCells? _firstTrials;
    private CellSlots? _moved;
    private int[] _buffer = new int[64];

    /// <param name="gas">Box, species and zones.</param>
    /// <param name="kinds">By id.</param>
    /// <param name="positions">Gets the positions.</param>
    /// <param name="nearness">What neighbours forbid.</param>
    /// <param name="parts">Who does it.</param>
    /// <param name="cancellation">Stops the work.</param>
    public InsertionAtOnce(Gas gas, int[] kinds, Vec3[] positions, Nearness nearness, Parts parts, CancellationToken cancellation)
    {
        (_gas, _kinds, _positions, _nearness, _parts, _cancellation) = (gas, kinds, positions, nearness, parts, cancellation);
        _isMarked = new bool[kinds.Length];
        _isMoved = new bool[kinds.Length];
    }

    /// <summary>Inserts all.</summary>
    /// <param name="draws">Of positions.</param>
    /// <param name="trialCount">Trials of one particle at most.</param>
    /// <param name="byStretch">Room for all particles.</param>
    /// <param name="firstTrials">Room for all particles.</param>
    /// <returns>False where the gas is too dense for this way: then nothing is known.</returns>
    public bool TryInsert(TrialDraws draws, int trialCount, Stretches byStretch, SortedCells firstTrials)
    {
        _firstTrials = firstTrials;
        _parts.ForIds(part =>
        {
            (int first, int end) = _parts.IdsOf(part);
            draws.DrawInserted(first, _positions.AsSpan(first..end));
        });
        byStretch.Sort(_positions, _kinds, isTrial: false, _parts);
        firstTrials.Fill(byStretch, _parts);
        _parts.For(byStretch.Count, Mark);
        int marked = _isMarked.Count(isMarked => isMarked);
        if (marked > _kinds.Length / MarkedShareMax)
        {
            return false;
        }

        _moved = new CellSlots(_gas.Box, Math.Max(marked, 1), _kinds.Length, _nearness.Reach);
        for (int id = 0; id < _kinds.Length; id++)
        {
            if (_isMarked[id] && !Place(id, draws, trialCount))
            {
                return false;
            }
        }

        return true;
    }

    private void Mark(int stretch)
    {
        int[] buffer = new int[64];
        foreach (ref readonly CellEntry trial in _firstTrials!.StretchOf(stretch))
        {
            int found = Near(trial.Position, ref buffer);
            for (int n = 0; n < found; n++)
            {
                _isMarked[trial.Id] |= _firstTrials![buffer[n]].Id < trial.Id;
            }
        }
    }

    private int Near(Vec3 position, ref int[] buffer) =>
        _firstTrials!.Collect(position, _nearness.Reach, ref buffer);

    private bool Place(int id, TrialDraws draws, int trialCount)
    {
        CounterRandom random = draws.OfInsertion(id);
        for (int trial = 0; trial < trialCount; trial++)
        {
            _cancellation.ThrowIfCancellationRequested();
            Vec3 position = draws.Draw(id, ref random);
            if (HasRoom(id, position))
            {
                if (trial > 0)
                {
                    Move(id, position);
                }

                return true;
            }
        }

        return false;
    }

    // Among all of smaller ids, whose places are known.
    private bool HasRoom(int id, Vec3 position)
    {
        _nearness.Clear();
        int found = Near(position, ref _buffer);
        for (int n = 0; n < found; n++)
        {
            ref readonly CellEntry other = ref _firstTrials![_buffer[n]];
            if (other.Id < id && !_isMoved[other.Id] && !MayLie(id, position, other.Id, other.Position))
            {
                return false;
            }
        }

        found = _moved!.Collect(position, _nearness.Reach, ref _buffer, 0);
        for (int n = 0; n < found; n++)
        {
            if (!MayLie(id, position, _buffer[n], _positions[_buffer[n]]))
            {
                return false;
            }
        }

        return _nearness.IsValid();
    }

    private bool MayLie(int id, Vec3 position, int otherId, Vec3 other)
    {
        if (_nearness.Touch(_kinds[id], position, _kinds[otherId], other))
        {
            return false;
        }

        _nearness.Add(position, other);
        return true;
    }

    private void Move(int id, Vec3 position)
    {
        _positions[id] = position;
        _isMoved[id] = true;
        _moved!.Insert(id, _moved.CellOf(position), position);
        int found = Near(position, ref _buffer);
        for (int n = 0; n < found; n++)
        {
            _isMarked[_firstTrials![_buffer[n]].Id] = true; // those of smaller ids are done
        }
    }
}
