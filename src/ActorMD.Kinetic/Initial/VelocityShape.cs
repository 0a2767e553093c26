using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>An isotropic law of velocities with variance 1 of every component.</summary>
public abstract record VelocityShape
{
    /// <summary>One velocity.</summary>
    public abstract Vec3 DrawUnit(ref CounterRandom random, int dimension);

    /// <summary>The density of the law, per volume of velocities.</summary>
    /// <param name="squared">|c|^2.</param>
    /// <param name="dimension">d.</param>
    public abstract double DensityOfUnit(double squared, int dimension);
}

/// <summary>(2 pi)^(-d/2) exp(-c^2/2).</summary>
public sealed record MaxwellianShape : VelocityShape
{
    /// <inheritdoc/>
    public override Vec3 DrawUnit(ref CounterRandom random, int dimension) => random.NextNormalVector(dimension);

    /// <inheritdoc/>
    public override double DensityOfUnit(double squared, int dimension) => Normal(squared, dimension);

    internal static double Normal(double squared, int dimension)
    {
        double factor = dimension == 3 ? 2 * Math.PI * Math.Sqrt(2 * Math.PI) : 2 * Math.PI;
        return PortableMath.Exp(-0.5 * squared) / factor;
    }
}

/// <summary>Compact support: proportional to (1 - c^2/R^2)^2 for c below R = sqrt(d + 6), zero beyond.</summary>
/// <remarks>The first d of the d + 6 coordinates of a uniform point on a sphere have this law.</remarks>
public sealed record CompactShape : VelocityShape
{
    private const int ExtraPairCount = 3;

    /// <inheritdoc/>
    public override Vec3 DrawUnit(ref CounterRandom random, int dimension)
    {
        Vec3 velocity = random.NextNormalVector(dimension);
        double squared = velocity.LengthSquared;
        for (int pair = 0; pair < ExtraPairCount; pair++)
        {
            (double first, double second) = random.NextNormalPair();
            squared += first * first + second * second;
        }

        return Math.Sqrt((dimension + 2 * ExtraPairCount) / squared) * velocity;
    }

    /// <inheritdoc/>
    /// <remarks>Gamma(d/2 + 3)/(2 pi^(d/2) R^d) (1 - c^2/R^2)^2.</remarks>
    public override double DensityOfUnit(double squared, int dimension)
    {
        double radiusSquared = dimension + 2 * ExtraPairCount, left = 1 - squared / radiusSquared;
        double norm = dimension == 3 ? 105.0 / 32 / Math.PI / (radiusSquared * Math.Sqrt(radiusSquared)) : 3 / (Math.PI * radiusSquared);
        return left > 0 ? norm * left * left : 0;
    }
}

/// <summary>
/// Polynomial times Gaussian: a Maxwellian of the temperature 1 - s times 1 + (s/(1-s)) (c^2/(2(1-s)) - d/2), the law of Bobylev,
/// Krook and Wu. Fast particles are rarer than in a Maxwellian: the fourth moment is 1 - s^2 of its own.
/// </summary>
/// <param name="Spread">s, from 0 (a Maxwellian) to 2/(d+2) (no particles at rest).</param>
/// <remarks>With probability d s/(2(1-s)) the speed is that of d + 2 normal components, otherwise that of d.</remarks>
public sealed record PolynomialShape(double Spread) : VelocityShape
{
    /// <inheritdoc/>
    public override Vec3 DrawUnit(ref CounterRandom random, int dimension)
    {
        Vec3 velocity = random.NextNormalVector(dimension);
        if (random.NextUniform() < 0.5 * dimension * Spread / (1 - Spread))
        {
            (double first, double second) = random.NextNormalPair();
            double squared = velocity.LengthSquared;
            velocity *= Math.Sqrt((squared + first * first + second * second) / squared);
        }

        return Math.Sqrt(1 - Spread) * velocity;
    }

    /// <inheritdoc/>
    public override double DensityOfUnit(double squared, int dimension)
    {
        double narrow = 1 - Spread, energy = 0.5 * squared / narrow;
        double scale = dimension == 3 ? narrow * Math.Sqrt(narrow) : narrow;
        return MaxwellianShape.Normal(squared / narrow, dimension) / scale * (1 + Spread / narrow * (energy - 0.5 * dimension));
    }

    /// <summary>The largest s for which the law is nowhere negative.</summary>
    public static double SpreadMax(int dimension) => 2.0 / (dimension + 2);
}

/// <summary>
/// Power tail: proportional to (1 + c^2/(nu - 2))^(-(nu + d)/2), the law of Student. Moments of the speed of order nu and up are infinite.
/// </summary>
/// <param name="Tail">nu, 3 or more.</param>
/// <remarks>
/// A normal vector over the root of an independent chi-squared number of nu degrees; the fourth moment is (nu - 2)/(nu - 4) of a
/// Maxwellian's.
/// </remarks>
public sealed record PowerShape(int Tail) : VelocityShape
{
    /// <summary>The least nu: with 2 the variance, and so the temperature, would be infinite.</summary>
    public const int TailMin = 3;

    /// <summary>Beyond, it cannot be told from a Maxwellian, and every draw takes as many random numbers.</summary>
    public const int TailMax = 10_000;

    /// <inheritdoc/>
    public override Vec3 DrawUnit(ref CounterRandom random, int dimension)
    {
        Vec3 velocity = random.NextNormalVector(dimension);
        double squared = 0;
        for (int n = 0; n < Tail; n += 2)
        {
            (double first, double second) = random.NextNormalPair();
            squared += first * first + (n + 1 < Tail ? second * second : 0);
        }

        return Math.Sqrt((Tail - 2) / squared) * velocity;
    }

    /// <inheritdoc/>
    /// <remarks>Gamma((nu+d)/2)/Gamma(nu/2) (pi (nu-2))^(-d/2) (1 + c^2/(nu-2))^(-(nu+d)/2); Gamma(n/2) = 2 pi^(n/2)/|S^(n-1)|.</remarks>
    public override double DensityOfUnit(double squared, int dimension)
    {
        double ratio = SphereArea.InSpace(Tail) / SphereArea.InSpace(Tail + dimension) / Math.Pow(Tail - 2, 0.5 * dimension);
        return ratio * PortableMath.Exp(-0.5 * (Tail + dimension) * PortableMath.Log(1 + squared / (Tail - 2)));
    }
}
