using System.Runtime.InteropServices;

namespace ActorMD.Engine.Slices;

/// <summary>A particle during one time slice, in single precision and in units of the cell width and half the slice.</summary>
/// <remarks>
/// The free flight x(tau) = X + tau U, tau in [-1, 1], X on the present trajectory at the middle of the slice; the sphere of
/// radius R around X holds the whole flight and half a diameter more. Two particles can meet within the slice only if their
/// spheres overlap. All errors of single precision are inside R.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct SweptSphere
{
    public float X, Y, Z;

    public float R;

    public float U, V, W;

    /// <summary>The cell of the centre.</summary>
    public int Cell;

    /// <summary>
    /// One of several equal parts of the flight: centre X + tau U with the middle tau of the part.
    /// A flight is split when its sphere is wider than a cell.
    /// </summary>
    public readonly SweptSphere Part(int number, int count, float radius)
    {
        float tau = (2 * number + 1 - count) / (float)count;
        SweptSphere part = this;
        part.X += tau * U;
        part.Y += tau * V;
        part.Z += tau * W;
        part.R = radius + (R - radius) / count;
        return part;
    }
}
