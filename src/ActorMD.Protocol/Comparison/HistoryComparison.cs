using System.Collections.Immutable;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Windows;

namespace ActorMD.Protocol.Comparison;

/// <summary>
/// The history rule: within the guarded region around the block every copy follows its owner's path, whether it touches another particle or
/// not.
/// </summary>
/// <remarks>
/// Take the first moment at which an own particle's path would not be the truth. Its partner was then in reach, inside the guarded region,
/// and followed a true path that the copy did not, or a copied path that its owner did not see. Simpler than the ledger rule and
/// stricter: it needs about two more layers of halo for windows of the same length.
/// </remarks>
public sealed class HistoryComparison : IComparison
{
    /// <inheritdoc/>
    public double FirstDifference(RegionWindow window, ImmutableArray<Message.Ledger> sent, ImmutableArray<Message.Ledger> received)
    {
        Surroundings guarded = window.GuardedRegionOf(window.Domain);
        double first = double.PositiveInfinity;
        foreach (PathDifference difference in PathDifference.Find(window, received))
        {
            foreach (PathSegment segment in difference.TrueSegments(window.Start, window.End))
            {
                first = Math.Min(first, guarded.FirstInside(segment.State, segment.From, segment.To));
            }

            if (difference.Particle >= 0)
            {
                first = Math.Min(first, CopyInside(window, guarded, difference.Particle, difference.Since));
            }
        }

        HashSet<int> known = [.. received.SelectMany(ledger => ledger.Paths).Select(path => path.Id)];
        for (int particle = 0; particle < window.Ids.Length; particle++)
        {
            if (!window.IsOwn(particle) && !known.Contains(window.Ids[particle]))
            {
                first = Math.Min(first, CopyInside(window, guarded, particle, double.NegativeInfinity));
            }
        }

        return first;
    }

    private static double CopyInside(RegionWindow window, Surroundings guarded, int particle, double since)
    {
        double first = double.PositiveInfinity;
        foreach (PathSegment segment in window.SegmentsOf(particle))
        {
            double from = Math.Max(segment.From, since);
            if (from <= segment.To)
            {
                first = Math.Min(first, guarded.FirstInside(segment.State, from, segment.To));
            }
        }

        return first;
    }
}
