using ActorMD.Observables.Structure;
using ActorMD.Physics;

namespace ActorMD.Observables.Tests;

/// <summary>The histogram of distances against all pairs one by one.</summary>
public class PairHistogramTests
{
    private const int Bins = 40;
    private const double Doubt = 1e-4; // of a bin: there single precision may choose the next one

    [Theory]
    [InlineData(300, 10, 10, 10, 2.5)]
    [InlineData(300, 10, 10, 10, 5)]
    [InlineData(300, 10, 10, 10, 3.4)]
    [InlineData(2000, 40, 12, 21, 3)]
    [InlineData(2000, 6.1, 25, 60, 3)]
    [InlineData(3000, 300, 300, 300, 4)]
    [InlineData(50, 30, 30, 30, 6)]
    [InlineData(400, 30, 20, 0, 4)]
    [InlineData(400, 30, 9, 0, 4.5)]
    public void Every_pair_is_counted_once_in_its_bin(int count, double x, double y, double z, double range)
    {
        bool isFlat = z == 0;
        Box box = Box.Of(isFlat ? 2 : 3, new Vec3(x, y, z), Boundary.Periodic);
        double[] contacts = [0.3, 0.5, 0.7];
        Random random = new(count + (int)x);
        ParticleState[] particles = new ParticleState[count];
        foreach (ref ParticleState particle in particles.AsSpan())
        {
            particle.Position = new Vec3(random.NextDouble() * x, random.NextDouble() * y, random.NextDouble() * z);
            particle.Velocity = new Vec3(random.NextDouble() - 0.5, random.NextDouble() - 0.5, isFlat ? 0 : random.NextDouble() - 0.5);
        }

        SystemState state = new(particles, 100, 0, 70);
        foreach (int kinds in (int[])[1, 2, 9])
        {
            double[] distances = contacts[..(kinds == 1 ? 1 : 3)];
            int[] pairs = [.. Enumerable.Range(0, kinds * kinds).Select(k => k / kinds % 2 + k % kinds % 2)];
            foreach (ref ParticleState particle in particles.AsSpan())
            {
                particle.Kind = random.Next(kinds);
            }

            long[] found = new long[distances.Length * Bins], sure = new long[found.Length];
            new PairHistogram(GasOf(box, kinds), range, count, pairs, distances, Bins).Count(state, found);
            long doubtful = 0;
            for (int i = 0; i < count; i++)
            {
                for (int j = i + 1; j < count; j++)
                {
                    Vec3 r = new(Nearest(i, j, 0), Nearest(i, j, 1), Nearest(i, j, 2));
                    int pair = pairs[particles[i].Kind * kinds + particles[j].Kind];
                    double bin = (Math.Sqrt(r.LengthSquared) - distances[pair]) / (range - distances[pair]) * Bins;
                    if (Math.Abs(bin - Math.Round(bin)) < Doubt)
                    {
                        doubtful++;
                    }
                    else if (bin < Bins)
                    {
                        sure[pair * Bins + Math.Max(0, (int)bin)]++;
                    }
                }
            }

            long wrong = found.Zip(sure, (a, b) => Math.Abs(a - b)).Sum();
            Assert.True(wrong <= doubtful, $"{wrong} pairs are in other bins, {doubtful} may be");
            Assert.True(sure.Sum() > 0);
        }

        double Nearest(int i, int j, int axis)
        {
            double length = box.Lengths[axis];
            double d = particles[j].PositionAt(state.Time)[axis] - particles[i].PositionAt(state.Time)[axis];
            return length == 0 ? 0 : d - length * Math.Round(d / length);
        }
    }

    private static Gas GasOf(Box box, int kinds) =>
        new(box, [.. Enumerable.Range(0, kinds).Select(k => new Species($"A{k}", 1, 0.01))], []);
}
