using ActorMD.Physics;

namespace ActorMD.Observables.Structure;

/// <summary>Finds all pairs of particles in a periodic box that are closer than a distance: a cell list.</summary>
/// <param name="box">Periodic on all axes.</param>
/// <param name="range">At most half of the shortest side.</param>
internal sealed class PairSearch(Box box, double range)
{
    private readonly int[] _cells = [CellCount(box, 0, range), CellCount(box, 1, range), box.Dimension == 3 ? CellCount(box, 2, range) : 1];
    private double[] _positions = []; // x, y, z in the order of cells
    private int[] _species = [];
    private int[] _starts = [];

    /// <summary>Is given the square of a distance and the species of both particles.</summary>
    public delegate void Visitor(double squared, int a, int b);

    /// <summary>Calls the visitor for every pair, once.</summary>
    public void Visit(SystemState state, Visitor visit)
    {
        Sort(state);
        double squaredMax = range * range;
        int nx = _cells[0], ny = _cells[1], nz = _cells[2];
        for (int cx = 0; cx < nx; cx++)
        {
            for (int cy = 0; cy < ny; cy++)
            {
                for (int cz = 0; cz < nz; cz++)
                {
                    int cell = (cx * ny + cy) * nz + cz;
                    for (int dx = -1; dx <= 1; dx++)
                    {
                        for (int dy = -1; dy <= 1; dy++)
                        {
                            for (int dz = -1; dz <= 1; dz++)
                            {
                                if (TryNeighbor(cx, dx, nx, out int ox) && TryNeighbor(cy, dy, ny, out int oy)
                                    && TryNeighbor(cz, dz, nz, out int oz))
                                {
                                    VisitCells(cell, (ox * ny + oy) * nz + oz, squaredMax, visit);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    // With fewer than three cells along an axis the same neighbour would be met from both sides.
    private static bool TryNeighbor(int cell, int step, int count, out int neighbor)
    {
        neighbor = cell + step;
        if (count < 3)
        {
            return step >= 0 && neighbor < count || step < 0 && count == 2 && neighbor >= 0;
        }

        neighbor = neighbor < 0 ? count - 1 : neighbor == count ? 0 : neighbor;
        return true;
    }

    private static int CellCount(Box box, int axis, double range) => Math.Clamp((int)(box.Lengths[axis] / range), 1, 256);

    private void VisitCells(int cell, int other, double squaredMax, Visitor visit)
    {
        if (other < cell)
        {
            return;
        }

        Vec3 lengths = box.Lengths;
        double hx = 0.5 * lengths.X, hy = 0.5 * lengths.Y, hz = 0.5 * lengths.Z;
        for (int i = _starts[cell]; i < _starts[cell + 1]; i++)
        {
            double x = _positions[3 * i], y = _positions[3 * i + 1], z = _positions[3 * i + 2];
            for (int j = other == cell ? i + 1 : _starts[other]; j < _starts[other + 1]; j++)
            {
                double rx = Math.Abs(_positions[3 * j] - x), ry = Math.Abs(_positions[3 * j + 1] - y),
                    rz = Math.Abs(_positions[3 * j + 2] - z);
                rx = rx > hx ? lengths.X - rx : rx;
                ry = ry > hy ? lengths.Y - ry : ry;
                rz = rz > hz ? lengths.Z - rz : rz;
                double squared = rx * rx + ry * ry + rz * rz;
                if (squared < squaredMax)
                {
                    visit(squared, _species[i], _species[j]);
                }
            }
        }
    }

    private void Sort(SystemState state)
    {
        ReadOnlySpan<ParticleState> particles = state.Particles;
        if (_species.Length != particles.Length)
        {
            (_positions, _species) = (new double[3 * particles.Length], new int[particles.Length]);
        }

        int[] cellOf = new int[particles.Length];
        _starts = new int[_cells[0] * _cells[1] * _cells[2] + 1];
        for (int id = 0; id < particles.Length; id++)
        {
            Vec3 p = PeriodicPosition.At(box, particles[id], state.Time);
            cellOf[id] = (CellOf(p.X, 0) * _cells[1] + CellOf(p.Y, 1)) * _cells[2] + (box.Dimension == 3 ? CellOf(p.Z, 2) : 0);
            _starts[cellOf[id] + 1]++;
        }

        for (int cell = 1; cell < _starts.Length; cell++)
        {
            _starts[cell] += _starts[cell - 1];
        }

        int[] next = _starts.AsSpan(0, _starts.Length - 1).ToArray();
        for (int id = 0; id < particles.Length; id++)
        {
            Vec3 p = PeriodicPosition.At(box, particles[id], state.Time);
            int at = next[cellOf[id]]++;
            (_positions[3 * at], _positions[3 * at + 1], _positions[3 * at + 2], _species[at]) = (p.X, p.Y, p.Z, particles[id].Species);
        }
    }

    private int CellOf(double x, int axis) => Math.Min(_cells[axis] - 1, (int)(x / box.Lengths[axis] * _cells[axis]));
}
