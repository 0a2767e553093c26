using System.Runtime.ExceptionServices;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>Steps of a chain, one after the other, at which several threads have looked before.</summary>
/// <remarks>
/// Problem: the chain of <see cref="ConditionedStart"/> has one step after the other, and each looks at what the steps before have left.
/// Idea: all steps of a batch are looked at beforehand, with the configuration as it is at its beginning, by several threads. Then they are
/// taken in their order. What was seen still holds, unless a step before has brought a particle close to the new position, or has taken
/// away the one that was in the way. Whether it may have is known without looking at particles; only where it may, the step is looked at once
/// more. So every step has the outcome that it has in a chain of one thread.
/// </remarks>
internal sealed class StepBatch
{
    private const int InsertionTrialCount = 2000;
    private const int StepsAhead = 8; // whose memory is loaded before they are taken
    private const int GroupSize = 32; // steps whose memory is loaded at once
    private const int ChunksPerThread = 4;

    private readonly int[] _species;
    private readonly Vec3[] _positions;
    private readonly SlotGrids _grids;
    private readonly PositionLaw[] _laws;
    private readonly PhaseSpace[] _phaseSpaces;
    private readonly NearMarks _marks;
    private readonly int _threadCount;
    private readonly CancellationToken _cancellation;
    private readonly Vec3[] _trials;
    private readonly int[] _cells;
    private readonly int[] _oldCells;
    private readonly int[] _blockers;
    private readonly Continuation[] _continuations;
    private int[] _ids = [];
    private int _start;
    private int _count;

    public StepBatch(
        Gas gas, int[] species, Vec3[] positions, SlotGrids grids, PositionLaw[] laws, int size, int threadCount,
        CancellationToken cancellation)
    {
        (_species, _positions, _grids, _laws) = (species, positions, grids, laws);
        _threadCount = threadCount;
        _cancellation = cancellation;
        _phaseSpaces = [.. Enumerable.Range(0, threadCount == 1 ? 1 : threadCount * ChunksPerThread)
            .Select(_ => new PhaseSpace(gas, species, positions, grids, cancellation))];
        _marks = new NearMarks(gas.Box, grids.ReachMax, size);
        _trials = new Vec3[size];
        _cells = new int[size];
        _oldCells = new int[size];
        _blockers = new int[size];
        _continuations = new Continuation[size];
    }

    /// <summary>Looks at new positions for neighbouring ids.</summary>
    /// <param name="ids">All ids, in the order of the steps.</param>
    /// <param name="start">The first step's index among them.</param>
    /// <param name="count">How many steps.</param>
    /// <param name="randomOf">The random numbers that a particle's new position is made from.</param>
    public void LookAtRedraws(int[] ids, int start, int count, Func<int, CounterRandom> randomOf)
    {
        Begin(ids, start, count);
        ForAllChunks((phaseSpace, first, end) =>
        {
            Prepare(first, Math.Min(first + GroupSize, end), randomOf, isRedraw: true);
            for (int group = first; group < end; group += GroupSize)
            {
                int next = Math.Min(group + GroupSize, end);
                Prepare(next, Math.Min(next + GroupSize, end), randomOf, isRedraw: true);
                for (int n = group; n < next; n++)
                {
                    _blockers[n] = phaseSpace.BlockerOf(IdAt(n), _trials[n]);
                }
            }
        });
    }

    /// <summary>Takes the next step.</summary>
    /// <param name="n">Its index in the batch.</param>
    /// <returns>Whether the particle has its new position.</returns>
    public bool TakeRedraw(int n)
    {
        PrefetchFor(n + StepsAhead, isRedraw: true);
        int id = IdAt(n), blocker = _blockers[n];
        bool isDoubtful = blocker == PhaseSpace.Free ? _marks.HasNear(_trials[n]) : blocker == PhaseSpace.Zone || HasHadStep(blocker, n);
        if (isDoubtful)
        {
            blocker = _phaseSpaces[0].BlockerOf(id, _trials[n]);
        }

        if (blocker != PhaseSpace.Free)
        {
            return false;
        }

        _grids.Remove(id, _oldCells[n]);
        Put(id, n);
        return true;
    }

