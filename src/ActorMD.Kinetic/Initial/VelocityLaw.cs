using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>The law of the velocities of one species at time 0, given the position: f_0(x, v) over its density.</summary>
public abstract record VelocityLaw
{
    /// <summary>The mean temperature of the box, energy units, without the energy of mean motion: for estimates.</summary>
    public abstract double TemperatureIn(Box box);

    /// <summary>
    /// The same with the spread of several mean velocities at one place in it, M/d times the variance of a velocity about the local mean:
    /// beams that fly through each other collide as often as a gas of this temperature.
    /// </summary>
    /// <param name="box">Sides and dimension.</param>
    /// <param name="mass">M_a.</param>
    public abstract double KineticTemperatureIn(Box box, double mass);

    /// <summary>Whether the mean velocity is 0 everywhere.</summary>
    public abstract bool HasNoFlow { get; }

    /// <summary>
    /// Whether fast particles are as frequent as a power of the speed: such a law lies in no space with a Gaussian weight [Mix 4.1, High
    /// 4.1].
    /// </summary>
    public abstract bool HasPowerTail { get; }

    /// <summary>Whether the temperature is 0 somewhere: the velocities have no density there.</summary>
    public abstract bool IsColdSomewhere { get; }

    /// <summary>Axes along which the law changes.</summary>
    public abstract IEnumerable<int> Axes { get; }

    /// <summary>One velocity.</summary>
    /// <param name="random">Of the particle.</param>
    /// <param name="position">Of the particle.</param>
    /// <param name="box">Sides and dimension.</param>
    /// <param name="mass">M_a.</param>
    public abstract Vec3 Draw(ref CounterRandom random, Vec3 position, Box box, double mass);

    /// <summary>The density of the velocities at a position, per volume of velocities.</summary>
    /// <param name="velocity">Of the particle.</param>
    /// <param name="position">Of the particle, inside the box.</param>
    /// <param name="box">Sides and dimension.</param>
    /// <param name="mass">M_a.</param>
    public abstract double Density(Vec3 velocity, Vec3 position, Box box, double mass);
}

/// <summary>Velocities of one species at time 0: a Maxwellian.</summary>
/// <param name="Temperature">T &gt;= 0, energy units: every velocity component has variance T/M.</param>
/// <param name="Mean">Mean velocity.</param>
public sealed record Maxwellian(double Temperature, Vec3 Mean) : VelocityLaw
{
    /// <inheritdoc/>
    public override bool HasNoFlow => Mean == Vec3.Zero;

    /// <inheritdoc/>
    public override bool HasPowerTail => false;

    /// <inheritdoc/>
    public override bool IsColdSomewhere => Temperature <= 0;

    /// <inheritdoc/>
    public override IEnumerable<int> Axes => [];

    /// <inheritdoc/>
    public override double TemperatureIn(Box box) => Temperature;

    /// <inheritdoc/>
    public override double KineticTemperatureIn(Box box, double mass) => Temperature;

    /// <inheritdoc/>
    public override Vec3 Draw(ref CounterRandom random, Vec3 position, Box box, double mass) =>
        Mean + Math.Sqrt(Temperature / mass) * random.NextNormalVector(box.Dimension);

    /// <inheritdoc/>
    public override double Density(Vec3 velocity, Vec3 position, Box box, double mass)
    {
        double inverse = mass / Temperature;
        return MaxwellianShape.Normal((velocity - Mean).LengthSquared * inverse, box.Dimension) * VelocityScale.Volume(inverse, box.Dimension);
    }
}

/// <summary>Changes of variables in velocities.</summary>
internal static class VelocityScale
{
    /// <summary>s^(d/2): what a density of c = sqrt(s) v is multiplied with to be one of v.</summary>
    public static double Volume(double s, int dimension) => dimension == 3 ? s * Math.Sqrt(s) : s;
}

/// <summary>A sum of several laws with fixed shares, each with its own profiles.</summary>
/// <param name="Parts">At least one.</param>
public sealed record VelocitySum(ImmutableArray<VelocityPart> Parts) : VelocityLaw
{
    private const int PointsPerAxis = 24;

    /// <inheritdoc/>
    public override bool HasNoFlow => Parts.All(p => p.Mean.All(m => m.Range is (0, 0)));

    /// <inheritdoc/>
    public override bool HasPowerTail => Parts.Any(p => p.Shape is PowerShape);

    /// <inheritdoc/>
    public override bool IsColdSomewhere => Parts.Any(p => p.Temperature.Range.Lower <= 0);

