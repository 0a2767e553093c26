using System.Runtime.InteropServices;
using ActorMD.Engine.Regions;
using ActorMD.Physics;

namespace ActorMD.Protocol.Windows;

/// <summary>The paths of a domain's own particles near the faces of its block in one window, side by side in memory.</summary>
/// <remarks>
/// A path is the state at the start of the window, and that after each event. The memory is used again in the next window.
/// </remarks>
internal sealed class OuterPaths
{
    private readonly List<int> _particles = [];
    private readonly List<int> _starts = [];
    private readonly List<ParticleState> _states = [];

    /// <summary>Number of paths.</summary>
    public int Count => _particles.Count;

    /// <summary>Whose they are: indices in the region, ascending.</summary>
    public ReadOnlySpan<int> Particles => CollectionsMarshal.AsSpan(_particles);

    /// <summary>The states of one path.</summary>
    public ReadOnlySpan<ParticleState> this[int path]
    {
        get
        {
            int start = _starts[path], end = path + 1 < _starts.Count ? _starts[path + 1] : _states.Count;
            return CollectionsMarshal.AsSpan(_states)[start..end];
        }
    }

    public void Clear()
    {
        _particles.Clear();
        _starts.Clear();
        _states.Clear();
    }

    /// <summary>Adds a particle's path behind the others.</summary>
    public ReadOnlySpan<ParticleState> Add(RegionLedger ledger, int particle)
    {
        _particles.Add(particle);
        _starts.Add(_states.Count);
        ledger.AddPath(particle, _states);
        return this[Count - 1];
    }

    /// <summary>Takes the last path away.</summary>
    public void RemoveLast()
    {
        CollectionsMarshal.SetCount(_states, _starts[^1]);
        _particles.RemoveAt(_particles.Count - 1);
        _starts.RemoveAt(_starts.Count - 1);
    }
}
