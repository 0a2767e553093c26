using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>
/// Samples the law of the main theorems: independent positions, uniform or with density profiles, conditioned on the phase space of
/// all orders [Mix 5.2, High Def. 5.2].
/// </summary>
/// <remarks>
/// Rejecting whole configurations works for tens of particles only (the acceptance is about exp(-2 sqrt N) in
/// Boltzmann-Grad scaling), and inserting particles one by one gives another law. So: any valid start (sequential
/// insertion, else a lattice, else insertion of the largest first), then a Markov chain whose steps redraw one particle from its species'
/// law where its sphere fits between the walls, and keep the new position if the configuration is valid. Each step is reversible for the
/// conditioned law. A particle so large that it never finds a free position among small ones changes position with them instead (<see
/// cref="ExchangeStep"/>). Mixing criterion: every particle has been redrawn with success at least <see cref="RedrawCountMeanMin"/> times
/// on average, and no particle has never been moved. In a dilute gas, where nearly all redraws succeed, disturbances die out like e^-m
/// after m redraws of every particle (Bubley and Dyer's path coupling), so that ten are ample. Where less than a share <see
/// cref="AcceptanceMin"/> of the redraws succeeds (above a packing of about 0.35 in space), particles mostly find back into their own cage;
/// that is no mixing, and an error.
/// Where all particles are of about one size, whole sweeps are done at once (<see cref="SweepsAtOnce"/>), with the same outcome.
/// </remarks>
internal sealed class ConditionedStart
{
    private const int RedrawCountMeanMin = 10;
    private const int InsertionTrialCount = 2000;
    private const double AcceptanceMin = 5e-4;
    private const double TrialCountOfEstimate = 200_000;
    private const double ExchangeShareMin = 2e-3, ExchangeCountOfEstimate = 4_000;
    private const int TrialsPerPoll = 64; // of one particle's insertion
    private const int BatchSize = 32;

    private readonly int[] _kinds;
    private readonly Vec3[] _positions;
    private readonly SlotGrids _grids;
    private readonly PhaseSpace _phaseSpace;
    private readonly TrialDraws _draws;
    private readonly ExchangeStep _exchange;
    private readonly SweepsAtOnce? _sweeps; // where all particles are of about one size
    private int _touched;

    private ConditionedStart(
        Gas gas, ImmutableArray<int> counts, int[] kinds, PositionPlan plan, ulong seed, int workerCount, CancellationToken cancellation)
    {
        _kinds = kinds;
        PositionLaw[] laws = [.. gas.Kinds.Select(kind => new PositionLaw(gas.Box, kind.Diameter, plan.DensityOf(kind.Species)))];
        _positions = new Vec3[kinds.Length];
        _grids = new SlotGrids(gas, kinds);
        _phaseSpace = new PhaseSpace(gas, kinds, _positions, _grids, cancellation);
        _exchange = new ExchangeStep(gas, counts, kinds, _positions, _grids, _phaseSpace, laws);
        _draws = new TrialDraws(laws, kinds, seed);
        SizeClasses classes = SizeClasses.Of(gas);
        if (_exchange.LargeCount == 0 && classes.Count == 1)
        {
            _sweeps = new SweepsAtOnce(gas, kinds, _positions, _draws, classes.Reach(0, 0), workerCount, cancellation);
        }
    }

    public static (Vec3[] Positions, InitialReport Report) Draw(
        Gas gas,
        ImmutableArray<int> counts,
        int[] kinds,
        PositionPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation,
        int workerCount = 1)
    {
        ConditionedStart chain = new(gas, counts, kinds, plan, seed, workerCount, cancellation);
        double packing = gas.Packing(counts);
        if (!chain._exchange.IsPossible)
        {
            throw InitialStateException.ExchangeTooSlow(chain._exchange.Branching, packing);
        }

        chain.Start(gas, counts, seed, cancellation);
        InitialReport report = chain.Mix(plan.Sweeps, packing, progress, cancellation);
        return (chain._positions, report);
    }

    // Any valid configuration. Where particles differ so much that they exchange positions, the largest must come first.
    private void Start(Gas gas, ImmutableArray<int> counts, ulong seed, CancellationToken cancellation)
    {
        int placed = 0;
        if (_exchange.LargeCount == 0)
        {
            if (_sweeps?.TryInsert(InsertionTrialCount) == true || Insert(Enumerable.Range(0, _kinds.Length), cancellation, out placed))
            {
                return;
            }

            try
            {
                Adopt(LatticeStart.Draw(gas, counts, _kinds, seed, cancellation).Positions);
                return;
            }
            catch (InitialStateException)
            {
                _grids.Clear();
            }
        }

        IEnumerable<int> bySize = Enumerable.Range(0, _kinds.Length)
            .OrderByDescending(id => gas.Kinds[_kinds[id]].Diameter).ThenBy(id => id);
        if (!Insert(bySize, cancellation, out int placedBySize))
        {
            throw InitialStateException.NoValidStart(Math.Max(placed, placedBySize), _kinds.Length, gas.Packing(counts));
        }
    }

