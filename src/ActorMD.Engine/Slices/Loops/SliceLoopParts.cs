using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Sharing;
using ActorMD.Engine.Slices.LargeSpecies;

namespace ActorMD.Engine.Slices.Loops;

/// <summary>What an event loop in time slices is made of: <see cref="SliceLoopBuilder{TSizes}"/>.</summary>
internal sealed record SliceLoopParts<TSearch, TSizes>
    where TSearch : struct, ISliceSearch
    where TSizes : struct, IContactDistances<TSizes>
{
    public required LawTables Laws { get; init; }

    public required ParticleStore Store { get; init; }

    public required SliceGrid Grid { get; init; }

    public required SliceLength Length { get; init; }

    public required SliceQueue Queue { get; init; }

    public required TSearch Search { get; init; }

    public required ContactTimes<TSizes> Times { get; init; }

    /// <summary>Whether memory is loaded ahead of its use.</summary>
    public required bool Prefetches { get; init; }

    public required SliceSharing Sharing { get; init; }

    /// <summary>The large species, if there are any.</summary>
    public required LargeSearch<TSizes>? Large { get; init; }

    /// <summary>The events of order 3 and more, if the gas has zones.</summary>
    public required TupleTable? Tuples { get; init; }
}
