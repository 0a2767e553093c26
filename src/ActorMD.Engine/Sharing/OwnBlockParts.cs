using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Slices;

namespace ActorMD.Engine.Sharing;

/// <summary>Slices that are shared with others who are not here: of the blocks one runs here, and the strip above it.</summary>
/// <param name="Partition">Blocks and strips.</param>
/// <param name="Sharing">All blocks and strips.</param>
/// <param name="Search">Of all particles that are here.</param>
/// <param name="Length">Of slices.</param>
/// <param name="Laws">Of the gas.</param>
internal sealed record OwnBlockParts<TSizes>(
    BlockPartition Partition, SharedSlices<TSizes> Sharing, SearchOfAll Search, SliceLength Length, LawTables Laws)
    where TSizes : struct, IContactDistances<TSizes>;

/// <summary>What is needed of a search outside of its slices.</summary>
/// <param name="Owner">The search.</param>
/// <param name="Renumber">Gives neighbours in space slots side by side.</param>
/// <param name="ForgetSphere">A particle gets a new Verlet sphere in the next slice, if there are spheres.</param>
internal sealed record SearchOfAll(IDisposable Owner, Action Renumber, Action<int> ForgetSphere);