    /// <inheritdoc/>
    public override IEnumerable<int> Axes =>
        Parts.SelectMany(p => p.Mean.Add(p.Temperature)).Select(p => p.Axis).OfType<int>().Distinct();

    /// <inheritdoc/>
    public override double TemperatureIn(Box box) =>
        Parts.Sum(p => p.Weight * p.Temperature.MeanOver(box)) / Parts.Sum(p => p.Weight);

    /// <inheritdoc/>
    public override double KineticTemperatureIn(Box box, double mass)
    {
        if (Parts.Length == 1)
        {
            return TemperatureIn(box);
        }

        int[] axes = [.. Parts.SelectMany(p => p.Mean).Select(m => m.Axis).OfType<int>().Distinct()];
        int points = 1;
        foreach (int _ in axes)
        {
            points *= PointsPerAxis;
        }

        double sum = 0;
        for (int point = 0; point < points; point++)
        {
            Vec3 position = Vec3.Zero;
            int rest = point;
            foreach (int axis in axes)
            {
                position = position.With(axis, (rest % PointsPerAxis + 0.5) / PointsPerAxis * box.Lengths[axis]);
                rest /= PointsPerAxis;
            }

            sum += VarianceOfMeans(position, box);
        }

        return TemperatureIn(box) + mass * sum / points / box.Dimension;
    }

    /// <inheritdoc/>
    public override Vec3 Draw(ref CounterRandom random, Vec3 position, Box box, double mass)
    {
        VelocityPart part = Parts.Length == 1 ? Parts[0] : Choose(random.NextUniform());
        double temperature = part.Temperature.At(position, box);
        Vec3 mean = new(part.Mean[0].At(position, box), part.Mean[1].At(position, box), part.Mean[2].At(position, box));
        return mean + Math.Sqrt(temperature / mass) * part.Shape.DrawUnit(ref random, box.Dimension);
    }

    /// <inheritdoc/>
    public override double Density(Vec3 velocity, Vec3 position, Box box, double mass)
    {
        double sum = 0, total = 0;
        foreach (VelocityPart part in Parts)
        {
            Vec3 mean = new(part.Mean[0].At(position, box), part.Mean[1].At(position, box), part.Mean[2].At(position, box));
            double inverse = mass / part.Temperature.At(position, box);
            total += part.Weight;
            sum += part.Weight * VelocityScale.Volume(inverse, box.Dimension)
                * part.Shape.DensityOfUnit((velocity - mean).LengthSquared * inverse, box.Dimension);
        }

        return sum / total;
    }

    /// <summary>Whether all parts are the same.</summary>
    public bool Equals(VelocitySum? other) => other is not null && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override int GetHashCode() => Parts.Length;

    // Of the parts' mean velocities at a position, all components together.
    private double VarianceOfMeans(Vec3 position, Box box)
    {
        double total = 0, squares = 0;
        Vec3 mean = Vec3.Zero;
        foreach (VelocityPart part in Parts)
        {
            Vec3 own = new(part.Mean[0].At(position, box), part.Mean[1].At(position, box), part.Mean[2].At(position, box));
            total += part.Weight;
            squares += part.Weight * own.LengthSquared;
            mean += part.Weight * own;
        }

        return Math.Max(squares / total - mean.LengthSquared / (total * total), 0);
    }

    private VelocityPart Choose(double share)
    {
        double total = 0;
        foreach (VelocityPart part in Parts)
        {
            total += part.Weight;
        }

        double point = share * total;
        foreach (VelocityPart part in Parts[..^1])
        {
            point -= part.Weight;
            if (point < 0)
            {
                return part;
            }
        }

        return Parts[^1];
    }
}

/// <summary>One summand of a law of velocities.</summary>
/// <param name="Weight">Share of the particles, relative to the other summands; above 0.</param>
/// <param name="Shape">Of the law about its mean.</param>
/// <param name="Temperature">T(x): every velocity component has variance T/M.</param>
/// <param name="Mean">Components of the mean velocity; three of them, the last one 0 in two dimensions.</param>
public sealed record VelocityPart(double Weight, VelocityShape Shape, Profile Temperature, ImmutableArray<Profile> Mean)
{
    /// <summary>Whether weight, shape and profiles are the same.</summary>
    public bool Equals(VelocityPart? other) => other is not null && Weight == other.Weight && Shape == other.Shape
        && Temperature == other.Temperature && Mean.SequenceEqual(other.Mean);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Weight, Shape, Temperature);
}