    /// <summary>Looks for free positions for particles that have none.</summary>
    /// <param name="ids">All ids, in the order of the steps.</param>
    /// <param name="start">The first step's index among them.</param>
    /// <param name="count">How many steps.</param>
    /// <param name="randomOf">The random numbers that a particle's trials are made from.</param>
    public void LookAtInsertions(int[] ids, int start, int count, Func<int, CounterRandom> randomOf)
    {
        Begin(ids, start, count);
        ForAllChunks((phaseSpace, first, end) =>
        {
            for (int group = first; group < end; group += GroupSize)
            {
                int next = Math.Min(group + GroupSize, end);
                Prepare(group, next, randomOf, isRedraw: false);
                for (int n = group; n < next; n++)
                {
                    FindFree(phaseSpace, n);
                }
            }
        });
    }

    /// <summary>Takes the next step: what was in the way before is still there.</summary>
    /// <param name="n">Its index in the batch.</param>
    /// <returns>Whether the particle has a position now; if not, none was free.</returns>
    public bool TakeInsertion(int n)
    {
        PrefetchFor(n + StepsAhead, isRedraw: false);
        if (_blockers[n] == PhaseSpace.Free && _marks.HasNear(_trials[n]))
        {
            FindFree(_phaseSpaces[0], n);
        }

        if (_blockers[n] != PhaseSpace.Free)
        {
            return false;
        }

        Put(IdAt(n), n);
        return true;
    }

    private int IdAt(int n) => _ids[_start + n];

    // Ids in their own order are those of redraws.
    private bool HasHadStep(int id, int n) => id >= IdAt(0) && id < IdAt(n);

    private void Begin(int[] ids, int start, int count)
    {
        (_ids, _start, _count) = (ids, start, count);
        _marks.Clear();
    }

    private void Put(int id, int n)
    {
        _positions[id] = _trials[n];
        _grids.Insert(id, _cells[n], _trials[n]);
        _marks.Add(_trials[n]);
    }

    // Goes on from the trial that was looked at last.
    private void FindFree(PhaseSpace phaseSpace, int n)
    {
        const int TrialsPerPoll = 64;
        int id = IdAt(n);
        ref Continuation next = ref _continuations[n];
        while ((_blockers[n] = phaseSpace.BlockerOf(id, _trials[n])) != PhaseSpace.Free && next.TrialCount < InsertionTrialCount)
        {
            if (++next.TrialCount % TrialsPerPoll == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
            }

            _trials[n] = _laws[_species[id]].Draw(ref next.Random);
            _cells[n] = _grids.CellOf(id, _trials[n]);
        }
    }

    private void Prepare(int start, int end, Func<int, CounterRandom> randomOf, bool isRedraw)
    {
        for (int n = start; n < end; n++)
        {
            int id = IdAt(n);
            CounterRandom random = randomOf(id);
            Vec3 trial = _laws[_species[id]].Draw(ref random);
            _trials[n] = trial;
            _cells[n] = _grids.CellOf(id, trial);
            _grids.PrefetchAround(id, trial);
            if (isRedraw)
            {
                _oldCells[n] = _grids.CellOf(id, _positions[id]);
                _grids.Prefetch(id, _oldCells[n]);
            }
            else
            {
                _continuations[n] = new Continuation { Random = random, TrialCount = 1 };
            }
        }
    }

    private void PrefetchFor(int n, bool isRedraw)
    {
        if (n < _count)
        {
            int id = IdAt(n);
            _grids.Prefetch(id, _cells[n]);
            if (isRedraw)
            {
                _grids.Prefetch(id, _oldCells[n]);
            }
        }
    }

    private void ForAllChunks(Action<PhaseSpace, int, int> work)
    {
        if (_threadCount == 1)
        {
            Run(0);
            return;
        }

        try
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = _threadCount, CancellationToken = _cancellation };
            Parallel.For(0, _phaseSpaces.Length, options, Run);
        }
        catch (AggregateException failure) // of one thread or several: each alone says what is wrong
        {
            ExceptionDispatchInfo.Throw(failure.InnerExceptions[0]);
        }

        void Run(int chunk)
        {
            _cancellation.ThrowIfCancellationRequested();
            work(_phaseSpaces[chunk], Border(chunk), Border(chunk + 1));
        }

        int Border(int chunk) => (int)((long)_count * chunk / _phaseSpaces.Length);
    }

    // How a particle goes on looking for a free position.
    private struct Continuation
    {
        public CounterRandom Random;
        public int TrialCount;
    }
}
