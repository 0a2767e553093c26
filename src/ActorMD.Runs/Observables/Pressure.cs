using ActorMD.Physics;

namespace ActorMD.Runs.Observables;

/// <summary>Pressures over a span of time, from the impulses of the events in it.</summary>
public static class Pressure
{
    /// <summary>
    /// The pressure by the virial theorem: P V = N T + (1/d) sum over events of sum_i x_i.dp_i / time, over events of order 2
    /// and up. Null in a box with open sides, which has no volume, and over an empty span.
    /// </summary>
    /// <remarks>
    /// Between reflecting walls it is the pressure of the bulk with the whole box as volume; the layers of half a diameter
    /// that centres cannot enter make it differ from <see cref="OnWalls"/> by a relative diameter/L.
    /// </remarks>
    /// <param name="gas">Box and dimension.</param>
    /// <param name="count">N.</param>
    /// <param name="temperature">T averaged over the span.</param>
    /// <param name="from">Start of the span.</param>
    /// <param name="to">Its end.</param>
    public static double? FromVirial(Gas gas, int count, double temperature, TallyMark from, TallyMark to)
    {
        double time = to.Time - from.Time;
        if (gas.Box.Has(Boundary.Open) || !(time > 0))
        {
            return null;
        }

        return (count * temperature + (to.Virial - from.Virial) / (gas.Dimension * time)) / gas.Box.Volume;
    }

    /// <summary>Compressibility factor Z = P V / (N T); null where the pressure or the temperature vanishes.</summary>
    public static double? Compressibility(Gas gas, int count, double temperature, double? pressure) =>
        count * temperature > 0 ? pressure * gas.Box.Volume / (count * temperature) : null;

    /// <summary>
    /// Force per area on the reflecting walls: the sum of the momentum that bounces gave to all walls, over time and the
    /// walls' area (length in two dimensions). Null without walls, in a box with open sides and over an empty span.
    /// </summary>
    public static double? OnWalls(Gas gas, TallyMark from, TallyMark to)
    {
        double time = to.Time - from.Time;
        if (gas.Box.Has(Boundary.Open) || !gas.Box.Has(Boundary.Reflecting) || !(time > 0))
        {
            return null;
        }

        double area = 0;
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            if (gas.Box.IsReflecting(axis))
            {
                area += 2 * gas.Box.Volume / gas.Box.Lengths[axis];
            }
        }

        return (to.WallImpulse - from.WallImpulse) / (time * area);
    }
}
