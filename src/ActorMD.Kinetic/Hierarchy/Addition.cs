using System.Collections.Immutable;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>One kind of step of a tree: which tracked particles meet which new ones.</summary>
/// <param name="Order">k: all that take part.</param>
/// <param name="Tracked">
/// Species of the tracked members, rising. One in the hierarchies of the papers; several in the exact BBGKY hierarchy.
/// </param>
/// <param name="Added">Species of the new members, rising.</param>
/// <param name="Distance">eps_k, or eps_ab for pairs.</param>
/// <param name="Geometry">
/// One tracked particle: eps_k^((k-1)d-1) |E| c, so that the integral of the kernel over E is this times G (<see
/// cref="CollisionChannel"/>). Several, p: |S^(qd-1)| (k^(q-1) p)^(-d/2) for q = k - p new ones.
/// </param>
public sealed record Addition(int Order, ImmutableArray<int> Tracked, ImmutableArray<int> Added, double Distance, double Geometry)
{
    /// <summary>
    /// Whether several tracked particles take part: the terms C^(p,q) that the printed hierarchy [High 3.5-3.9] leaves out.
    /// </summary>
    public bool HasSeveralTracked => Tracked.Length > 1;

    /// <summary>What tables call it: <c>A+A</c>, <c>A+AB</c>, <c>AA+A</c>: tracked members, then new ones.</summary>
    public string Name(Gas gas) =>
        $"{string.Concat(Tracked.Select(a => gas.Species[a].Name))}+{string.Concat(Added.Select(a => gas.Species[a].Name))}";

    /// <summary>All kinds of steps of a gas.</summary>
    /// <param name="gas">Species and zones.</param>
    /// <param name="channels">All kinds of collisions.</param>
    /// <param name="severalTracked">Whether several tracked particles may take part.</param>
    public static ImmutableArray<Addition> All(Gas gas, ImmutableArray<CollisionChannel> channels, bool severalTracked)
    {
        List<Addition> all = [];
        foreach (CollisionChannel channel in channels)
        {
            double distance = channel.Order == 2
                ? gas.ContactDistance(channel.Members[0], channel.Members[1])
                : gas.ZoneOf(channel.Order)!.Distance;
            for (int tracked = 1; tracked < (severalTracked ? channel.Order : 2); tracked++)
            {
                foreach (ImmutableArray<int> part in Parts(channel.Members, tracked))
                {
                    all.Add(Of(gas.Dimension, channel, part, distance));
                }
            }
        }

        return [.. all];
    }

    private static Addition Of(int dimension, CollisionChannel channel, ImmutableArray<int> tracked, double distance)
    {
        List<int> added = [.. channel.Members];
        foreach (int species in tracked)
        {
            added.Remove(species);
        }

        int k = channel.Order, p = tracked.Length, q = k - p;
        double geometry = p == 1
            ? channel.CrossSection
            : SphereArea.InSpace(q * dimension) * Math.Pow(Math.Pow(k, q - 1) * p, -0.5 * dimension);
        return new Addition(k, tracked, [.. added], distance, geometry);
    }

    // The different choices of a number of members, as species in rising order.
    private static IEnumerable<ImmutableArray<int>> Parts(ImmutableArray<int> members, int count)
    {
        HashSet<string> seen = [];
        for (uint subset = 0; subset < 1u << members.Length; subset++)
        {
            ImmutableArray<int> part = [.. members.Where((_, m) => (subset >> m & 1) != 0)];
            if (part.Length == count && seen.Add(string.Join(',', part)))
            {
                yield return part;
            }
        }
    }
}
