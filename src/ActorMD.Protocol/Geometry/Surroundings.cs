using System.Runtime.Intrinsics;
using ActorMD.Physics;

namespace ActorMD.Protocol.Geometry;

/// <summary>A domain's block and so many layers around it, as a region of space that free flights enter and leave.</summary>
/// <remarks>On periodic axes the region is repeated with the box, since a flight may cross it several times.</remarks>
public sealed class Surroundings
{
    private readonly BlockGrid _grid;
    private readonly (double Low, double High)[] _ranges = new (double, double)[3];
    private readonly Vector256<double> _perWidth, _low, _high;
    private readonly Vector256<double> _least, _greatest; // coordinates that count, in layers

    /// <param name="grid">The box.</param>
    /// <param name="domain">Whose block.</param>
    /// <param name="layers">May be a broken number, for a margin.</param>
    public Surroundings(BlockGrid grid, int domain, double layers)
    {
        _grid = grid;
        (_low, _high) = (Vector256.Create(double.NegativeInfinity), Vector256.Create(double.PositiveInfinity));
        (_least, _greatest) = (_low, _high);
        for (int axis = 0; axis < 3; axis++)
        {
            _ranges[axis] = grid.Range(domain, axis, layers);
            _perWidth = _perWidth.WithElement(axis, 1 / grid.Width(axis));
            if (axis < grid.Box.Dimension)
            {
                (_low, _high) = (_low.WithElement(axis, _ranges[axis].Low), _high.WithElement(axis, _ranges[axis].High));
                if (!grid.Box.IsPeriodic(axis))
                {
                    (_least, _greatest) = (_least.WithElement(axis, 0), _greatest.WithElement(axis, grid.CellCount(axis)));
                }
            }
        }
    }

    /// <summary>The first moment of a span of free flight at which the particle is inside; +infinity if it never is.</summary>
    public double FirstInside(in ParticleState flight, double from, double to)
    {
        double first = double.PositiveInfinity;
        Search(flight, 0, from, to, ref first);
        return first;
    }

    /// <summary>
    /// The first moment of a span of free flight, which begins inside, at which the particle leaves; +infinity if it does not.
    /// </summary>
    public double FirstOutside(in ParticleState flight, double from, double to)
    {
        double first = double.PositiveInfinity;
        for (int axis = 0; axis < 3; axis++)
        {
            (double low, double high) = _ranges[axis];
            double speed = flight.Velocity[axis];
            double face = speed > 0 ? high : low;
            if (speed == 0 || double.IsInfinity(face))
            {
                continue;
            }

            double time = from + Math.Max((face - Image(flight, axis, from)) * _grid.Width(axis) / speed, 0);
            if (time <= to)
            {
                first = Math.Min(first, time);
            }
        }

        return first;
    }

    /// <summary>Whether the particle is inside for the whole span.</summary>
    public bool Holds(in ParticleState flight, double from, double to)
    {
        for (int axis = 0; axis < 3; axis++)
        {
            (double low, double high) = _ranges[axis];
            if (double.IsInfinity(low) && double.IsInfinity(high))
            {
                continue;
            }

            double x = Image(flight, axis, from), end = x + flight.Velocity[axis] * (to - from) / _grid.Width(axis);
            if (!(Math.Min(x, end) >= low && Math.Max(x, end) <= high))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// How far inside a point is: the least distance to any face, in layers; negative outside. Only the image in the box counts.
    /// A point beyond an open box is taken for the one at its face, as it is when cells are counted.
    /// </summary>
    public double DepthOf(Vec3 position)
    {
        Vector256<double> place = Vector256.Create(position.X, position.Y, position.Z, 0) * _perWidth;
        place = Vector256.Min(Vector256.Max(place, _least), _greatest);
        Vector256<double> depths = Vector256.Min(place - _low, _high - place);
        Vector128<double> least = Vector128.Min(depths.GetLower(), depths.GetUpper());
        return Math.Min(least[0], least[1]);
    }

    /// <summary>How far inside a particle is, in layers, in whatever image it is deepest; negative outside.</summary>
    public double DepthOf(in ParticleState flight, double time)
    {
        double depth = double.PositiveInfinity;
        for (int axis = 0; axis < 3; axis++)
        {
            (double low, double high) = _ranges[axis];
            if (!double.IsInfinity(low) || !double.IsInfinity(high))
            {
                double x = Image(flight, axis, time);
                depth = Math.Min(depth, Math.Min(x - low, high - x));
            }
        }

        return depth;
    }

    // The coordinate of the particle's image that is nearest to the middle of the block.
    private double Image(in ParticleState flight, int axis, double time)
    {
        double x = flight.PositionAt(time)[axis] / _grid.Width(axis);
        if (!_grid.Box.IsPeriodic(axis))
        {
            return x;
        }

        double cells = _grid.CellCount(axis);
        return x - cells * Math.Round((x - 0.5 * (_ranges[axis].Low + _ranges[axis].High)) / cells);
    }

    // Narrows the span axis by axis, for every image of the region that the flight meets.
    private void Search(in ParticleState flight, int axis, double from, double to, ref double first)
    {
        while (axis < 3 && double.IsInfinity(_ranges[axis].Low) && double.IsInfinity(_ranges[axis].High))
        {
            axis++;
        }

        if (axis == 3)
        {
            first = Math.Min(first, from);
            return;
        }

        (double low, double high) = _ranges[axis];
        double width = _grid.Width(axis), speed = flight.Velocity[axis] / width;
        double x = flight.PositionAt(from)[axis] / width, end = flight.PositionAt(to)[axis] / width;
        if (!_grid.Box.IsPeriodic(axis))
        {
            Narrow(flight, axis, from, to, low - x, high - x, speed, ref first);
            return;
        }

        double cells = _grid.CellCount(axis);
        double imageMin = Math.Ceiling((Math.Min(x, end) - high) / cells), imageMax = Math.Floor((Math.Max(x, end) - low) / cells);
        for (double image = imageMin; image <= imageMax; image++)
        {
            Narrow(flight, axis, from, to, low + image * cells - x, high + image * cells - x, speed, ref first);
        }
    }

    private void Narrow(
        in ParticleState flight, int axis, double from, double to, double low, double high, double speed, ref double first)
    {
        if (speed == 0)
        {
            if (low <= 0 && high >= 0)
            {
                Search(flight, axis + 1, from, to, ref first);
            }

            return;
        }

        double enter = from + (speed > 0 ? low : high) / speed, leave = from + (speed > 0 ? high : low) / speed;
        double begin = Math.Max(from, enter), end = Math.Min(to, leave);
        if (begin <= end && begin < first)
        {
            Search(flight, axis + 1, begin, end, ref first);
        }
    }
}
