using System.Runtime.CompilerServices;

namespace ActorMD.Kinetic.Dsmc;

// Pairs of one species in space, the commonest gas: what the general way does, without its tables. With few candidates in a cell, more than
// half of the time goes into what is done once per cell.
internal sealed partial class CellCollisions
{
    private void RunOneGas(ref double vx, ref double vy, ref double vz, int first, int end, double duration, ref StreamRandom shared)
    {
        StreamRandom random = shared; // a copy that nothing points to stays in registers
        int count = end - first;
        (double x, double y, double z) = CellSpeeds.MeanOf(ref vx, ref vy, ref vz, first, end);
        double largest = CellSpeeds.LargestSquare(ref vx, ref vy, ref vz, first, end, x, y, z);
        double left = duration;
        while (true)
        {
            const double Rounding = 1 + 1e-9;
            double maximum = 2 * Math.Sqrt(largest) * Rounding;
            double mean = count * (double)(count - 1) * _rateFactors[0] * maximum * left;
            double rounded = PoissonCount.RoundUp(mean);
            maximum *= mean > 0 ? rounded / mean : 1;
            StreamRandom drawing = random;
            long drawn = PoissonCount.Draw(ref drawing, rounded);
            random = drawing;
            long done = 0, collisions = 0;
            bool isRaised = false;
            while (done < drawn && !isRaised)
            {
                done++;
                int i = first + Below(ref random, count);
                int j = first + Below(ref random, count - 1);
                j += j >= i ? 1 : 0;
                ref double xi = ref Unsafe.Add(ref vx, i), yi = ref Unsafe.Add(ref vy, i), zi = ref Unsafe.Add(ref vz, i);
                ref double xj = ref Unsafe.Add(ref vx, j), yj = ref Unsafe.Add(ref vy, j), zj = ref Unsafe.Add(ref vz, j);
                double gx = xi - xj, gy = yi - yj, gz = zi - zj;
                double squared = gx * gx + gy * gy + gz * gz;
                double threshold = random.NextUniform() * maximum;
                if (threshold * threshold >= squared)
                {
                    continue;
                }

                double p, q, radius;
                do
                {
                    p = 2 * random.NextUniform() - 1;
                    q = 2 * random.NextUniform() - 1;
                    radius = p * p + q * q;
                }
                while (radius >= 1);
                double speed = Math.Sqrt(squared);
                double scale = 2 * speed * Math.Sqrt(1 - radius); // Marsaglia (1972)
                double dx = 0.5 * (scale * p - gx), dy = 0.5 * (scale * q - gy), dz = 0.5 * (speed * (1 - 2 * radius) - gz);
                xi += dx;
                yi += dy;
                zi += dz;
                xj -= dx;
                yj -= dy;
                zj -= dz;
                collisions++;
                double cx = xi - x, cy = yi - y, cz = zi - z, ex = xj - x, ey = yj - y, ez = zj - z;
                double mine = cx * cx + cy * cy + cz * cz, theirs = ex * ex + ey * ey + ez * ez;
                double larger = Math.Max(mine, theirs);
                if (larger > largest)
                {
                    largest = larger;
                    isRaised = true;
                }
            }

            Attempts[0] += done;
            Collisions[0] += collisions;
            if (!isRaised)
            {
                return;
            }

            Raises++;
            drawing = random;
            left *= 1 - drawing.NextOrderStatistic(done, drawn);
            random = drawing;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Below(ref StreamRandom random, int bound)
    {
        StreamRandom copy = random;
        int value = copy.NextInteger(bound);
        random = copy;
        return value;
    }
}
