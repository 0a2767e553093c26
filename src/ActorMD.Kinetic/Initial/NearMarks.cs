using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Where particles have come to since the beginning of a batch of steps, roughly.</summary>
internal sealed class NearMarks
{
    private const int MarksPerStep = 64;

    private readonly CellAxis _x;
    private readonly CellAxis _y;
    private readonly CellAxis _z;
    private readonly double _reach;
    private readonly ulong[] _bits;

    /// <param name="box">The box.</param>
    /// <param name="reach">Up to which distance two particles may see each other.</param>
    /// <param name="stepCount">Steps of a batch, at most.</param>
    public NearMarks(Box box, double reach, int stepCount)
    {
        _reach = reach * (1 + 1e-9); // what is seen with a little margin
        double width = Math.Max(reach, PortableMath.Pow(box.Volume / (MarksPerStep * (double)stepCount), 1.0 / box.Dimension));
        _x = CellAxis.Of(box, 0, width);
        _y = CellAxis.Of(box, 1, width);
        _z = CellAxis.Of(box, 2, width);
        while ((long)_x.Count * _y.Count * _z.Count > 2L * MarksPerStep * stepCount)
        {
            (_x, _y, _z) = (_x.Coarser(), _y.Coarser(), _z.Coarser());
        }

        _bits = new ulong[_x.Count * _y.Count * _z.Count / 64 + 1];
    }

    public void Clear() => Array.Clear(_bits);

    public void Add(Vec3 position)
    {
        int mark = (_z.IndexOf(position.Z) * _y.Count + _y.IndexOf(position.Y)) * _x.Count + _x.IndexOf(position.X);
        _bits[mark >> 6] |= 1UL << mark;
    }

    /// <summary>Whether a particle may have come within the reach of a position; never false where one has.</summary>
    public bool HasNear(Vec3 position)
    {
        (int x0, int nx) = _x.Range(position.X, _reach);
        (int y0, int ny) = _y.Range(position.Y, _reach);
        (int z0, int nz) = _z.Range(position.Z, _reach);
        for (int k = 0; k < nz; k++)
        {
            int z = _z.Wrapped(z0 + k);
            for (int j = 0; j < ny; j++)
            {
                int row = (z * _y.Count + _y.Wrapped(y0 + j)) * _x.Count;
                for (int i = 0; i < nx; i++)
                {
                    int mark = row + _x.Wrapped(x0 + i);
                    if ((_bits[mark >> 6] >> mark & 1) != 0)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }
}
