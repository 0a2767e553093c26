namespace ActorMD.Physics;

/// <summary>How long an epoch lasts: a function of the initial state of a case alone.</summary>
/// <remarks>
/// Times are offsets from the start of an epoch. It must be short, so that one unit in the last place of a time moves no
/// particle by more than about 1e-12 of a diameter, and long, so that rebuilding all caches at its end costs little; and nobody
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
        double diameterMin = gas.Species.Min(s => s.Diameter);
        double precise = DiametersPerEpoch * diameterMin / speed;
        double meanFreeTime = 1 / CollisionRate(gas, particles.Length, speed);
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

    // A rough rate of events per particle, only to choose a scale.
    private static double CollisionRate(Gas gas, int count, double speed)
    {
        double density = count / gas.Box.Volume;
        double rate = CrossSection(gas.DiameterMax, gas.Dimension) * density * speed;
        double packing = Math.Min(density * Power(gas.DiameterMax, gas.Dimension) * 0.5, 0.7);
        rate /= (1 - packing) * (1 - packing);
        foreach (Zone zone in gas.Zones)
        {
            double crowding = density * Power(zone.Reach, gas.Dimension);
            rate += CrossSection(zone.Reach, gas.Dimension) * density * speed * Math.Min(1, Power(crowding, zone.Order - 2));
        }

        return rate;
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
