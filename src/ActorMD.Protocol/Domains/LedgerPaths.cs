using ActorMD.Physics;

namespace ActorMD.Protocol;

/// <summary>Chooses the paths of own particles that matter to a neighbour.</summary>
internal sealed class LedgerPaths
{
    private readonly RegionWindow _window;

    public LedgerPaths(RegionWindow window) => _window = window;

    /// <summary>The own particles that enter the neighbour's zone at any time in the window, and all their states.</summary>
    public (PathRecord[] Heads, ParticleState[] States) Near(int neighbor)
    {
        Surroundings zone = _window.ZoneOf(neighbor);
        List<PathRecord> heads = [];
        List<ParticleState> states = [];
        foreach (int particle in _window.Outer)
        {
            if (Enters(zone, particle))
            {
                int count = 0;
                foreach (PathSegment segment in _window.SegmentsOf(particle))
                {
                    states.Add(segment.State);
                    count++;
                }

                heads.Add(new PathRecord { Id = _window.Ids[particle], StateCount = count });
            }
        }

        return ([.. heads], [.. states]);
    }

    private bool Enters(Surroundings region, int particle)
    {
        foreach (PathSegment segment in _window.SegmentsOf(particle))
        {
            if (double.IsFinite(region.FirstInside(segment.State, segment.From, segment.To)))
            {
                return true;
            }
        }

        return false;
    }
}
