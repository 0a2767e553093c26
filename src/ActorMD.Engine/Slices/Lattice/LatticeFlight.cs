using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>
/// A particle's free flight during one time slice, on a lattice of <see cref="CellSteps"/> steps per cell along each axis: where it is
/// in the middle of the slice, and how far it flies in half the slice.
/// </summary>
/// <remarks>
/// Coordinates are kept modulo 2^16, which is eight cells: differences between neighbours come out right by themselves. The
/// flight stays in the box X - |U| .. X + |U|, Y - |V| .. and so on, up to one step.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct LatticeFlight
{
    public const int CellSteps = GridAxis.CellSteps;

    /// <summary><see cref="Cell"/> of a flight that was split: it has several records.</summary>
    public const int Split = -1;

    public short X, Y, Z;
    private short _cellLow;
    public short U, V, W;
    private short _cellHigh;

    /// <summary>The cell that holds its record, or <see cref="Split"/>.</summary>
    public int Cell
    {
        readonly get => (ushort)_cellLow | (_cellHigh << 16);
        set => (_cellLow, _cellHigh) = ((short)value, (short)(value >> 16));
    }

    public static Vector128<short> Of(Vector128<int> position, Vector128<int> flight, int cell) =>
        Vector128.Narrow(position.WithElement(3, cell), flight.WithElement(3, cell >> 16));
}
