using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>
/// Collides pairs of one species in space, the commonest gas: the law of <see cref="CellCollisions"/> without its tables, for many cells
/// side by side.
/// </summary>
/// <remarks>
/// Problem: in one cell every step waits for the one before (mean velocity, largest speed, number of candidates, candidate, collision), and
/// whether there is a candidate, and whether it is accepted, is chance that no processor foresees.
/// Idea: one step is done in all cells of a batch, then the next; lists of the cells that go on are made without a branch, and what is
/// arithmetic alone is done for four cells at once. A cell's random numbers are its own, so that the order of cells changes nothing.
/// </remarks>
internal sealed class OneGasCollisions
{
    // Cells of a batch, a multiple of 4: so many that lists are long, and their particles still lie in the nearest caches.
    private const int BatchSize = 128;

    // Of the cells of the batch.
    private readonly Cell[] _cells = new Cell[BatchSize];
    private readonly double[] _pairs = new double[BatchSize]; // ordered pairs of particles
    private readonly double[] _left = new double[BatchSize]; // of the step
    private readonly double[] _largest = new double[BatchSize]; // square of a speed relative to the mean velocity
    private readonly double[] _maxima = new double[BatchSize]; // bounds of relative speeds with which candidates are drawn
    private readonly double[] _means = new double[BatchSize]; // of the numbers of candidates

    // Cells with a candidate yet to come, and those that have accepted one whose direction is not drawn yet.
    private readonly int[] _waiting = new int[BatchSize];
    private readonly int[] _undirected = new int[BatchSize];

    // Of the accepted candidates: where, relative velocity, its square, a point of the unit disk and the square of its radius.
    private readonly Pair[] _accepted = new Pair[BatchSize];
    private readonly double[] _gx = new double[BatchSize];
    private readonly double[] _gy = new double[BatchSize];
    private readonly double[] _gz = new double[BatchSize];
    private readonly double[] _squares = new double[BatchSize];
    private readonly double[] _p = new double[BatchSize];
    private readonly double[] _q = new double[BatchSize];
    private readonly double[] _radii = new double[BatchSize];

    private double _rateFactor;
    private long _raises;

    /// <summary>Collides the particles of neighbouring cells.</summary>
    /// <param name="particles">All, sorted.</param>
    /// <param name="starts">Where the particles of each of the solver's cells begin, and where those of the last one end.</param>
    /// <param name="cells">Which of them.</param>
    /// <param name="rateFactor">Candidates per ordered pair, relative speed and time.</param>
    /// <param name="duration">The step.</param>
    /// <param name="key">Of the step.</param>
    /// <returns>Candidates, collisions, and raises of a bound.</returns>
    public (long Attempts, long Collisions, long Raises) Run(
        DsmcParticles particles, ReadOnlySpan<int> starts, Range cells, double rateFactor, double duration, StepKey key)
    {
        ref double vx = ref MemoryMarshal.GetArrayDataReference(particles.Velocities[0]);
        ref double vy = ref MemoryMarshal.GetArrayDataReference(particles.Velocities[1]);
        ref double vz = ref MemoryMarshal.GetArrayDataReference(particles.Velocities[2]);
        _rateFactor = rateFactor;
        _raises = 0;
        long attempts = 0, collisions = 0;
        int next = cells.Start.Value, end = cells.End.Value;
        while (next < end)
        {
            int cellCount = 0;
            for (; cellCount < BatchSize && next < end; next++)
            {
                if (starts[next + 1] - starts[next] > 1)
                {
                    FindSpeeds(cellCount++, ref vx, ref vy, ref vz, starts[next], starts[next + 1], new StreamRandom(key, next));
                }
            }

            _left.AsSpan().Fill(duration);
            FindMeans(cellCount);
            int waitingCount = DrawCounts(cellCount);
            while (waitingCount > 0)
            {
                int acceptedCount = DrawCandidates(waitingCount, ref vx, ref vy, ref vz);
                DrawDirections(acceptedCount);
                Scatter(acceptedCount);
                Collide(acceptedCount, ref vx, ref vy, ref vz);
                attempts += waitingCount;
                collisions += acceptedCount;
                waitingCount = KeepWaiting(waitingCount);
            }
        }

        return (attempts, collisions, _raises);
    }

