using ActorMD.Physics;

namespace ActorMD.Protocol;

/// <summary>Chooses the paths of own particles that matter to a neighbour.</summary>
internal sealed class LedgerPaths
{
    private readonly RegionWindow _window;
    private readonly int[] _particles;
    private readonly Int3[] _cells;
    private readonly int _flightLayers;

    public LedgerPaths(RegionWindow window)
    {
        _window = window;
        _flightLayers = (int)Math.Min(Math.Ceiling(window.FlightMax()) + 1, int.MaxValue / 2);
        _particles = [.. window.Outer];
        _cells = [.. _particles.Select(particle => window.Grid.CellOf(window.Ledger.StartOf(particle).PositionAt(window.Start)))];
    }

    /// <summary>The own particles that enter the neighbour's zone at any time in the window, and all their states.</summary>
    public (PathRecord[] Heads, ParticleState[] States) Near(int neighbor)
    {
        Surroundings zone = _window.ZoneOf(neighbor);
        List<PathRecord> heads = [];
        List<ParticleState> states = [];
        for (int k = 0; k < _particles.Length; k++)
        {
            int particle = _particles[k];
            int layers = _window.Grid.LayersTo(neighbor, _cells[k]);
            if (layers <= _window.Wander || (layers <= _window.Wander + 1 + _flightLayers && Enters(zone, particle)))
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
