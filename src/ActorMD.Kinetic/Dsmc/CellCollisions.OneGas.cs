using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorMD.Kinetic.Dsmc;

// Pairs of one species in space, the commonest gas: what the general way does, without its tables, and for many cells side by side. In one
// cell every step waits for the one before (mean, largest speed, number of candidates, candidate, collision), and whether there is a
// candidate and whether it is accepted is chance, which no processor foresees. So one thing is done in all cells of a batch, then the next,
// and lists of those cells that go on are made without a branch. A cell's random numbers are its own: the order of cells changes nothing.
internal sealed partial class CellCollisions
{
    // Cells of a batch: so many that a list is long, and their particles still lie in the first-level cache.
    private const int BatchSize = 64;

    private readonly OneGasCell[] _batch;
    private readonly int[] _waiting;
    private readonly int[] _accepted;

    /// <summary>Whether <see cref="RunOneGas"/> can be used.</summary>
    public bool IsOneGasInSpace { get; }

    /// <summary>Collides the particles of neighbouring cells, for pairs of one species in space.</summary>
    /// <param name="particles">All, sorted.</param>
    /// <param name="starts">Where the particles of every cell begin, those of all the solver's cells, with the end of the last one.</param>
    /// <param name="firstCell">The first of the cells.</param>
    /// <param name="endCell">Behind the last of them.</param>
    /// <param name="duration">The step.</param>
    /// <param name="key">Of the step.</param>
    public void RunOneGas(DsmcParticles particles, ReadOnlySpan<int> starts, int firstCell, int endCell, double duration, in StepKey key)
    {
        ref double vx = ref MemoryMarshal.GetArrayDataReference(particles.Velocities[0]);
        ref double vy = ref MemoryMarshal.GetArrayDataReference(particles.Velocities[1]);
        ref double vz = ref MemoryMarshal.GetArrayDataReference(particles.Velocities[2]);
        int cell = firstCell;
        while (cell < endCell)
        {
            int waitingCount = 0;
            for (int filled = 0; filled < BatchSize && cell < endCell; cell++)
            {
                int first = starts[cell], end = starts[cell + 1];
                if (end - first > 1)
                {
                    ref OneGasCell entry = ref _batch[filled];
                    Begin(ref entry, ref vx, ref vy, ref vz, first, end, duration, new StreamRandom(key, cell));
                    _waiting[waitingCount] = filled;
                    waitingCount += entry.CandidateCount > 0 ? 1 : 0;
                    filled++;
                }
            }

            while (waitingCount > 0)
            {
                int acceptedCount = DrawCandidates(waitingCount, ref vx, ref vy, ref vz);
                for (int n = 0; n < acceptedCount; n++)
                {
                    CollideOne(ref _batch[_accepted[n]], ref vx, ref vy, ref vz);
                }

                Attempts[0] += waitingCount;
                Collisions[0] += acceptedCount;
                waitingCount = KeepWaiting(waitingCount);
            }
        }
    }

    private void Begin(
        ref OneGasCell cell, ref double vx, ref double vy, ref double vz, int first, int end, double duration, StreamRandom random)
    {
        (double x, double y, double z) = CellSpeeds.MeanOf(ref vx, ref vy, ref vz, first, end);
        cell.X = x;
        cell.Y = y;
        cell.Z = z;
        cell.LargestSquare = CellSpeeds.LargestSquare(ref vx, ref vy, ref vz, first, end, x, y, z);
        cell.First = first;
        cell.Count = end - first;
        cell.Left = duration;
        DrawCount(ref cell, random);
    }

    private void DrawCount(ref OneGasCell cell, StreamRandom random)
    {
        const double Rounding = 1 + 1e-9;
        double maximum = 2 * Math.Sqrt(cell.LargestSquare) * Rounding;
        double mean = cell.Count * (double)(cell.Count - 1) * _rateFactors[0] * maximum * cell.Left;
        double rounded = PoissonCount.RoundUp(mean);
        cell.Maximum = maximum * (mean > 0 ? rounded / mean : 1);
        cell.CandidateCount = PoissonCount.Draw(ref random, rounded);
        cell.DoneCount = 0;
        cell.Random = random;
    }

