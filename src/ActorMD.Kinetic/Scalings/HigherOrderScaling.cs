using System.Collections.Immutable;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Scalings;

/// <summary>What is known of one order of a higher-order gas.</summary>
/// <param name="Order">k = l + 1; 2 is the pair collision, whose distance is the diameter.</param>
/// <param name="Constant">c_l = N^l eps_k^(ld-1), if known.</param>
/// <param name="Distance">eps_k, if known.</param>
public sealed record ScaledOrder(int Order, double? Constant = null, double? Distance = null);

/// <summary>The scaling of a gas with collisions of several orders: N^l eps_(l+1)^(ld-1) = c_l for each [High 1.22, 3.11].</summary>
public static class HigherOrderScaling
{
    private const double Tolerance = 1e-9;

    /// <summary>Finds all distances, and the number of particles when one order gives it.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="orders">The orders, 2 among them; others may be missing.</param>
    /// <param name="count">N; null when one order has both constant and distance.</param>
    /// <param name="volume">Of the box; the paper has 1.</param>
    /// <param name="mass">M.</param>
    /// <remarks>Inert zones are not refused: <see cref="GasScales"/> tells which ones are.</remarks>
    /// <exception cref="ScalingException">Something is missing or contradicts.</exception>
    public static ScaledGas Solve(
        int dimension, ImmutableArray<ScaledOrder> orders, double? count = null, double volume = 1, double mass = 1)
    {
        Box box = ScaledGas.BoxOf(dimension, Positive("the volume", volume));
        if (orders.Select(o => o.Order).Distinct().Count() != orders.Length
            || orders.Any(o => o.Order < 2) || !orders.Any(o => o.Order == 2))
        {
            throw ScalingException.Orders();
        }

        foreach (ScaledOrder order in orders)
        {
            _ = order.Constant is { } c ? Positive($"the constant c of order {order.Order}", c) : 0;
            _ = order.Distance is { } eps ? Positive($"the distance of order {order.Order}", eps) : 0;
        }

        double n = Math.Round(count is { } given ? Positive("the count", given) : CountFrom(dimension, orders));
        if (!(n >= 1 && n <= int.MaxValue))
        {
            throw ScalingException.TooManyParticles("A", n);
        }

        double diameter = 0;
        List<Zone> zones = [];
        foreach (ScaledOrder order in orders.OrderBy(o => o.Order))
        {
            double distance = DistanceOf(dimension, order, n);
            if (order.Order == 2)
            {
                diameter = distance;
            }
            else
            {
                zones.Add(new Zone(order.Order, distance));
            }
        }

        return new ScaledGas(new Gas(box, [new Species("A", mass, diameter)], [.. zones]), [(int)n]);
    }

    private static double CountFrom(int dimension, ImmutableArray<ScaledOrder> orders)
    {
        foreach (ScaledOrder order in orders)
        {
            if (order is { Constant: { } c, Distance: { } eps })
            {
                int l = order.Order - 1;
                return Math.Pow(c / Math.Pow(eps, l * dimension - 1), 1.0 / l);
            }
        }

        throw ScalingException.NoCount();
    }

    private static double DistanceOf(int dimension, ScaledOrder order, double count)
    {
        int l = order.Order - 1;
        if (order.Distance is { } distance)
        {
            double present = BoltzmannConstants.Scaling(order.Order, dimension, count, distance);
            // A count found from this order was rounded by half a particle at most.
            if (order.Constant is { } c && Math.Abs(present - c) > (Tolerance + l * 0.6 / count) * c)
            {
                throw ScalingException.OrderContradiction(order.Order, count, distance, c);
            }

            return distance;
        }

        return order.Constant is { } constant
            ? Math.Pow(constant / Math.Pow(count, l), 1.0 / (l * dimension - 1))
            : throw ScalingException.OrderUnsolved(order.Order);
    }

    private static double Positive(string quantity, double value) =>
        double.IsFinite(value) && value > 0 ? value : throw ScalingException.NotPositive(quantity, value);
}
