using System.Collections.Immutable;
using ActorMD.Engine;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Validation.Tests.Statistics;

namespace ActorMD.Validation.Tests;

/// <summary>A gas of temperature 1 that is simulated in blocks of equal length.</summary>
internal sealed class EquilibriumRun : IDisposable
{
    private readonly List<Block> _blocks = [];

    public EquilibriumRun(Gas gas, ImmutableArray<int> counts, PositionMethod method, ulong seed)
    {
        Gas = gas;
        Counts = counts;
        Simulator = new Simulator(gas, KnownGases.Start(gas, counts, method, seed));
    }

    public Gas Gas { get; }

    public ImmutableArray<int> Counts { get; }

    public Simulator Simulator { get; }

    public int Count => Counts.Sum();

    /// <summary>Lets time pass before anything is measured.</summary>
    public void Relax(double time) => Simulator.Advance(Simulator.Time + time);

    /// <summary>Measures over blocks of equal length that together last for the given time.</summary>
    public void Measure(double time, int blockCount = 32)
    {
        EventTally tally = Simulator.Tally;
        double start = Simulator.Time;
        for (int n = 1; n <= blockCount; n++)
        {
            long[] pairs = [.. tally.PairCounts], orders = [.. tally.OrderCounts];
            double virial = tally.Virial.Value;
            Simulator.Advance(start + time * n / blockCount);
            _blocks.Add(new Block(
                time / blockCount,
                [.. tally.PairCounts.Zip(pairs, (now, then) => now - then)],
                [.. tally.OrderCounts.Zip(orders, (now, then) => now - then)],
                tally.Virial.Value - virial));
        }
    }

    /// <summary>Z = 1 + sum x.dp / (d N T t).</summary>
    public BlockAverage Compressibility() =>
        BlockAverage.Of(_blocks.Select(b => 1 + b.Virial / (Gas.Dimension * Count * b.Time)));

    /// <summary>Collisions of one a-particle with b-particles per unit time.</summary>
    public BlockAverage PairFrequency(int a, int b)
    {
        int pair = Math.Min(a, b) * Counts.Length + Math.Max(a, b);
        return BlockAverage.Of(_blocks.Select(block => (a == b ? 2 : 1) * block.PairCounts[pair] / (Counts[a] * block.Time)));
    }

    /// <summary>Events of order k of the whole gas per unit time.</summary>
    public BlockAverage EventRate(int order) => BlockAverage.Of(_blocks.Select(b => b.OrderCounts[order] / b.Time));

    public void Dispose() => Simulator.Dispose();

    private sealed record Block(double Time, ImmutableArray<long> PairCounts, ImmutableArray<long> OrderCounts, double Virial);
}
