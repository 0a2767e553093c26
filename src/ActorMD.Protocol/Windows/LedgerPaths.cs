using ActorMD.Physics;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Windows;

/// <summary>Chooses the paths of own particles that matter to a neighbour.</summary>
internal sealed class LedgerPaths
{
    private readonly RegionWindow _window;
    private readonly Int3[] _cells; // at the start of the window
    private readonly int _flightLayers;
    private readonly List<int> _chosen = [];

    public LedgerPaths(RegionWindow window)
    {
        _window = window;
        _flightLayers = (int)Math.Min(Math.Ceiling(window.FlightMax()) + 1, int.MaxValue / 2);
        OuterPaths outer = window.Outer;
        _cells = new Int3[outer.Count];
        for (int k = 0; k < _cells.Length; k++)
        {
            _cells[k] = window.Grid.CellOf(outer[k][0].PositionAt(window.Start));
        }
    }

    /// <summary>The own particles that enter the neighbour's guarded region at any time in the window, and all their states.</summary>
    public (PathRecord[] Heads, ParticleState[] States) Near(int neighbor)
    {
        Surroundings guarded = _window.GuardedRegionOf(neighbor);
        OuterPaths outer = _window.Outer;
        _chosen.Clear();
        int count = 0;
        for (int k = 0; k < _cells.Length; k++)
        {
            int layers = _window.Grid.LayersTo(neighbor, _cells[k]);
            if (layers <= _window.Drift || (layers <= _window.Drift + 1 + _flightLayers && Enters(guarded, outer[k])))
            {
                _chosen.Add(k);
                count += outer[k].Length;
            }
        }

        PathRecord[] heads = new PathRecord[_chosen.Count];
        ParticleState[] states = new ParticleState[count];
        count = 0;
        for (int n = 0; n < heads.Length; n++)
        {
            ReadOnlySpan<ParticleState> path = outer[_chosen[n]];
            path.CopyTo(states.AsSpan(count));
            count += path.Length;
            heads[n] = new PathRecord { Id = _window.Ids[outer.Particles[_chosen[n]]], StateCount = path.Length };
        }

        return (heads, states);
    }

    private bool Enters(Surroundings region, ReadOnlySpan<ParticleState> path)
    {
        for (int n = 0; n < path.Length; n++)
        {
            if (double.IsFinite(region.FirstInside(path[n], _window.BeginOf(path, n), _window.EndOf(path, n))))
            {
                return true;
            }
        }

        return false;
    }
}
