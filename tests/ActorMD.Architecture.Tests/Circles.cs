namespace ActorMD.Architecture.Tests;

/// <summary>Circles of a graph.</summary>
internal static class Circles
{
    /// <summary>The sets of nodes that reach one another (Kosaraju), largest first; single nodes are none.</summary>
    public static IReadOnlyList<string[]> Of(IEnumerable<(string From, string To)> edges)
    {
        ILookup<string, string> forward = edges.ToLookup(e => e.From, e => e.To), backward = edges.ToLookup(e => e.To, e => e.From);
        List<string> finished = [];
        HashSet<string> seen = [];
        foreach (string node in forward.Select(group => group.Key).Order(StringComparer.Ordinal))
        {
            Visit(node, forward, seen, finished);
        }

        List<string[]> circles = [];
        seen.Clear();
        foreach (string node in Enumerable.Reverse(finished))
        {
            List<string> component = [];
            Visit(node, backward, seen, component);
            if (component.Count > 1)
            {
                circles.Add([.. component.Order(StringComparer.Ordinal)]);
            }
        }

        return [.. circles.OrderByDescending(circle => circle.Length)];
    }

    private static void Visit(string node, ILookup<string, string> next, HashSet<string> seen, List<string> finished)
    {
        if (seen.Add(node))
        {
            foreach (string other in next[node])
            {
                Visit(other, next, seen, finished);
            }

            finished.Add(node);
        }
    }
}
