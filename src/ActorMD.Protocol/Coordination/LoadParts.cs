using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Coordination;

/// <summary>Divides the particles of a run over its domains.</summary>
internal static class LoadParts
{
    /// <summary>The particles by the domain in whose block they are.</summary>
    /// <param name="particles">All of them: the index is the id.</param>
    /// <param name="domainCount">Number of domains.</param>
    /// <param name="time">Offset in the epoch.</param>
    /// <param name="ownerOf">The domain of a position at that time.</param>
    public static ImmutableArray<ParticleRecord>[] Of(
        ReadOnlySpan<ParticleState> particles, int domainCount, double time, Func<Vec3, int> ownerOf)
    {
        int[] owners = new int[particles.Length], counts = new int[domainCount];
        for (int k = 0; k < owners.Length; k++)
        {
            owners[k] = ownerOf(particles[k].PositionAt(time));
            counts[owners[k]]++;
        }

        ParticleRecord[][] parts = Array.ConvertAll(counts, count => GC.AllocateUninitializedArray<ParticleRecord>(count));
        Array.Clear(counts);
        for (int k = 0; k < owners.Length; k++)
        {
            ref ParticleRecord record = ref parts[owners[k]][counts[owners[k]]++];
            (record.Id, record.Owner, record.State) = (k, owners[k], particles[k]);
        }

        return Array.ConvertAll(parts, ImmutableCollectionsMarshal.AsImmutableArray);
    }
}
