namespace ActorMD.Physics;

/// <summary>How long an epoch lasts: a function of the initial state of a case alone.</summary>
/// <remarks>
/// Times are offsets from the start of an epoch. It must be short, so that one unit in the last place of a time moves no
/// particle by more than about 1e-12 of a diameter, and long, so that rebuilding all caches at its end costs little; and no particle
/// flies through more than some thousand periodic boxes in it. A power
/// of two, so that most re-basings are exact.
/// </remarks>
public static class EpochLength
{
    private const double CollisionsPerEpoch = 256;
    private const double DiametersPerEpoch = 4096;
    private const double CollisionsPerEpochMin = 8;
    private const double BoxesPerEpoch = 4096;

    /// <summary>Epoch length in simulation time; +infinity when nothing moves.</summary>
    public static double For(Gas gas, ReadOnlySpan<ParticleState> particles)
    {
        double sum = 0, fastest = 0;
        foreach (ref readonly ParticleState particle in particles)
        {
            double squared = Vec3.Dot(particle.Velocity, particle.Velocity);
            sum += squared;
            fastest = Math.Max(fastest, squared);
        }

        if (!(sum > 0))
        {
            return double.PositiveInfinity;
        }

        double speed = Math.Sqrt(sum / particles.Length);
        double diameterMin = gas.DiameterMin;
        double precise = DiametersPerEpoch * diameterMin / speed;
        double meanFreeTime = 1 / CollisionRate(gas, particles, speed);
        double length = Math.Max(
            Math.Min(CollisionsPerEpoch * meanFreeTime, precise), CollisionsPerEpochMin * meanFreeTime);
        length = Math.Min(length, BoxesPerEpoch * SideMin(gas.Box) / Math.Sqrt(fastest));
        return Math.ScaleB(1, Math.ILogB(length));
    }

    private static double SideMin(Box box)
    {
        double side = Math.Min(box.Lengths.X, box.Lengths.Y);
        return box.Dimension == 3 ? Math.Min(side, box.Lengths.Z) : side;
    }

    // A rough rate of events per particle, only to choose a scale. As long as sizes differ little the largest stands for all.
    private static double CollisionRate(Gas gas, ReadOnlySpan<ParticleState> particles, double speed)
    {
        double density = particles.Length / gas.Box.Volume, section, size;
        if (gas.DiameterMax <= SizeClasses.RatioMax * gas.DiameterMin)
        {
            (section, size) = (CrossSection(gas.DiameterMax, gas.Dimension), Power(gas.DiameterMax, gas.Dimension));
        }
        else
        {
            (section, size) = MeanSizes(gas, particles);
        }

        double rate = section * density * speed;
        double packing = Math.Min(density * size * 0.5, 0.7);
        rate /= (1 - packing) * (1 - packing);
        foreach (Zone zone in gas.Zones)
        {
            double crowding = density * Power(zone.Reach, gas.Dimension);
            rate += CrossSection(zone.Reach, gas.Dimension) * density * speed * Math.Min(1, Power(crowding, zone.Order - 2));
        }

        return rate;
    }

    // Cross section of pairs and d-th power of the diameter, on average over the particles.
    private static (double CrossSection, double Power) MeanSizes(Gas gas, ReadOnlySpan<ParticleState> particles)
    {
        if (gas.HasOwnSizes)
        {
            return MeanOwnSizes(gas, particles);
        }

        double[] shares = new double[gas.Species.Length];
        foreach (ref readonly ParticleState particle in particles)
        {
            shares[particle.Kind] += 1.0 / particles.Length;
        }

        double section = 0, size = 0;
        for (int a = 0; a < shares.Length; a++)
        {
            size += shares[a] * Power(gas.Species[a].Diameter, gas.Dimension);
            for (int b = 0; b < shares.Length; b++)
            {
                section += shares[a] * shares[b] * CrossSection(gas.ContactDistance(a, b), gas.Dimension);
            }
        }

        return (section, size);
    }

    // 4 <((x + y)/2)^(d-1)> over pairs is 4 <x> in the plane, and 2 (<x^2> + <x>^2) in space.
    private static (double CrossSection, double Power) MeanOwnSizes(Gas gas, ReadOnlySpan<ParticleState> particles)
    {
        double first = 0, second = 0, size = 0;
        foreach (ref readonly ParticleState particle in particles)
        {
            double diameter = gas.Kinds[particle.Kind].Diameter;
            first += diameter / particles.Length;
            second += diameter * diameter / particles.Length;
            size += Power(diameter, gas.Dimension) / particles.Length;
        }

        return (gas.Dimension == 2 ? 4 * first : 2 * (second + first * first), size);
    }

    private static double CrossSection(double distance, int dimension) => 4 * Power(distance, dimension - 1);

    private static double Power(double x, int exponent)
    {
        double product = 1;
        for (int i = 0; i < exponent; i++)
        {
            product *= x;
        }

        return product;
    }
}
