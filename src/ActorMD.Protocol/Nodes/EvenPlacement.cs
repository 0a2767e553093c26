using System.Collections.Immutable;

namespace ActorMD.Protocol.Nodes;

/// <summary>Chooses a node for every domain.</summary>
public static class EvenPlacement
{
    /// <summary>
    /// Neighbouring blocks have neighbouring numbers, so every node gets a stretch of numbers; the stretches are as even as possible.
    /// </summary>
    /// <returns>For every domain an index into the nodes.</returns>
    public static ImmutableArray<int> Of(int domainCount, int nodeCount)
    {
        int used = Math.Min(domainCount, nodeCount);
        return [.. Enumerable.Range(0, domainCount).Select(domain => (int)((long)domain * used / domainCount))];
    }
}
