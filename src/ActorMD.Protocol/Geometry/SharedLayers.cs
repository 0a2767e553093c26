using System.Globalization;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Protocol.Geometry;

/// <summary>
/// How much of the box several domains compute, because each needs what lies within the reach of an event beyond its block.
/// </summary>
public static class SharedLayers
{
    private const double LayersMin = 4;
    private const double SpacingsMax = 2;

    /// <summary>Why a split of this gas is slow; null where it is not.</summary>
    /// <remarks>
    /// Layers are as wide as the largest reach of any event: one large particle makes them wide for all. A domain that is only a few layers
    /// wide lies within those of its neighbours, and most of its events are computed there once more. Layers of no more than a few
    /// particles are wide only where domains are small, where it is expected.
    /// </remarks>
    /// <param name="gas">Box and reach.</param>
    /// <param name="particleCount">N.</param>
    /// <param name="split">Blocks along each axis.</param>
    public static string? Complaint(Gas gas, int particleCount, Split split)
    {
        double spacing = PortableMath.Pow(gas.Box.Volume / Math.Max(1, particleCount), 1.0 / gas.Dimension);
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            double width = gas.Box.Lengths[axis] / split[axis];
            if (split[axis] > 1 && gas.ReachMax > SpacingsMax * spacing && width < LayersMin * gas.ReachMax)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"domains share layers of {gas.ReachMax:G3}, the largest reach of an event, and are "
                    + $"{width:G3} wide along {"xyz"[axis]}: ")
                    + "most events are computed by more than one of them; threads without --domains may be faster";
            }
        }

        return null;
    }
}
