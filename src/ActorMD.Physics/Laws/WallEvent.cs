namespace ActorMD.Physics.Laws;

/// <summary>A bounce off a hard wall: an event of order 1 of the particle alone.</summary>
public static class WallEvent
{
    /// <summary>Time at which the surface of the sphere touches the wall that it flies towards; +infinity if it never does.</summary>
    /// <param name="position">Coordinate of the centre at the time of the last event.</param>
    /// <param name="velocity">Velocity component along the axis.</param>
    /// <param name="time">Time of the last event.</param>
    /// <param name="radius">eps_a / 2.</param>
    /// <param name="length">Box length along the axis; the centre lives in [radius, length - radius].</param>
    public static double Time(double position, double velocity, double time, double radius, double length)
    {
        if (velocity == 0)
        {
            return double.PositiveInfinity;
        }

        double face = FaceAhead(velocity, radius, length);
        return time + Math.Max((face - position) / velocity, 0.0);
    }

    /// <summary>The coordinate at which the centre bounces, for a particle that flies with the given velocity.</summary>
    public static double FaceAhead(double velocity, double radius, double length) => velocity > 0 ? length - radius : radius;
}