    // The next candidate of every waiting cell; lists those that are accepted, and returns how many.
    private int DrawCandidates(int waitingCount, ref double vx, ref double vy, ref double vz)
    {
        ref OneGasCell cells = ref MemoryMarshal.GetArrayDataReference(_batch);
        ref int waiting = ref MemoryMarshal.GetArrayDataReference(_waiting);
        ref int accepted = ref MemoryMarshal.GetArrayDataReference(_accepted);
        int acceptedCount = 0;
        for (int n = 0; n < waitingCount; n++)
        {
            int at = Unsafe.Add(ref waiting, n);
            ref OneGasCell cell = ref Unsafe.Add(ref cells, at);
            StreamRandom random = cell.Random; // a copy that nothing points to stays in registers
            int count = cell.Count;
            int i = Below(ref random, count);
            int j = Below(ref random, count - 1);
            j += j >= i ? 1 : 0;
            i += cell.First;
            j += cell.First;
            double gx = Unsafe.Add(ref vx, i) - Unsafe.Add(ref vx, j);
            double gy = Unsafe.Add(ref vy, i) - Unsafe.Add(ref vy, j);
            double gz = Unsafe.Add(ref vz, i) - Unsafe.Add(ref vz, j);
            double squared = gx * gx + gy * gy + gz * gz;
            double threshold = random.NextUniform() * cell.Maximum;
            cell.Random = random;
            cell.I = i;
            cell.J = j;
            cell.DoneCount++;
            Unsafe.Add(ref accepted, acceptedCount) = at;
            acceptedCount += threshold * threshold >= squared ? 0 : 1;
        }

        return acceptedCount;
    }

    private void CollideOne(ref OneGasCell cell, ref double vx, ref double vy, ref double vz)
    {
        StreamRandom random = cell.Random;
        double p, q, radius;
        do
        {
            p = 2 * random.NextUniform() - 1;
            q = 2 * random.NextUniform() - 1;
            radius = p * p + q * q;
        }
        while (radius >= 1);
        cell.Random = random;
        int i = cell.I, j = cell.J;
        ref double xi = ref Unsafe.Add(ref vx, i), yi = ref Unsafe.Add(ref vy, i), zi = ref Unsafe.Add(ref vz, i);
        ref double xj = ref Unsafe.Add(ref vx, j), yj = ref Unsafe.Add(ref vy, j), zj = ref Unsafe.Add(ref vz, j);
        double gx = xi - xj, gy = yi - yj, gz = zi - zj;
        double speed = Math.Sqrt(gx * gx + gy * gy + gz * gz);
        double scale = 2 * speed * Math.Sqrt(1 - radius); // Marsaglia (1972)
        double dx = 0.5 * (scale * p - gx), dy = 0.5 * (scale * q - gy), dz = 0.5 * (speed * (1 - 2 * radius) - gz);
        xi += dx;
        yi += dy;
        zi += dz;
        xj -= dx;
        yj -= dy;
        zj -= dz;
        double cx = xi - cell.X, cy = yi - cell.Y, cz = zi - cell.Z, ex = xj - cell.X, ey = yj - cell.Y, ez = zj - cell.Z;
        double mine = cx * cx + cy * cy + cz * cz, theirs = ex * ex + ey * ey + ez * ez;
        double larger = Math.Max(mine, theirs);
        if (larger > cell.LargestSquare)
        {
            cell.LargestSquare = larger;
            Raise(ref cell);
        }
    }

    // A speed is above the bound: the moment of the collision is drawn, and the rest of the step anew.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Raise(ref OneGasCell cell)
    {
        Raises++;
        StreamRandom random = cell.Random;
        cell.Left *= 1 - random.NextOrderStatistic(cell.DoneCount, cell.CandidateCount);
        DrawCount(ref cell, random);
    }

    private int KeepWaiting(int waitingCount)
    {
        ref OneGasCell cells = ref MemoryMarshal.GetArrayDataReference(_batch);
        ref int waiting = ref MemoryMarshal.GetArrayDataReference(_waiting);
        int kept = 0;
        for (int n = 0; n < waitingCount; n++)
        {
            int at = Unsafe.Add(ref waiting, n);
            ref OneGasCell cell = ref Unsafe.Add(ref cells, at);
            Unsafe.Add(ref waiting, kept) = at;
            kept += cell.DoneCount < cell.CandidateCount ? 1 : 0;
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Below(ref StreamRandom random, int bound)
    {
        StreamRandom copy = random;
        int value = copy.NextInteger(bound);
        random = copy;
        return value;
    }

    // A cell of the batch.
    private struct OneGasCell
    {
        public StreamRandom Random;

        // The mean velocity, and the largest square of a speed relative to it.
        public double X, Y, Z, LargestSquare;

        // The bound of relative speeds with which candidates are drawn, and what is left of the step.
        public double Maximum, Left;

        // Candidates until the end of the step, and how many of them were looked at.
        public long CandidateCount, DoneCount;

        // The first particle, and how many there are.
        public int First, Count;

        // The pair of the last candidate.
        public int I, J;
    }
}
