using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Protocol.Messages;

/// <summary>An <see cref="EventTally"/> on its way between actors.</summary>
/// <param name="PairCounts">By pair of species.</param>
/// <param name="OrderCounts">By order.</param>
/// <param name="MultipleCount">As in the tally.</param>
/// <param name="GrazingCount">As in the tally.</param>
/// <param name="Virial">Words of the exact sum.</param>
/// <param name="WallImpulse">Words of the exact sum.</param>
public sealed record TallyRecord(
    ImmutableArray<long> PairCounts, ImmutableArray<long> OrderCounts, long MultipleCount, long GrazingCount,
    ImmutableArray<long> Virial, ImmutableArray<long> WallImpulse)
{
    public static TallyRecord Of(EventTally tally) => new(
        [.. tally.PairCounts], [.. tally.OrderCounts], tally.MultipleCount, tally.GrazingCount,
        ImmutableCollectionsMarshal.AsImmutableArray(tally.Virial.Export()),
        ImmutableCollectionsMarshal.AsImmutableArray(tally.WallImpulse.Export()));

    /// <summary>Adds everything to a tally.</summary>
    public void AddTo(EventTally tally)
    {
        for (int k = 0; k < PairCounts.Length; k++)
        {
            tally.PairCounts[k] += PairCounts[k];
        }

        for (int k = 0; k < OrderCounts.Length; k++)
        {
            tally.OrderCounts[k] += OrderCounts[k];
        }

        tally.MultipleCount += MultipleCount;
        tally.GrazingCount += GrazingCount;
        tally.Virial.Add(ExactSum.Import(Virial.AsSpan()));
        tally.WallImpulse.Add(ExactSum.Import(WallImpulse.AsSpan()));
    }
}
