using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Physics;

namespace ActorMD.Protocol.Messages;

/// <summary><see cref="VelocitySums"/> on their way between actors.</summary>
/// <param name="Counts">Particles of each species.</param>
/// <param name="Words">Of all exact sums, one after the other.</param>
public sealed record SumsRecord(ImmutableArray<long> Counts, ImmutableArray<long> Words)
{
    public static SumsRecord Of(VelocitySums sums) => new(
        ImmutableCollectionsMarshal.AsImmutableArray(sums.ExportCounts()), ImmutableCollectionsMarshal.AsImmutableArray(sums.Export()));

    /// <summary>Adds everything to sums of the same gas.</summary>
    /// <exception cref="InvalidDataException">They are of another gas.</exception>
    public void AddTo(VelocitySums sums) => sums.Add(Counts.AsSpan(), Words.AsSpan());
}
