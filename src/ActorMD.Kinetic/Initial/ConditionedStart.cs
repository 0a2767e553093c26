using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Kinetic;

/// <summary>
/// Samples the law of the main theorems: independent positions, uniform or with density profiles, conditioned on the phase space of
/// all orders [Mix 5.2, High Def. 5.2].
/// </summary>
/// <remarks>
/// Rejecting whole configurations works for tens of particles only (the acceptance is about exp(-2 sqrt N) in
/// Boltzmann-Grad scaling), and inserting particles one by one gives another law. So: any valid start (sequential
/// insertion, else a lattice), then a Markov chain whose steps redraw one particle from its species' law where its sphere fits
/// between the walls, and keep the new place if the configuration is valid. Each step is reversible for the conditioned law.
/// Mixing criterion: every particle has been redrawn with success at least <see cref="RedrawCountMeanMin"/> times on
/// average, and no particle has never been moved. In a dilute gas, where nearly all redraws succeed, disturbances die out
/// like e^-m after m redraws of every particle (Bubley and Dyer's path coupling), so that ten are ample. Where less than a
/// share <see cref="AcceptanceMin"/> of the redraws succeeds (above a packing of about 0.35 in space), particles mostly
/// find back into their own cage; that is no mixing, and an error.
/// </remarks>
internal sealed class ConditionedStart
{
    private const int RedrawCountMeanMin = 10;
    private const int InsertionTrialCount = 2000;
    private const double AcceptanceMin = 5e-4;
    private const double TrialCountOfEstimate = 200_000;
    private const int BatchSize = 32;

    // A draw by rejection takes an unknown number of random numbers: a range of counters of its own for each sweep.
    private const ulong ProfileCounter = 1UL << 63;
    private const int ProfileDrawBitCount = 24;

    private readonly int[] _species;
    private readonly Vec3[] _positions;
    private readonly CellGrid _grid;
    private readonly PhaseSpace _phaseSpace;
    private readonly PlaceLaw[] _laws;

    private ConditionedStart(Gas gas, int[] species, PositionPlan plan, CancellationToken cancellation)
    {
        _species = species;
        _laws = [.. gas.Species.Select((s, a) => new PlaceLaw(gas.Box, s.Diameter, plan.DensityOf(a)))];
        _positions = new Vec3[species.Length];
        _grid = new CellGrid(gas.Box, species.Length, gas.ReachMax);
        _phaseSpace = new PhaseSpace(gas, species, _positions, _grid, cancellation);
    }

    public static (Vec3[] Positions, InitialReport Report) Place(
        Gas gas,
        ImmutableArray<int> counts,
        int[] species,
        PositionPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        ConditionedStart chain = new(gas, species, plan, cancellation);
        if (!chain.Insert(seed, cancellation, out int placed))
        {
            try
            {
                chain.Adopt(LatticeStart.Place(gas, counts, species, seed, cancellation).Positions);
            }
            catch (InitialStateException)
            {
                throw InitialStateException.NoValidStart(placed, species.Length, gas.Packing(counts));
            }
        }

        InitialReport report = chain.Mix(plan.Sweeps, gas.Packing(counts), seed, progress, cancellation);
        return (chain._positions, report);
    }

    private bool Insert(ulong seed, CancellationToken cancellation, out int placed)
    {
        for (placed = 0; placed < _species.Length; placed++)
        {
            if (placed % 1024 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            CounterRandom random = new(seed, RandomStream.InitialPositions, (uint)placed);
            int trial = 0;
            Vec3 position;
            do
            {
                if (trial++ == InsertionTrialCount)
                {
                    return false;
                }

                position = _laws[_species[placed]].Draw(ref random);
            }
            while (!_phaseSpace.HasRoomFor(placed, position));

            _positions[placed] = position;
            _grid.Insert(placed, _grid.CellOf(position));
        }

        return true;
    }

    private void Adopt(Vec3[] positions)
    {
        positions.CopyTo(_positions, 0);
        _grid.Clear();
        for (int id = 0; id < positions.Length; id++)
        {
            _grid.Insert(id, _grid.CellOf(positions[id]));
        }
    }

    private InitialReport Mix(
        int? sweeps, double packing, ulong seed, IProgress<double>? progress, CancellationToken cancellation)
    {
        int count = _species.Length;
        BitSet moved = new(count);
        Vec3[] trials = new Vec3[BatchSize];
        int[] cells = new int[2 * BatchSize];
        long accepted = 0;
        int sweep = 0;
        while (!IsDone())
        {
            for (int start = 0; start < count; start += BatchSize)
            {
                int size = Math.Min(BatchSize, count - start);
                Prepare(seed, sweep, start, trials.AsSpan(0, size), cells);
                for (int n = 0; n < size; n++)
                {
                    int id = start + n;
                    if (_phaseSpace.HasRoomFor(id, trials[n]))
                    {
                        _grid.Remove(id, cells[size + n]);
                        _positions[id] = trials[n];
                        _grid.Insert(id, cells[n]);
                        moved.Set(id);
                        accepted++;
                    }
                }

                if (start % (BatchSize * 256) == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }
            }

            sweep++;
            progress?.Report(sweeps is { } wanted
                ? (double)sweep / wanted
                : Math.Min(1, accepted / ((double)RedrawCountMeanMin * count)));
            ThrowIfHopeless();
        }

        double trialCount = Math.Max((double)sweep * count, 1);
        return new InitialReport(PositionMethod.Conditioned, sweep, accepted / trialCount, (double)accepted / count);

        bool IsDone() => sweeps is { } wanted
            ? sweep >= wanted
            : accepted >= (long)RedrawCountMeanMin * count && moved.Count == count;

        void ThrowIfHopeless()
        {
            double trials = (double)sweep * count;
            if (sweeps is null && trials >= TrialCountOfEstimate && accepted < AcceptanceMin * trials)
            {
                throw InitialStateException.ChainTooSlow(accepted / trials, sweep, packing);
            }
        }
    }

    // Draws the trial places of some particles, and touches their cells, old and new: the processor then loads the memory
    // for all of them at once, instead of one after the other.
    private void Prepare(ulong seed, int sweep, int start, Span<Vec3> trials, int[] cells)
    {
        for (int n = 0; n < trials.Length; n++)
        {
            ref readonly PlaceLaw law = ref _laws[_species[start + n]];
            CounterRandom random = new(
                seed, RandomStream.Conditioning, (uint)(start + n),
                law.IsUniform ? 2UL * (ulong)sweep : ProfileCounter + ((ulong)sweep << ProfileDrawBitCount));
            trials[n] = law.Draw(ref random);
            cells[n] = _grid.CellOf(trials[n]);
            cells[trials.Length + n] = _grid.CellOf(_positions[start + n]);
        }

        _grid.Touch(cells.AsSpan(0, 2 * trials.Length), _positions);
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
