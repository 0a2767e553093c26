using System.Collections.Immutable;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>
/// Z_N: the probability that N independent draws of f_0 lie in the phase space of all orders, the normalisation of the conditioned law [Mix
/// 5.2, High Def. 5.2].
/// </summary>
/// <remarks>
/// It is the product of the probabilities that one more particle, drawn from its f_0, finds room among n others of the conditioned law
/// (Widom's insertion). For a few particles every factor
/// is sampled; for many ln Z_N = sum over n of ln p(n) is an integral over n, by Gauss's rule, with the species in the shares of the whole
/// gas. The number of a node is
/// rounded, which changes ln Z_N by less than |ln p(N)|/2.
/// </remarks>
public static class PhaseSpaceShare
{
    private const int FactorCountMax = 24;
    private const int NodeCount = 5;
    private const int StateCountMin = 4, StateCountMax = 200;
    private const int ParticlesOfStates = 20_000;

    // Of all states together.
    private const int InsertionCount = 40_000;

    /// <summary>ln Z_N and its standard error.</summary>
    /// <param name="gas">Box, species, zones.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="plan">Densities of f_0; positions are conditioned.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InitialStateException">No configuration was found.</exception>
    public static (double Value, double Error) Log(
        Gas gas, ImmutableArray<int> counts, PositionPlan plan, ulong seed, CancellationToken cancellation)
    {
        double value = 0, variance = 0;
        if (counts.Sum() <= FactorCountMax)
        {
            int[] present = new int[counts.Length];
            for (int a = 0; a < counts.Length; a++)
            {
                for (; present[a] < counts[a]; present[a]++)
                {
                    Add(1, a, [.. present], (uint)present.Sum(), StateCountMax);
                }
            }

            return (value, Math.Sqrt(variance));
        }

        uint node = 0;
        foreach ((double at, double weight) in GaussLegendre.Nodes(NodeCount))
        {
            // From [-1, 1]; sum over n of p(n) from 0 to N-1 is an integral of p(n - 1/2) from 0 to N.
            int[] present = [.. counts.Select(n => (int)Math.Round(Math.Max(0.5 * (at + 1) * n - 0.5, 0)))];
            int states = Math.Clamp(ParticlesOfStates / Math.Max(present.Sum(), 1), StateCountMin, StateCountMax);
            for (int a = 0; a < counts.Length; a++)
            {
                if (counts[a] > 0)
                {
                    Add(0.5 * weight * counts[a], a, present, node++, states);
                }
            }
        }

        return (value, Math.Sqrt(variance));

        void Add(double weight, int species, int[] present, uint factor, int states)
        {
            (double share, double error) =
                Share(gas, species, present, plan, new CounterRandom(seed, RandomStream.PhaseSpaceShare, factor), states, cancellation);
            value += weight * Math.Log(share);
            variance += Math.Pow(weight * error / share, 2);
        }
    }

    // The probability that a particle of a species finds room among others, and the error from the scatter of independent states.
    private static (double Value, double Error) Share(
        Gas gas, int species, int[] present, PositionPlan plan, CounterRandom random, int states, CancellationToken cancellation)
    {
        int total = present.Sum(), insertions = InsertionCount / states;
        if (total == 0)
        {
            return (1, 0);
        }

        int[] all = [.. present.SelectMany((n, a) => Enumerable.Repeat(a, n)), species];
        PositionLaw law = new(gas.Box, gas.Species[species].Diameter, plan.DensityOf(species));
        double sum = 0, squares = 0;
        for (int state = 0; state < states; state++)
        {
            (Vec3[] placed, _) = ConditionedStart.Draw(gas, [.. present], all[..^1], plan, random.NextBits(), null, cancellation);
            Vec3[] positions = [.. placed, Vec3.Zero];
            SlotGrids grids = new(gas, all);
            PhaseSpace space = new(gas, all, positions, grids, cancellation);
            for (int id = 0; id < total; id++)
            {
                grids.Insert(id, grids.CellOf(id, positions[id]), positions[id]);
            }

            int free = 0;
            for (int trial = 0; trial < insertions; trial++)
            {
                free += space.HasRoomFor(total, law.Draw(ref random)) ? 1 : 0;
            }

            double share = (double)free / insertions;
            sum += share;
            squares += share * share;
        }

        double mean = sum / states;
        return (mean, Math.Sqrt(Math.Max(squares / states - mean * mean, 0) / (states - 1)));
    }
}
