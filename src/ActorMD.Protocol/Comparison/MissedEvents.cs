using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Windows;

namespace ActorMD.Protocol.Comparison;

/// <summary>
/// Part (2) of the ledger rule: particles whose owners computed another path than their copies here (or that have no copy here),
/// against the own particles.
/// </summary>
/// <remarks>
/// The times are those of the free flights coming a little nearer than contact, so they lie before the event itself. With zones
/// of order 3 and up, coming within the reach of a zone counts: the tuple may have any other members. Both err on the safe side.
/// </remarks>
internal sealed class MissedEvents
{
    private const double ContactMargin = 1 + 1e-9;
    private const double ReachMargin = 1 + 1e-6;
    private const double DepthMargin = 1e-3; // layers

    private readonly RegionWindow _window;
    private readonly double _distanceMax;
    private readonly bool _hasZones;
    private readonly Dictionary<long, List<PathSegment>> _cells = [];
    private readonly List<long> _touched = [];

    private MissedEvents(RegionWindow window)
    {
        _window = window;
        Gas gas = window.Gas;
        _hasZones = !gas.Zones.IsEmpty;
        _distanceMax = _hasZones ? gas.ReachMax * ReachMargin : gas.DiameterMax * ContactMargin;
    }

    /// <summary>The first moment at which one of them meets an own particle; +infinity if none does.</summary>
    public static double First(RegionWindow window, ImmutableArray<Message.Ledger> received)
    {
        List<PathDifference> differences = PathDifference.Find(window, received);
        return differences.Count == 0 ? double.PositiveInfinity : new MissedEvents(window).First(differences);
    }

    private double First(List<PathDifference> differences)
    {
        double width = Enumerable.Range(0, _window.Gas.Dimension).Min(_window.Grid.Width);
        double deepest = double.NegativeInfinity; // so far into the block the differences reach at most, in layers
        Surroundings block = new(_window.Grid, _window.Domain, 0);
        foreach (PathDifference difference in differences)
        {
            foreach (PathSegment segment in difference.TrueSegments(_window.Start, _window.End))
            {
                double flight = Math.Sqrt(segment.State.Velocity.LengthSquared) * (segment.To - segment.From) / width;
                deepest = Math.Max(deepest, block.DepthOf(segment.State, segment.From) + flight);
                Touch(segment.State, segment.From, segment.To, 1);
                foreach (long cell in _touched)
                {
                    if (!_cells.TryGetValue(cell, out List<PathSegment>? segments))
                    {
                        _cells[cell] = segments = [];
                    }

                    segments.Add(segment);
                }
            }
        }

        // Two particles that collide are less than a layer apart.
        double depthMax = deepest + 1 + _window.FlightMax() + DepthMargin;
        double first = double.PositiveInfinity;
        OuterPaths outer = _window.Outer;
        for (int k = 0; k < outer.Count; k++)
        {
            if (!(_window.DepthOf(outer.Particles[k]) > depthMax))
            {
                first = Math.Min(first, First(outer[k]));
            }
        }

        return first;
    }

    private double First(ReadOnlySpan<ParticleState> path)
    {
        double first = double.PositiveInfinity;
        for (int n = 0; n < path.Length; n++)
        {
            PathSegment own = new(path[n], _window.BeginOf(path, n), _window.EndOf(path, n));
            Touch(own.State, own.From, own.To, 0);
            foreach (long cell in _touched)
            {
                if (_cells.TryGetValue(cell, out List<PathSegment>? segments))
                {
                    foreach (PathSegment other in segments)
                    {
                        first = Math.Min(first, Meeting(own, other));
                    }
                }
            }
        }

        return first;
    }

