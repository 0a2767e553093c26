using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Events;

/// <summary>The constants of a gas that the laws of its events need. Immutable: all threads read the same.</summary>
internal sealed unsafe class LawTables : IDisposable
{
    private readonly NativeArray<double> _contacts;
    private readonly NativeArray<PairLaw> _pairs;
    private readonly double[] _zoneSquared;

    public LawTables(Gas gas)
    {
        Gas = gas;
        KindCount = gas.Kinds.Length;
        Masses = [.. gas.Kinds.Select(kind => kind.Mass)];
        Radii = [.. gas.Kinds.Select(kind => 0.5 * kind.Diameter)];
        _zoneSquared = new double[gas.OrderMax + 1];
        foreach (Zone zone in gas.Zones)
        {
            _zoneSquared[zone.Order] = zone.Distance * zone.Distance;
        }

        HasWalls = gas.Box.Has(Boundary.Reflecting);
        Low = new Vec3(LowOf(0), LowOf(1), LowOf(2));
        High = new Vec3(HighOf(0), HighOf(1), HighOf(2));
        (HalfX, HalfY, HalfZ) = (0.5 * High.X, 0.5 * High.Y, 0.5 * High.Z);
        _contacts = ContactTable.Create(gas);
        _pairs = gas.HasOwnSizes ? new NativeArray<PairLaw>(1) : PairLaw.Table(gas);
        HasPairs = !gas.HasOwnSizes;
    }

    public readonly Gas Gas;

    public readonly int KindCount;

    /// <summary>Whether there is a table of <see cref="Pairs"/>: not where particles have their own sizes.</summary>
    public readonly bool HasPairs;

    /// <summary>By kind.</summary>
    public readonly double[] Masses;

    /// <summary>eps_a / 2 by kind.</summary>
    public readonly double[] Radii;

    public readonly bool HasWalls;

    /// <summary>Half of the box along each axis; +infinity on axes that are not periodic.</summary>
    public readonly double HalfX, HalfY, HalfZ;

    /// <summary>A coordinate below or not below these is wrapped; infinite on axes that are not periodic.</summary>
    public readonly Vec3 Low, High;

    /// <summary>What contact distances are computed from: <see cref="ContactTable"/>.</summary>
    public double* Contacts => _contacts.Pointer;

    /// <summary>By ordered pair of species, which are the kinds where there is this table.</summary>
    public PairLaw* Pairs => _pairs.Pointer;

    /// <summary>D of the zone event of an order, squared: <see cref="Zone.Distance"/>.</summary>
    public double ZoneSquared(int order) => _zoneSquared[order];

    public void Dispose()
    {
        _contacts.Dispose();
        _pairs.Dispose();
    }

    private double LowOf(int axis) => Gas.Box.IsPeriodic(axis) ? 0 : double.NegativeInfinity;

    private double HighOf(int axis) => Gas.Box.IsPeriodic(axis) ? Gas.Box.Lengths[axis] : double.PositiveInfinity;
}
