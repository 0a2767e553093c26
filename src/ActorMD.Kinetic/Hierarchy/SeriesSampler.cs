using System.Collections.Immutable;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>Draws the trees of a series, block by block; a block is a pure function of the seed and its number.</summary>
/// <remarks>
/// Strata get trees in proportion to the spread of their values, which a small pilot sample estimates: a stratum's error is its spread over
/// the root of its trees, and this choice makes the sum of the squares least.
/// </remarks>
public sealed class SeriesSampler
{
    private const int BlockSize = 2048;
    private const int PilotSize = 256;

    // Share of the most spread stratum's trees that every stratum gets at least: a pilot may miss what is rare.
    private const double Floor = 0.05;

    private readonly SeriesModel _model;
    private readonly ImmutableArray<double> _times;
    private readonly ulong _seed;
    private readonly int _depthMax;

    /// <param name="model">What is computed.</param>
    /// <param name="times">t of the observables.</param>
    /// <param name="depthMax">Largest k.</param>
    /// <param name="samples">Trees of each k and time.</param>
    /// <param name="seed">Of all draws.</param>
    public SeriesSampler(SeriesModel model, ImmutableArray<double> times, int depthMax, long samples, ulong seed)
    {
        _model = model;
        _times = times;
        _seed = seed;
        _depthMax = depthMax;
        List<SeriesPart> parts = [];
        List<SeriesBlock> blocks = [];
        for (int t = 0; t < times.Length; t++)
        {
            for (int k = 0; k <= depthMax; k++)
            {
                TreeStratum[] strata = [.. model.Strata(k)];
                double[] spreads = [.. strata.Select((stratum, n) => Spread(stratum, times[t], parts.Count + n))];
                double largest = spreads.DefaultIfEmpty(0).Max();
                double total = spreads.Sum(s => s + Floor * largest);
                for (int n = 0; n < strata.Length; n++)
                {
                    double share = total > 0 ? (spreads[n] + Floor * largest) / total : 1.0 / strata.Length;
                    long trees = Math.Max((long)Math.Ceiling(share * samples), 2);
                    for (long from = 0; from < trees; from += BlockSize)
                    {
                        blocks.Add(new SeriesBlock(parts.Count, (int)Math.Min(BlockSize, trees - from)));
                    }

                    parts.Add(new SeriesPart(t, strata[n], trees));
                }
            }
        }

        Parts = [.. parts];
        Blocks = [.. blocks];
    }

    /// <summary>Time and stratum, in the order of their numbers.</summary>
    public ImmutableArray<SeriesPart> Parts { get; }

    /// <summary>All blocks of trees.</summary>
    public ImmutableArray<SeriesBlock> Blocks { get; }

    /// <summary>Draws one block.</summary>
    public TreeSums Draw(int number)
    {
        SeriesBlock block = Blocks[number];
        SeriesPart part = Parts[block.Part];
        StreamRandom random = new(new StepKey(_seed, RandomStream.HierarchyTrees, 0, number), block.Part);
        return Draw(part.Stratum, _times[part.Time], block.Count, ref random);
    }

    /// <summary>The terms, from the sums of all blocks in their order.</summary>
    /// <param name="sums">Of the blocks.</param>
    /// <param name="normalisation">
    /// Z_N: the probability that N particles drawn from f_0 do not overlap; 1 where the initial law is not conditioned.
    /// </param>
    /// <param name="normalisationError">Its standard error.</param>
    public ImmutableArray<SeriesTerm> Terms(IReadOnlyList<TreeSums> sums, double normalisation = 1, double normalisationError = 0)
    {
        TreeSums[] byPart = [.. Parts.Select(_ => new TreeSums(_model.Observables.Length))];
        for (int n = 0; n < sums.Count; n++)
        {
            byPart[Blocks[n].Part].Add(sums[n]);
        }

        return
        [
            .. from time in Enumerable.Range(0, _times.Length)
               from observable in Enumerable.Range(0, _model.Observables.Length)
               from k in Enumerable.Range(0, _depthMax + 1)
               select SeriesTerm.Of(
                   _model, _times[time], observable, k, (normalisation, normalisationError),
                   [.. Parts.Zip(byPart).Where(p => p.First.Time == time && p.First.Stratum.Depth == k)
                       .Select(p => (p.First.Stratum, p.Second))]),
        ];
    }

    private double Spread(TreeStratum stratum, double time, int number)
    {
        if (stratum.Depth == 0)
        {
            return 1;
        }

        StreamRandom random = new(new StepKey(_seed, RandomStream.HierarchyTrees, 1, 0), number);
        TreeSums sums = Draw(stratum, time, PilotSize, ref random);
        double largest = 0;
        for (int n = 0; n < _model.Observables.Length; n++)
        {
            double squares = sums.Values[n * TreeSums.Width + 1], all = sums.Values[n * TreeSums.Width + 3];
            largest = Math.Max(largest, Math.Sqrt((squares + 0.01 * all) / PilotSize));
        }

        return largest;
    }

    private TreeSums Draw(TreeStratum stratum, double time, int count, ref StreamRandom random)
    {
        ITreeWalker walker = Walker();
        TreeSums sums = new(_model.Observables.Length);
        for (int n = 0; n < count; n++)
        {
            walker.Sample(stratum, time, ref random, sums);
        }

        return sums;
    }

    private ITreeWalker Walker() =>
        _model.Flow == SeriesFlow.Boltzmann ? new BoltzmannTree(_model, _depthMax) : new BbgkyTree(_model, _depthMax);
}

/// <summary>The trees of one stratum at one time.</summary>
/// <param name="Time">Number of the time.</param>
/// <param name="Stratum">Their steps.</param>
/// <param name="Trees">How many are drawn.</param>
public sealed record SeriesPart(int Time, TreeStratum Stratum, long Trees);

/// <summary>Trees that are drawn in one go.</summary>
/// <param name="Part">Number of their part.</param>
/// <param name="Count">How many.</param>
public readonly record struct SeriesBlock(int Part, int Count);
