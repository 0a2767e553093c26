using ActorMD.Physics;

namespace ActorMD.Protocol;

/// <summary>Where an own particle is at the start of a window.</summary>
/// <param name="Particle">Index in the region.</param>
/// <param name="Depth">Distance to the nearest face of the block that has another domain behind it, in layers.</param>
internal readonly record struct OwnPlace(int Particle, double Depth);

/// <summary>The particles of a region, in the order of ids. Its arrays are used again for every window.</summary>
internal sealed class RegionParticles
{
    private int[] _ids = [];
    private int[] _owners = [];
    private int[] _ownIndices = [];
    private ParticleState[] _states = [];
    private OwnPlace[] _ownPlaces = [];
    private int _count;
    private int _ownCount;

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, _count);

    public ReadOnlySpan<int> Owners => _owners.AsSpan(0, _count);

    public ReadOnlySpan<ParticleState> States => _states.AsSpan(0, _count);

    /// <summary>For every particle its place in the list of own ones; -1 for a copy.</summary>
    public ReadOnlySpan<int> OwnIndices => _ownIndices.AsSpan(0, _count);

    /// <summary>The own particles.</summary>
    public ReadOnlySpan<OwnPlace> OwnPlaces => _ownPlaces.AsSpan(0, _ownCount);

    /// <summary>Of the own particles at the start.</summary>
    public double OwnSpeedSquaredMax { get; private set; }

    /// <summary>Empties the list and makes room.</summary>
    public void Clear(int capacity)
    {
        _count = 0;
        _ownCount = 0;
        OwnSpeedSquaredMax = 0;
        if (_ids.Length < capacity)
        {
            int length = Math.Max(capacity, _ids.Length + _ids.Length / 4);
            _ids = new int[length];
            _owners = new int[length];
            _ownIndices = new int[length];
            _states = new ParticleState[length];
            _ownPlaces = new OwnPlace[length];
        }
    }

    /// <summary>Adds a copy; ids must ascend.</summary>
    public void AddCopy(in ParticleRecord particle)
    {
        _ownIndices[_count] = -1;
        Add(particle);
    }

    /// <summary>Adds an own particle; ids must ascend.</summary>
    public void AddOwn(in ParticleRecord particle, double depth)
    {
        _ownIndices[_count] = _ownCount;
        _ownPlaces[_ownCount++] = new OwnPlace(_count, depth);
        OwnSpeedSquaredMax = Math.Max(OwnSpeedSquaredMax, particle.State.Velocity.LengthSquared);
        Add(particle);
    }

    private void Add(in ParticleRecord particle)
    {
        _ids[_count] = particle.Id;
        _owners[_count] = particle.Owner;
        _states[_count] = particle.State;
        _count++;
    }
}