    // All cells that the box around a flight meets, with so many more on each side.
    private void Touch(in ParticleState state, double begin, double end, int more)
    {
        _touched.Clear();
        Vec3 from = state.PositionAt(begin), to = state.PositionAt(end);
        (int lowX, int highX) = CellsAlong(from, to, 0, more);
        (int lowY, int highY) = CellsAlong(from, to, 1, more);
        (int lowZ, int highZ) = CellsAlong(from, to, 2, more);
        BlockGrid grid = _window.Grid;
        for (int x = lowX; x <= highX; x++)
        {
            for (int y = lowY; y <= highY; y++)
            {
                for (int z = lowZ; z <= highZ; z++)
                {
                    _touched.Add(
                        ((long)Wrap(x, grid.CellCount(0)) * grid.CellCount(1) + Wrap(y, grid.CellCount(1))) * grid.CellCount(2)
                        + Wrap(z, grid.CellCount(2)));
                }
            }
        }
    }

    private (int Low, int High) CellsAlong(Vec3 from, Vec3 to, int axis, int more)
    {
        BlockGrid grid = _window.Grid;
        int cells = grid.CellCount(axis);
        if (axis >= grid.Box.Dimension)
        {
            return (0, 0);
        }

        double low = Math.Floor(Math.Min(from[axis], to[axis]) / grid.Width(axis)) - more;
        double high = Math.Floor(Math.Max(from[axis], to[axis]) / grid.Width(axis)) + more;
        return !grid.Box.IsPeriodic(axis) ? ((int)Math.Clamp(low, 0, cells - 1), (int)Math.Clamp(high, 0, cells - 1))
            : high - low + 1 >= cells ? (0, cells - 1)
            : (Wrap(low, cells), Wrap(low, cells) + (int)(high - low));
    }

    private static int Wrap(double cell, int cells) => (int)(cell - cells * Math.Floor(cell / cells));

    private double Meeting(PathSegment own, PathSegment other)
    {
        double from = Math.Max(own.From, other.From), to = Math.Min(own.To, other.To);
        if (!(from <= to))
        {
            return double.PositiveInfinity;
        }

        Vec3 r = other.State.PositionAt(from) - own.State.PositionAt(from), v = other.State.Velocity - own.State.Velocity;
        double distance = _hasZones ? _distanceMax : _window.Gas.KindContact(own.State.Kind, other.State.Kind) * ContactMargin;
        double squared = distance * distance;
        (double lowX, double highX) = Images(r, v, to - from, 0);
        (double lowY, double highY) = Images(r, v, to - from, 1);
        (double lowZ, double highZ) = Images(r, v, to - from, 2);
        Vec3 lengths = _window.Gas.Box.Lengths;
        double first = double.PositiveInfinity;
        for (double x = lowX; x <= highX; x++)
        {
            for (double y = lowY; y <= highY; y++)
            {
                for (double z = lowZ; z <= highZ; z++)
                {
                    first = Math.Min(first, Meeting(r - new Vec3(x * lengths.X, y * lengths.Y, z * lengths.Z), v, squared));
                }
            }
        }

        return from + first <= to ? from + first : double.PositiveInfinity;
    }

    // Whole boxes to be taken from the displacement so that it can come near zero during the span.
    private (double Low, double High) Images(Vec3 r, Vec3 v, double span, int axis)
    {
        if (!_window.Gas.Box.IsPeriodic(axis))
        {
            return (0, 0);
        }

        double length = _window.Gas.Box.Lengths[axis], end = r[axis] + v[axis] * span;
        return (
            Math.Ceiling((Math.Min(r[axis], end) - _distanceMax) / length),
            Math.Floor((Math.Max(r[axis], end) + _distanceMax) / length));
    }

    // Time until the distance falls to the given one; without zones a pair that recedes does not meet.
    private double Meeting(Vec3 r, Vec3 v, double distanceSquared)
    {
        double squared = Vec3.Dot(r, r), approach = Vec3.Dot(r, v);
        if (squared <= distanceSquared && (_hasZones || approach < 0))
        {
            return 0;
        }

        if (!(approach < 0))
        {
            return double.PositiveInfinity;
        }

        double discriminant = Vec3.Dot(v, v) * distanceSquared - Vec3.Cross(r, v).LengthSquared;
        return discriminant > 0 ? (squared - distanceSquared) / (Math.Sqrt(discriminant) - approach) : double.PositiveInfinity;
    }
}
