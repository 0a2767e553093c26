using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Physics.Tests;

/// <summary>Random tuples, species and states for property tests.</summary>
internal static class Draws
{
    public static double Mass(ref CounterRandom random) => Math.Pow(10, 4 * random.NextUniform() - 2);

    public static Vec3[] Vectors(ref CounterRandom random, int count, int dimension, double scale = 1)
    {
        Vec3[] vectors = new Vec3[count];
        for (int i = 0; i < count; i++)
        {
            vectors[i] = scale * random.NextNormalVector(dimension);
        }

        return vectors;
    }

    public static double[] Masses(ref CounterRandom random, int count)
    {
        double[] masses = new double[count];
        for (int i = 0; i < count; i++)
        {
            masses[i] = Mass(ref random);
        }

        return masses;
    }

    /// <summary>Distance in units in the last place of the expected value.</summary>
    public static double UlpsApart(double expected, double actual) =>
        expected.Equals(actual) ? 0 : Math.Abs(actual - expected) / (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
}
