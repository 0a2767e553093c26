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
/// </remarks>
internal sealed class ConditionedStart
{
    private const int RedrawCountMeanMin = 10;
    private const double AcceptanceMin = 5e-4;
    private const double TrialCountOfEstimate = 200_000;
    private const double ExchangeShareMin = 2e-3, ExchangeCountOfEstimate = 4_000;

    // Steps of a batch: with one in so many particles, hardly any step meets what another one of its batch has moved.
    private const int ParticlesPerStep = 16;
    private const int ThreadedCountMin = 30_000;
    private const int BatchSizeMin = 32, BatchSizeMax = 4096;

    // A draw by rejection takes an unknown number of random numbers: a range of counters of its own for each sweep.
    private const ulong ProfileCounter = 1UL << 63;
    private const int ProfileDrawBitCount = 24;

    private readonly int[] _species;
    private readonly Vec3[] _positions;
    private readonly SlotGrids _grids;
    private readonly PhaseSpace _phaseSpace;
    private readonly PositionLaw[] _laws;
    private readonly ExchangeStep _exchange;
    private readonly int[] _byId;
    private readonly StepBatch _batch;
    private readonly int _batchSize;

    private ConditionedStart(
        Gas gas, ImmutableArray<int> counts, int[] species, PositionPlan plan, int threadCount, CancellationToken cancellation)
    {
        _species = species;
        _laws = [.. gas.Species.Select((s, a) => new PositionLaw(gas.Box, s.Diameter, plan.DensityOf(a)))];
        _positions = new Vec3[species.Length];
        _grids = new SlotGrids(gas, species);
        _phaseSpace = new PhaseSpace(gas, species, _positions, _grids, cancellation);
        _byId = [.. Enumerable.Range(0, species.Length)];
        _exchange = new ExchangeStep(gas, counts, species, _positions, _grids, _phaseSpace, _laws);
        // What exchanges move is not known to a batch: then every step is a batch of its own.
        _batchSize = _exchange.LargeCount > 0 ? 1 : Math.Clamp(species.Length / ParticlesPerStep, BatchSizeMin, BatchSizeMax);
        _batch = new StepBatch(
            gas, species, _positions, _grids, _laws, _batchSize, species.Length < ThreadedCountMin ? 1 : threadCount, cancellation);
    }

    public static (Vec3[] Positions, InitialReport Report) Draw(
        Gas gas,
        ImmutableArray<int> counts,
        int[] species,
        PositionPlan plan,
        ulong seed,
        int threadCount,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        ConditionedStart chain = new(gas, counts, species, plan, threadCount, cancellation);
        double packing = gas.Packing(counts);
        if (!chain._exchange.IsPossible)
        {
            throw InitialStateException.ExchangeTooSlow(chain._exchange.Branching, packing);
        }

        chain.Start(gas, counts, seed, cancellation);
        InitialReport report = chain.Mix(plan.Sweeps, packing, seed, progress, cancellation);
        return (chain._positions, report);
    }

    // Any valid configuration. Where particles differ so much that they exchange positions, the largest must come first.
    private void Start(Gas gas, ImmutableArray<int> counts, ulong seed, CancellationToken cancellation)
    {
        int placed = 0;
        if (_exchange.LargeCount == 0)
        {
            if (Insert(_byId, seed, out placed))
            {
                return;
            }

            try
            {
                Adopt(LatticeStart.Draw(gas, counts, _species, seed, cancellation).Positions);
                return;
            }
            catch (InitialStateException)
            {
                _grids.Clear();
            }
        }

        int[] bySize = [.. _byId.OrderByDescending(id => gas.Species[_species[id]].Diameter).ThenBy(id => id)];
        if (!Insert(bySize, seed, out int placedBySize))
        {
            throw InitialStateException.NoValidStart(Math.Max(placed, placedBySize), _species.Length, gas.Packing(counts));
        }
    }

    private bool Insert(int[] order, ulong seed, out int placed)
    {
        placed = 0;
        while (placed < order.Length)
        {
            // Of few particles, so that the first ones of a batch do not take the room that was seen for the others.
            int size = Math.Min(Math.Clamp(placed / ParticlesPerStep, Math.Min(BatchSizeMin, _batchSize), _batchSize), order.Length - placed);
            _batch.LookAtInsertions(order, placed, size, id => new CounterRandom(seed, RandomStream.InitialPositions, (uint)id));
            for (int n = 0; n < size; n++, placed++)
            {
                if (!_batch.TakeInsertion(n))
                {
                    return false;
                }
            }
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
        int? sweeps, double packing, ulong seed, IProgress<double>? progress, CancellationToken cancellation)
    {
        int count = _species.Length;
        BitSet moved = new(count);
        long accepted = 0, exchanged = 0;
        int sweep = 0, large = _exchange.IsRestful ? 0 : _exchange.LargeCount, movable = _exchange.IsRestful ? count - 1 : count;
        while (!IsDone())
        {
            for (int start = 0; start < count; start += _batchSize)
            {
                int size = Math.Min(_batchSize, count - start);
                _batch.LookAtRedraws(_byId, start, size, id => RandomOf(id, seed, sweep));
                for (int n = 0; n < size; n++)
                {
                    int id = start + n;
                    if (_exchange.LargeCount > 0 && _exchange.IsLarge(id))
                    {
                        if (!_exchange.IsRestful && Exchange(id, seed, sweep))
                        {
                            moved.Set(id);
                            accepted++;
                            exchanged++;
                        }
                    }
                    else if (_batch.TakeRedraw(n))
                    {
                        moved.Set(id);
                        accepted++;
                    }
                }

                cancellation.ThrowIfCancellationRequested();
            }

            sweep++;
            progress?.Report(sweeps is { } wanted
                ? (double)sweep / wanted
                : Math.Min(Share(accepted, movable), Share(exchanged, large)));
            ThrowIfHopeless();
        }

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

    private bool Exchange(int id, ulong seed, int sweep)
    {
        CounterRandom random = new(seed, RandomStream.Conditioning, (uint)id, ProfileCounter + ((ulong)sweep << ProfileDrawBitCount));
        return _exchange.Try(id, ref random);
    }

    private CounterRandom RandomOf(int id, ulong seed, int sweep) => new(
        seed, RandomStream.Conditioning, (uint)id,
        _laws[_species[id]].IsUniform ? 2UL * (ulong)sweep : ProfileCounter + ((ulong)sweep << ProfileDrawBitCount));

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
