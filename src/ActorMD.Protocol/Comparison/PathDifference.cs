using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Windows;

namespace ActorMD.Protocol.Comparison;

/// <summary>A particle's path as its owner computed it, against that of the copy here.</summary>
/// <param name="Particle">Index of the copy in the region, negative if there is none.</param>
/// <param name="States">The owner's path: its state at the start of the window, and that after each event.</param>
/// <param name="Since">The copy follows the owner's path up to here; -infinity if there is no copy or it began otherwise.</param>
internal readonly record struct PathDifference(int Particle, ReadOnlyMemory<ParticleState> States, double Since)
{
    /// <summary>All paths that were received and are not those of the copies here.</summary>
    public static List<PathDifference> Find(RegionWindow window, ImmutableArray<Message.Ledger> received)
    {
        List<PathDifference> differences = [];
        foreach (Message.Ledger ledger in received)
        {
            int first = 0;
            foreach (PathRecord path in ledger.Paths)
            {
                ReadOnlyMemory<ParticleState> states = ledger.States.AsMemory().Slice(first, path.StateCount);
                first += path.StateCount;
                int particle = window.IndexOfCopy(path.Id);
                if (particle < 0)
                {
                    differences.Add(new PathDifference(particle, states, double.NegativeInfinity));
                }
                else if (window.Ledger.FirstDifference(particle, states.Span) is { } time)
                {
                    differences.Add(new PathDifference(particle, states, time));
                    window.NoteFalse(particle, time);
                }
            }
        }

        return differences;
    }

    /// <summary>The owner's path from the difference on.</summary>
    public IEnumerable<PathSegment> TrueSegments(double start, double end)
    {
        for (int k = 0; k < States.Length; k++)
        {
            double from = Math.Max(k == 0 ? start : States.Span[k].Time, Since);
            double to = k + 1 < States.Length ? States.Span[k + 1].Time : end;
            if (from <= to)
            {
                yield return new PathSegment(States.Span[k], from, to);
            }
        }
    }
}
