using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Initial;

/// <summary>A number that depends on the position in the box along one axis: a density, a temperature, a component of a velocity.</summary>
/// <remarks>
/// Only + - * / sqrt and <see cref="PortableMath"/>: profiles reach the initial state, which is the same on every machine.
/// </remarks>
public abstract record Profile
{
    private const int MeanSampleCount = 4096;

    /// <summary>Axis 0, 1 or 2 along which the number changes; null for a constant.</summary>
    public abstract int? Axis { get; }

    /// <summary>The number at a coordinate of its axis.</summary>
    /// <param name="position">Coordinate along the axis, inside the box.</param>
    /// <param name="length">Side of the box along the axis.</param>
    /// <param name="isPeriodic">Whether the axis is periodic.</param>
    public abstract double At(double position, double length, bool isPeriodic);

    /// <summary>Bounds of the number: it is nowhere smaller than the first, nowhere larger than the second.</summary>
    public abstract (double Lower, double Upper) Range { get; }

    /// <summary>The number at a position in a box.</summary>
    public double At(Vec3 position, Box box) =>
        Axis is { } axis ? At(position[axis], box.Lengths[axis], box.IsPeriodic(axis)) : Range.Lower;

    /// <summary>The mean over the box, by the midpoint rule with 4096 points.</summary>
    public double MeanOver(Box box)
    {
        if (Axis is not { } axis)
        {
            return Range.Lower;
        }

        double sum = 0, length = box.Lengths[axis];
        for (int n = 0; n < MeanSampleCount; n++)
        {
            sum += At((n + 0.5) / MeanSampleCount * length, length, box.IsPeriodic(axis));
        }

        return sum / MeanSampleCount;
    }
}

/// <summary>The same everywhere.</summary>
/// <param name="Value">The number.</param>
public sealed record ConstantProfile(double Value) : Profile
{
    /// <inheritdoc/>
    public override int? Axis => null;

    /// <inheritdoc/>
    public override (double Lower, double Upper) Range => (Value, Value);

    /// <inheritdoc/>
    public override double At(double position, double length, bool isPeriodic) => Value;
}

/// <summary>Mean + Amplitude cos(2 pi (Waves x/L - Phase)): smooth.</summary>
/// <param name="Along">Axis.</param>
/// <param name="Mean">Mean over the box.</param>
/// <param name="Amplitude">Of the wave.</param>
/// <param name="Waves">Whole number of wave lengths in the box.</param>
/// <param name="Phase">In turns: 0.25 makes a sine of it.</param>
public sealed record CosineProfile(int Along, double Mean, double Amplitude, int Waves, double Phase) : Profile
{
    /// <inheritdoc/>
    public override int? Axis => Along;

    /// <inheritdoc/>
    public override (double Lower, double Upper) Range => (Mean - Math.Abs(Amplitude), Mean + Math.Abs(Amplitude));

    /// <inheritdoc/>
    public override double At(double position, double length, bool isPeriodic)
    {
        double turns = Waves * (position / length) - Phase;
        return Mean + Amplitude * PortableMath.SinCosTurns(turns - Math.Floor(turns)).Cosine;
    }
}

/// <summary>
/// Mean + Amplitude (2 sqrt|sin(pi (Waves x/L - Phase))| - 1): continuous, but only Hölder 1/2, at the positions where the sine vanishes.
/// </summary>
/// <param name="Along">Axis.</param>
/// <param name="Mean">Middle of the range.</param>
/// <param name="Amplitude">Half of the range.</param>
/// <param name="Waves">Whole number of cusps in the box.</param>
/// <param name="Phase">In turns.</param>
public sealed record CuspProfile(int Along, double Mean, double Amplitude, int Waves, double Phase) : Profile
{
    /// <inheritdoc/>
    public override int? Axis => Along;

    /// <inheritdoc/>
    public override (double Lower, double Upper) Range => (Mean - Math.Abs(Amplitude), Mean + Math.Abs(Amplitude));

    /// <inheritdoc/>
    public override double At(double position, double length, bool isPeriodic)
    {
        double turns = 0.5 * (Waves * (position / length) - Phase);
        return Mean + Amplitude * (2 * Math.Sqrt(Math.Abs(PortableMath.SinCosTurns(turns - Math.Floor(turns)).Sine)) - 1);
    }
}

/// <summary>One number in a layer, another one outside.</summary>
/// <param name="Along">Axis.</param>
/// <param name="Outside">Where x is below From, or To and above.</param>
/// <param name="Inside">Where From &lt;= x &lt; To.</param>
/// <param name="From">Lower face of the layer.</param>
/// <param name="To">Upper face of the layer.</param>
public sealed record StepProfile(int Along, double Outside, double Inside, double From, double To) : Profile
{
    /// <inheritdoc/>
    public override int? Axis => Along;

    /// <inheritdoc/>
    public override (double Lower, double Upper) Range => (Math.Min(Outside, Inside), Math.Max(Outside, Inside));

    /// <inheritdoc/>
    public override double At(double position, double length, bool isPeriodic) => position >= From && position < To ? Inside : Outside;
}

/// <summary>Background + Height exp(-(x - Centre)^2/(2 Width^2)); along a periodic axis of the nearest image of the centre.</summary>
/// <param name="Along">Axis.</param>
/// <param name="Background">Far from the centre.</param>
/// <param name="Height">Above the background, or below it when negative.</param>
/// <param name="Centre">Coordinate.</param>
/// <param name="Width">Standard deviation, above 0.</param>
public sealed record GaussianProfile(int Along, double Background, double Height, double Centre, double Width) : Profile
{
    /// <inheritdoc/>
    public override int? Axis => Along;

    /// <inheritdoc/>
    public override (double Lower, double Upper) Range =>
        (Background + Math.Min(Height, 0), Background + Math.Max(Height, 0));

    /// <inheritdoc/>
    public override double At(double position, double length, bool isPeriodic)
    {
        double distance = position - Centre;
        if (isPeriodic)
        {
            distance -= length * Math.Floor(distance / length + 0.5);
        }

        double scaled = distance / Width;
        return Background + Height * PortableMath.Exp(-0.5 * scaled * scaled);
    }
}

/// <summary>Linear between the points of a table, constant beyond its ends.</summary>
/// <param name="Along">Axis.</param>
/// <param name="Coordinates">Coordinates, rising.</param>
/// <param name="Values">One per coordinate.</param>
public sealed record TableProfile(int Along, ImmutableArray<double> Coordinates, ImmutableArray<double> Values) : Profile
{
    /// <inheritdoc/>
    public override int? Axis => Along;

    /// <inheritdoc/>
    public override (double Lower, double Upper) Range => (Values.Min(), Values.Max());

    /// <inheritdoc/>
    public override double At(double position, double length, bool isPeriodic)
    {
        int after = Coordinates.BinarySearch(position);
        if (after >= 0)
        {
            return Values[after];
        }

        after = ~after;
        if (after == 0 || after == Coordinates.Length)
        {
            return after == 0 ? Values[0] : Values[^1];
        }

        double share = (position - Coordinates[after - 1]) / (Coordinates[after] - Coordinates[after - 1]);
        return Values[after - 1] + share * (Values[after] - Values[after - 1]);
    }

    /// <summary>Whether axis and all points are the same.</summary>
    public bool Equals(TableProfile? other) =>
        other is not null && Along == other.Along && Coordinates.SequenceEqual(other.Coordinates) && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Along, Coordinates.Length, Values.Length);
}