    private bool Insert(IEnumerable<int> order, CancellationToken cancellation, out int placed)
    {
        placed = 0;
        foreach (int id in order)
        {
            if (placed % 1024 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            int trial = 0;
            CounterRandom random = _draws.OfInsertion(id);
            Vec3 position;
            do
            {
                if (trial++ == InsertionTrialCount)
                {
                    return false;
                }

                if (trial % TrialsPerPoll == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }

                position = _draws.Draw(id, ref random);
            }
            while (!_phaseSpace.HasRoomFor(id, position));

            _positions[id] = position;
            _grids.Insert(id, _grids.CellOf(id, position), position);
            placed++;
        }

        return true;
    }

    private void Adopt(Vec3[] positions)
    {
        positions.CopyTo(_positions, 0);
        _grids.Clear();
        for (int id = 0; id < positions.Length; id++)
        {
            _grids.Insert(id, _grids.CellOf(id, positions[id]), positions[id]);
        }
    }

    private InitialReport Mix(
        int? sweeps, double packing, IProgress<double>? progress, CancellationToken cancellation)
    {
        int count = _kinds.Length;
        BitSet moved = new(count);
        long accepted = 0, exchanged = 0;
        int sweep = 0, large = _exchange.IsRestful ? 0 : _exchange.LargeCount, movable = _exchange.IsRestful ? count - 1 : count;
        _sweeps?.Begin();
        while (!IsDone())
        {
            (int kept, int keptOfLarge) = _sweeps is null
                ? SweepByStep(sweep, moved, cancellation)
                : (SweepAtOnce(sweep, moved), 0);
            accepted += kept;
            exchanged += keptOfLarge;
            sweep++;
            progress?.Report(sweeps is { } wanted
                ? (double)sweep / wanted
                : Math.Min(Share(accepted, movable), Share(exchanged, large)));
            ThrowIfHopeless();
        }

        _sweeps?.Finish();
        double trialCount = Math.Max((double)sweep * count, 1);
        return new InitialReport(PositionMethod.Conditioned, sweep, accepted / trialCount, (double)accepted / count);

        bool IsDone() => sweeps is { } wanted
            ? sweep >= wanted
            : accepted >= (long)RedrawCountMeanMin * movable && moved.Count == movable && exchanged >= (long)RedrawCountMeanMin * large;

        double Share(long done, int particles) => particles == 0 ? 1 : Math.Min(1, done / ((double)RedrawCountMeanMin * particles));

        void ThrowIfHopeless()
        {
            double trials = (double)sweep * count;
            if (sweeps is null && trials >= TrialCountOfEstimate && accepted < AcceptanceMin * trials)
            {
                throw InitialStateException.ChainTooSlow(accepted / trials, sweep, packing);
            }

            double exchanges = (double)sweep * large;
            if (sweeps is null && exchanges >= ExchangeCountOfEstimate && exchanged < ExchangeShareMin * exchanges)
            {
                throw InitialStateException.ExchangeTooSlow(_exchange.Branching, packing);
            }
        }
    }

    private int SweepAtOnce(int sweep, BitSet moved)
    {
        ReadOnlySpan<bool> isKept = _sweeps!.Sweep(sweep, out int kept);
        for (int id = 0; moved.Count < isKept.Length && id < isKept.Length; id++)
        {
            if (isKept[id])
            {
                moved.Set(id);
            }
        }

        return kept;
    }

    // One step after the other. Returns how many were kept, and how many of large particles.
    private (int Kept, int KeptOfLarge) SweepByStep(int sweep, BitSet moved, CancellationToken cancellation)
    {
        int count = _kinds.Length, kept = 0, exchanged = 0;
        Vec3[] trials = new Vec3[BatchSize];
        int[] cells = new int[2 * BatchSize];
        for (int start = 0; start < count; start += BatchSize)
        {
            int size = Math.Min(BatchSize, count - start);
            Prepare(sweep, start, trials.AsSpan(0, size), cells);
            for (int n = 0; n < size; n++)
            {
                int id = start + n;
                if (_exchange.LargeCount > 0 && _exchange.IsLarge(id))
                {
                    if (!_exchange.IsRestful && Exchange(id, sweep))
                    {
                        moved.Set(id);
                        kept++;
                        exchanged++;
                    }
                }
                else if (_phaseSpace.HasRoomFor(id, trials[n]))
                {
                    _grids.Remove(id, _exchange.LargeCount > 0 ? _grids.CellOf(id, _positions[id]) : cells[size + n]);
                    _positions[id] = trials[n];
                    _grids.Insert(id, cells[n], trials[n]);
                    moved.Set(id);
                    kept++;
                }
            }

            if (start % (BatchSize * 64) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return (kept, exchanged);
    }

    private bool Exchange(int id, int sweep)
    {
        CounterRandom random = _draws.OfStep(id, sweep);
        return _exchange.Try(id, ref random);
    }

    // Draws the trial positions of some particles, and touches their cells, old and new: the processor then loads the memory
    // for all of them at once, instead of one after the other.
    private void Prepare(int sweep, int start, Span<Vec3> trials, int[] cells)
    {
        _draws.Draw(sweep, start, trials);
        for (int n = 0; n < trials.Length; n++)
        {
            cells[n] = _grids.CellOf(start + n, trials[n]);
            cells[trials.Length + n] = _grids.CellOf(start + n, _positions[start + n]);
        }

        for (int n = 0; n < trials.Length; n++)
        {
            _touched += _grids.Touch(start + n, cells[trials.Length + n], trials[n]);
        }
    }

    /// <summary>Which particles have been moved.</summary>
    private sealed class BitSet(int count)
    {
        private readonly bool[] _bits = new bool[count];

        public int Count { get; private set; }

        public void Set(int index)
        {
            if (!_bits[index])
            {
                _bits[index] = true;
                Count++;
            }
        }
    }
}
