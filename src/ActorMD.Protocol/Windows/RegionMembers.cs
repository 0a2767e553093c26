using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Engine.Regions;
using ActorMD.Physics;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Windows;

/// <summary>The particles of a domain's region: its own particles, and copies of others near its block.</summary>
/// <remarks>
/// From window to window: own particles get the owners that they have from now on (<see cref="Leave"/>), the neighbours' come
/// (<see cref="Arrive"/>), copies that no neighbour has sent are removed (<see cref="RemoveUnsent"/>). All others stay where they are in
/// memory.
/// </remarks>
internal sealed class RegionMembers(RegionEngine region, int domain)
{
    private const int Absent = -1; // owner of particles that leave the region

    // A particle so much deeper than the halo of any neighbour is in no cell of it, whatever the rounding.
    private const double DepthMargin = 1e-6;

    private readonly Dictionary<int, int> _copies = []; // index by id
    private readonly List<double> _depths = [];

    public RegionEngine Region { get; } = region;

    /// <summary>Room for the paths of the own particles near the faces of the block.</summary>
    public OuterPaths Outer { get; } = new();

    public int OwnCount { get; private set; }

    /// <summary>How deep the own particles are in the block at the start of the window, in layers; +infinity for copies.</summary>
    public ReadOnlySpan<double> Depths => CollectionsMarshal.AsSpan(_depths);

    /// <summary>Of the own particles at the start.</summary>
    public double OwnSpeedSquaredMax { get; private set; }

    /// <summary>Begins anew with these particles, all of them own ones.</summary>
    public void Reset(ReadOnlySpan<ParticleRecord> particles)
    {
        Region.Clear();
        _copies.Clear();
        Region.Reserve(particles.Length);
        foreach (ref readonly ParticleRecord particle in particles)
        {
            Region.Add(particle.Id, domain, particle.State);
        }
    }

    /// <summary>The own particles.</summary>
    public ImmutableArray<ParticleRecord> Own()
    {
        var own = ImmutableArray.CreateBuilder<ParticleRecord>(Region.Count);
        for (int index = 0; index < Region.Count; index++)
        {
            if (Region.Owners[index] == domain)
            {
                own.Add(RecordOf(index));
            }
        }

        return own.DrainToImmutable();
    }

    /// <summary>Sums over the own particles.</summary>
    public VelocitySums SumVelocities(Gas gas)
    {
        VelocitySums sums = new(gas);
        for (int index = 0; index < Region.Count; index++)
        {
            if (Region.Owners[index] == domain)
            {
                sums.Add(Region[index]);
            }
        }

        return sums;
    }

    /// <summary>Decides which domains own this domain's particles from now on.</summary>
    /// <param name="grid">The blocks.</param>
    /// <param name="time">Start of the window.</param>
    /// <param name="layers">Thickness of the halo.</param>
    /// <param name="neighbors">The domains that may need some of them.</param>
    /// <returns>By neighbour the particles that it copies or owns from now on.</returns>
    public List<ParticleRecord>[] Leave(BlockGrid grid, double time, int layers, ImmutableArray<int> neighbors)
    {
        bool isRenumbered = Region.RenumberIfDue();
        if (isRenumbered)
        {
            _copies.Clear();
        }

        List<ParticleRecord>[] lists = new List<ParticleRecord>[neighbors.Length];
        for (int n = 0; n < lists.Length; n++)
        {
            lists[n] = [];
        }

        Surroundings block = new(grid, domain, 0);
        Span<int> owners = Region.Owners;
        ReadOnlySpan<int> ids = Region.Ids;
        CollectionsMarshal.SetCount(_depths, owners.Length);
        Span<double> depths = CollectionsMarshal.AsSpan(_depths);
        (OwnCount, OwnSpeedSquaredMax) = (0, 0);
        for (int index = 0; index < owners.Length; index++)
        {
            depths[index] = double.PositiveInfinity;
            if (owners[index] != domain)
            {
                owners[index] = Absent;
                if (isRenumbered)
                {
                    _copies.Add(ids[index], index);
                }

                continue;
            }

            Vec3 position = Region.PositionAt(index, time);
            double depth = block.DepthOf(position);
            if (depth > layers + DepthMargin)
            {
                Keep(index, depth);
                continue; // no other block is within so many layers
            }

            Int3 cell = grid.CellOf(position);
            owners[index] = grid.OwnerOf(cell);
            for (int n = 0; n < lists.Length; n++)
            {
                if (grid.LayersTo(neighbors[n], cell) <= layers)
                {
                    lists[n].Add(RecordOf(index));
                }
            }

            if (owners[index] == domain)
            {
                Keep(index, depth);
            }
            else if (grid.LayersTo(domain, cell) <= layers)
            {
                _copies.Add(ids[index], index);
            }
            else
            {
                owners[index] = Absent;
            }
        }

        return lists;
    }

    /// <summary>A neighbour's particles have come.</summary>
    public void Arrive(ReadOnlySpan<ParticleRecord> particles)
    {
        foreach (ref readonly ParticleRecord particle in particles)
        {
            if (!_copies.TryGetValue(particle.Id, out int index))
            {
                index = Region.Count;
                Region.Add(particle.Id, particle.Owner, particle.State);
                _depths.Add(double.PositiveInfinity);
                _copies.Add(particle.Id, index);
            }
            else
            {
                Region[index] = particle.State;
                Region.Owners[index] = particle.Owner;
            }

            if (particle.Owner == domain)
            {
                _copies.Remove(particle.Id);
                Keep(index, 0);
            }
        }
    }

    /// <summary>All have come: removes the copies that no neighbour has sent.</summary>
    public void RemoveUnsent()
    {
        for (int index = Region.Count - 1; index >= 0; index--)
        {
            if (Region.Owners[index] == Absent)
            {
                Remove(index);
            }
        }
    }

    /// <summary>Index of another owner's particle, negative if it has no copy here.</summary>
    public int IndexOfCopy(int id) => _copies.TryGetValue(id, out int index) ? index : -1;

    private void Keep(int index, double depth)
    {
        _depths[index] = depth;
        OwnCount++;
        OwnSpeedSquaredMax = Math.Max(OwnSpeedSquaredMax, Region.SpeedSquared(index));
    }

    private void Remove(int index)
    {
        int last = Region.Count - 1;
        _copies.Remove(Region.Ids[index]);
        if (index < last && Region.Owners[last] != domain)
        {
            _copies[Region.Ids[last]] = index;
        }

        Region.Remove(index);
        _depths[index] = _depths[last];
        _depths.RemoveAt(last);
    }

    private ParticleRecord RecordOf(int index) =>
        new() { Id = Region.Ids[index], Owner = Region.Owners[index], State = Region[index] };
}