    private void FindSpeeds(int at, ref double vx, ref double vy, ref double vz, int first, int end, StreamRandom random)
    {
        ref Cell cell = ref _cells[at];
        (double x, double y, double z) = CellSpeeds.MeanOf(ref vx, ref vy, ref vz, first, end);
        _largest[at] = CellSpeeds.LargestSquare(ref vx, ref vy, ref vz, first, end, x, y, z);
        int count = end - first;
        _pairs[at] = count * (double)(count - 1);
        cell.Random = random;
        cell.X = x;
        cell.Y = y;
        cell.Z = z;
        cell.First = first;
        cell.Count = count;
    }

    // Bounds and mean numbers of candidates, for four cells at once; behind the last cell, of anything.
    private void FindMeans(int cellCount)
    {
        ref double pairs = ref MemoryMarshal.GetArrayDataReference(_pairs), left = ref MemoryMarshal.GetArrayDataReference(_left);
        ref double largest = ref MemoryMarshal.GetArrayDataReference(_largest);
        ref double maxima = ref MemoryMarshal.GetArrayDataReference(_maxima), means = ref MemoryMarshal.GetArrayDataReference(_means);
        for (nuint at = 0; at < (nuint)cellCount; at += 4)
        {
            (Vector256<double> maximum, Vector256<double> mean) = MeanOf(
                Vector256.LoadUnsafe(ref largest, at), Vector256.LoadUnsafe(ref pairs, at), Vector256.LoadUnsafe(ref left, at));
            maximum.StoreUnsafe(ref maxima, at);
            mean.StoreUnsafe(ref means, at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector256<double> Maximum, Vector256<double> Mean) MeanOf(
        Vector256<double> largest, Vector256<double> pairs, Vector256<double> left)
    {
        const double Rounding = 1 + 1e-9; // the bound is proved for real numbers
        Vector256<double> maximum = Vector256.Sqrt(largest) * 2 * Rounding;
        Vector256<double> mean = pairs * _rateFactor * maximum * left;
        Vector256<double> rounded = PoissonCount.RoundUp(mean);
        Vector256<double> isSome = Vector256.GreaterThan(mean, Vector256<double>.Zero);
        return (maximum * Vector256.ConditionalSelect(isSome, rounded / mean, Vector256<double>.One), rounded);
    }

    // Lists the cells that have candidates, and returns how many.
    private int DrawCounts(int cellCount)
    {
        ref Cell cells = ref MemoryMarshal.GetArrayDataReference(_cells);
        ref int waiting = ref MemoryMarshal.GetArrayDataReference(_waiting);
        ref double means = ref MemoryMarshal.GetArrayDataReference(_means);
        int waitingCount = 0;
        for (int at = 0; at < cellCount; at++)
        {
            ref Cell cell = ref Unsafe.Add(ref cells, at);
            DrawCount(ref cell, Unsafe.Add(ref means, at));
            Unsafe.Add(ref waiting, waitingCount) = at;
            waitingCount += cell.CandidateCount > 0 ? 1 : 0;
        }

        return waitingCount;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DrawCount(ref Cell cell, double mean)
    {
        StreamRandom random = cell.Random; // a copy that nothing points to stays in registers
        cell.DoneCount = 0;
        if (mean <= PoissonCount.MeanMax)
        {
            cell.CandidateCount = PoissonCount.Invert(random.NextUniform(), mean);
            cell.Random = random;
        }
        else
        {
            cell.CandidateCount = PoissonCount.Draw(ref cell.Random, mean);
        }
    }

    // The next candidate of every waiting cell; lists those that are accepted, and returns how many.
    private int DrawCandidates(int waitingCount, ref double vx, ref double vy, ref double vz)
    {
        ref Cell cells = ref MemoryMarshal.GetArrayDataReference(_cells);
        ref int waiting = ref MemoryMarshal.GetArrayDataReference(_waiting);
        ref double maxima = ref MemoryMarshal.GetArrayDataReference(_maxima);
        ref Pair accepted = ref MemoryMarshal.GetArrayDataReference(_accepted);
        ref double allX = ref MemoryMarshal.GetArrayDataReference(_gx), allY = ref MemoryMarshal.GetArrayDataReference(_gy);
        ref double allZ = ref MemoryMarshal.GetArrayDataReference(_gz), squares = ref MemoryMarshal.GetArrayDataReference(_squares);
        int acceptedCount = 0;
        for (int n = 0; n < waitingCount; n++)
        {
            int at = Unsafe.Add(ref waiting, n);
            ref Cell cell = ref Unsafe.Add(ref cells, at);
            StreamRandom random = cell.Random;
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
            double threshold = random.NextUniform() * Unsafe.Add(ref maxima, at);
            cell.Random = random;
            cell.DoneCount++;
            Unsafe.Add(ref accepted, acceptedCount) = new Pair(at, i, j);
            Unsafe.Add(ref allX, acceptedCount) = gx;
            Unsafe.Add(ref allY, acceptedCount) = gy;
            Unsafe.Add(ref allZ, acceptedCount) = gz;
            Unsafe.Add(ref squares, acceptedCount) = squared;
            acceptedCount += threshold * threshold >= squared ? 0 : 1;
        }

        return acceptedCount;
    }

    // A point of the unit disk for every accepted candidate; those whose point of the square lies outside draw again.
    private void DrawDirections(int acceptedCount)
    {
        ref Cell cells = ref MemoryMarshal.GetArrayDataReference(_cells);
        ref Pair accepted = ref MemoryMarshal.GetArrayDataReference(_accepted);
        ref int undirected = ref MemoryMarshal.GetArrayDataReference(_undirected);
        ref double allP = ref MemoryMarshal.GetArrayDataReference(_p), allQ = ref MemoryMarshal.GetArrayDataReference(_q);
        ref double radii = ref MemoryMarshal.GetArrayDataReference(_radii);
        int left = 0;
        for (int n = 0; n < acceptedCount; n++)
        {
            Unsafe.Add(ref undirected, left) = n;
            left += Draw(n, ref cells, ref accepted, ref allP, ref allQ, ref radii);
        }

        while (left > 0)
        {
            int again = 0;
            for (int m = 0; m < left; m++)
            {
                int n = Unsafe.Add(ref undirected, m);
                Unsafe.Add(ref undirected, again) = n;
                again += Draw(n, ref cells, ref accepted, ref allP, ref allQ, ref radii);
            }

            left = again;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static int Draw(int n, ref Cell cells, ref Pair accepted, ref double allP, ref double allQ, ref double radii)
        {
            ref Cell cell = ref Unsafe.Add(ref cells, Unsafe.Add(ref accepted, n).Cell);
            StreamRandom random = cell.Random;
            double p = 2 * random.NextUniform() - 1, q = 2 * random.NextUniform() - 1;
            cell.Random = random;
            double radius = p * p + q * q;
            Unsafe.Add(ref allP, n) = p;
            Unsafe.Add(ref allQ, n) = q;
            Unsafe.Add(ref radii, n) = radius;
            return radius >= 1 ? 1 : 0;
        }
    }

    // The changes of the velocities instead of the relative velocities, four at once: all directions alike, by Marsaglia (1972).
    private void Scatter(int acceptedCount)
    {
        ref double gx = ref MemoryMarshal.GetArrayDataReference(_gx), gy = ref MemoryMarshal.GetArrayDataReference(_gy);
        ref double gz = ref MemoryMarshal.GetArrayDataReference(_gz), squares = ref MemoryMarshal.GetArrayDataReference(_squares);
        ref double p = ref MemoryMarshal.GetArrayDataReference(_p), q = ref MemoryMarshal.GetArrayDataReference(_q);
        ref double radii = ref MemoryMarshal.GetArrayDataReference(_radii);
        for (nuint n = 0; n < (nuint)acceptedCount; n += 4)
        {
            Vector256<double> speed = Vector256.Sqrt(Vector256.LoadUnsafe(ref squares, n));
            Vector256<double> radius = Vector256.LoadUnsafe(ref radii, n);
            Vector256<double> scale = speed * 2 * Vector256.Sqrt(Vector256<double>.One - radius);
            ((scale * Vector256.LoadUnsafe(ref p, n) - Vector256.LoadUnsafe(ref gx, n)) * 0.5).StoreUnsafe(ref gx, n);
            ((scale * Vector256.LoadUnsafe(ref q, n) - Vector256.LoadUnsafe(ref gy, n)) * 0.5).StoreUnsafe(ref gy, n);
            ((speed * (Vector256<double>.One - radius * 2) - Vector256.LoadUnsafe(ref gz, n)) * 0.5).StoreUnsafe(ref gz, n);
        }
    }

    private void Collide(int acceptedCount, ref double vx, ref double vy, ref double vz)
    {
        ref Cell cells = ref MemoryMarshal.GetArrayDataReference(_cells);
        ref Pair accepted = ref MemoryMarshal.GetArrayDataReference(_accepted);
        ref double largest = ref MemoryMarshal.GetArrayDataReference(_largest);
        ref double allX = ref MemoryMarshal.GetArrayDataReference(_gx), allY = ref MemoryMarshal.GetArrayDataReference(_gy);
        ref double allZ = ref MemoryMarshal.GetArrayDataReference(_gz);
        for (int n = 0; n < acceptedCount; n++)
        {
            (int at, int i, int j) = Unsafe.Add(ref accepted, n);
            double dx = Unsafe.Add(ref allX, n), dy = Unsafe.Add(ref allY, n), dz = Unsafe.Add(ref allZ, n);
            ref double xi = ref Unsafe.Add(ref vx, i), yi = ref Unsafe.Add(ref vy, i), zi = ref Unsafe.Add(ref vz, i);
            ref double xj = ref Unsafe.Add(ref vx, j), yj = ref Unsafe.Add(ref vy, j), zj = ref Unsafe.Add(ref vz, j);
            double ax = xi + dx, ay = yi + dy, az = zi + dz, bx = xj - dx, by = yj - dy, bz = zj - dz;
            xi = ax;
            yi = ay;
            zi = az;
            xj = bx;
            yj = by;
            zj = bz;
            ref Cell cell = ref Unsafe.Add(ref cells, at);
            double cx = ax - cell.X, cy = ay - cell.Y, cz = az - cell.Z, ex = bx - cell.X, ey = by - cell.Y, ez = bz - cell.Z;
            double mine = cx * cx + cy * cy + cz * cz, theirs = ex * ex + ey * ey + ez * ez;
            double larger = mine > theirs ? mine : theirs;
            if (larger > Unsafe.Add(ref largest, at))
            {
                Unsafe.Add(ref largest, at) = larger;
                Raise(at);
            }
        }
    }

    // A speed is above the bound: the moment of the collision is drawn, and the rest of the step anew.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Raise(int at)
    {
        _raises++;
        ref Cell cell = ref _cells[at];
        _left[at] *= 1 - cell.Random.NextOrderStatistic(cell.DoneCount, cell.CandidateCount);
        (Vector256<double> maximum, Vector256<double> mean) =
            MeanOf(Vector256.Create(_largest[at]), Vector256.Create(_pairs[at]), Vector256.Create(_left[at]));
        _maxima[at] = maximum.ToScalar();
        DrawCount(ref cell, mean.ToScalar());
    }

    private int KeepWaiting(int waitingCount)
    {
        ref Cell cells = ref MemoryMarshal.GetArrayDataReference(_cells);
        ref int waiting = ref MemoryMarshal.GetArrayDataReference(_waiting);
        int kept = 0;
        for (int n = 0; n < waitingCount; n++)
        {
            int at = Unsafe.Add(ref waiting, n);
            ref Cell cell = ref Unsafe.Add(ref cells, at);
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

    // An accepted candidate: its cell in the batch, its particles.
    private readonly record struct Pair(int Cell, int First, int Second);

    private struct Cell
    {
        public StreamRandom Random;

        // The mean velocity.
        public double X, Y, Z;

        // Candidates until the end of the step, and how many of them were looked at.
        public long CandidateCount, DoneCount;

        // The first particle, and how many there are.
        public int First, Count;
    }
}
