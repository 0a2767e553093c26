using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>The positions that particles are inserted at and move to in the conditioned chain, as far as their own law goes.</summary>
/// <param name="laws">By kind.</param>
/// <param name="kinds">By id.</param>
/// <param name="seed">Of the draws.</param>
internal sealed class TrialDraws(PositionLaw[] laws, int[] kinds, ulong seed)
{
    // A draw by rejection takes an unknown number of random numbers: a range of counters of its own for each sweep.
    private const ulong ProfileCounter = 1UL << 63;
    private const int ProfileDrawBitCount = 24;
    private const int BatchSize = 64;

    private readonly bool _areUniform = Array.TrueForAll(laws, law => law.IsUniform);

    /// <summary>The random numbers of one step that is not uniform.</summary>
    public CounterRandom OfStep(int id, int sweep) =>
        new(seed, RandomStream.Conditioning, (uint)id, ProfileCounter + ((ulong)sweep << ProfileDrawBitCount));

    /// <summary>All trials of the insertion of a particle, one after the other.</summary>
    public CounterRandom OfInsertion(int id) => new(seed, RandomStream.InitialPositions, (uint)id);

    /// <summary>One position of a particle.</summary>
    public Vec3 Draw(int id, ref CounterRandom random) => laws[kinds[id]].Draw(ref random);

    /// <summary>Where some particles are to move to in a sweep.</summary>
    /// <param name="sweep">Number of the sweep.</param>
    /// <param name="first">Id of the first.</param>
    /// <param name="trials">Gets one position for each.</param>
    public void Draw(int sweep, int first, Span<Vec3> trials)
    {
        if (_areUniform)
        {
            DrawUniform(RandomStream.Conditioning, 2UL * (ulong)sweep, first, trials);
            return;
        }

        for (int n = 0; n < trials.Length; n++)
        {
            ref readonly PositionLaw law = ref laws[kinds[first + n]];
            CounterRandom random = law.IsUniform
                ? new CounterRandom(seed, RandomStream.Conditioning, (uint)(first + n), 2UL * (ulong)sweep)
                : OfStep(first + n, sweep);
            trials[n] = law.Draw(ref random);
        }
    }

    /// <summary>Where some particles are inserted if there is room.</summary>
    /// <param name="first">Id of the first.</param>
    /// <param name="trials">Gets one position for each.</param>
    public void DrawInserted(int first, Span<Vec3> trials)
    {
        if (_areUniform)
        {
            DrawUniform(RandomStream.InitialPositions, 0, first, trials);
            return;
        }

        for (int n = 0; n < trials.Length; n++)
        {
            CounterRandom random = OfInsertion(first + n);
            trials[n] = laws[kinds[first + n]].Draw(ref random);
        }
    }

    // The same numbers as of each particle's own sequence.
    private void DrawUniform(RandomStream stream, ulong counter, int first, Span<Vec3> trials)
    {
        Span<ulong> x = stackalloc ulong[BatchSize], y = stackalloc ulong[BatchSize], z = stackalloc ulong[BatchSize],
            spare = stackalloc ulong[BatchSize];
        for (int start = 0; start < trials.Length; start += BatchSize)
        {
            int count = Math.Min(BatchSize, trials.Length - start);
            CounterRandom.FillBits(seed, stream, (uint)(first + start), counter, x[..count], y[..count]);
            CounterRandom.FillBits(seed, stream, (uint)(first + start), counter + 1, z[..count], spare[..count]);
            for (int n = 0; n < count; n++)
            {
                trials[start + n] = laws[kinds[first + start + n]].At(
                    CounterRandom.UniformOf(x[n]), CounterRandom.UniformOf(y[n]), CounterRandom.UniformOf(z[n]));
            }
        }
    }
}
