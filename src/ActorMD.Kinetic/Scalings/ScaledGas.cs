using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Scalings;

/// <summary>A solved scaling: a gas in a periodic cube or square, and its counts. Its numbers are in <see cref="GasScales"/>.</summary>
public sealed record ScaledGas(Gas Gas, ImmutableArray<int> Counts)
{
    internal static Box BoxOf(int dimension, double volume) => dimension switch
    {
        2 => Box.Square(Math.Sqrt(volume)),
        3 => Box.Cube(Math.Cbrt(volume)),
        _ => throw ScalingException.Dimension(dimension),
    };
}
