using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Estimates;

/// <summary>How many tuples a search for events of one order looks at, per particle.</summary>
/// <param name="Order">k.</param>
/// <param name="Count">Partial tuples included: of 2 to k particles that are within the reach of each other, one of them given.</param>
public readonly record struct TupleCount(int Order, double Count)
{
    private const int WalkerCount = 400;

    // Others come into the reach during the flight that is searched.
    private const double Sweep = 1.5;

    /// <summary>The count in a uniform gas.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="density">Particles per volume.</param>
    /// <param name="zone">Its reach bounds the distances.</param>
    /// <remarks>
    /// With n others in the ball of the reach on average there are n^j/j! sets of j of them; which share of those lies within the reach of
    /// each other is found by walkers that take one member after the other, and are multiplied where others have died.
    /// </remarks>
    public static TupleCount In(int dimension, double density, Zone zone)
    {
        double near = Sweep * density * BallVolume(dimension, zone.Reach);
        CounterRandom random = new(0, RandomStream.EllipsoidSampling, (uint)(GasValidation.OrderLimit + zone.Order));
        Vec3[][] walkers = [.. Enumerable.Range(0, WalkerCount).Select(_ => new Vec3[zone.Order])];
        double sum = near, product = near;
        for (int members = 1; members < zone.Order - 1; members++)
        {
            product *= near / (members + 1) * Grow(walkers, members, dimension, ref random);
            sum += product;
        }

        return new TupleCount(zone.Order, sum);
    }

    /// <summary>Volume of a ball, or area of a disk.</summary>
    public static double BallVolume(int dimension, double radius) =>
        dimension == 3 ? 4 * Math.PI / 3 * radius * radius * radius : Math.PI * radius * radius;

    // Unit reach. The members so far are 1, 2, ...; the given particle is at the origin.
    private static double Grow(Vec3[][] walkers, int members, int dimension, ref CounterRandom random)
    {
        List<int> alive = [];
        for (int w = 0; w < walkers.Length; w++)
        {
            Vec3[] walker = walkers[w];
            if (members == 1)
            {
                walker[0] = InBall(dimension, ref random);
            }

            Vec3 next = InBall(dimension, ref random);
            if (Array.TrueForAll(walker[..members], member => (member - next).LengthSquared <= 1))
            {
                walker[members] = next;
                alive.Add(w);
            }
        }

        for (int w = 0, next = 0; w < walkers.Length && alive.Count > 0; w++)
        {
            if (alive.BinarySearch(w) < 0)
            {
                walkers[alive[next++ % alive.Count]].CopyTo(walkers[w], 0);
            }
        }

        return (double)alive.Count / walkers.Length;
    }

    private static Vec3 InBall(int dimension, ref CounterRandom random)
    {
        while (true)
        {
            Vec3 position = new(
                2 * random.NextUniform() - 1, 2 * random.NextUniform() - 1, dimension == 3 ? 2 * random.NextUniform() - 1 : 0);
            if (position.LengthSquared <= 1)
            {
                return position;
            }
        }
    }
}
