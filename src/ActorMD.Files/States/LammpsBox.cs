using ActorMD.Files.Inputs;
using ActorMD.Physics;

namespace ActorMD.Files.States;

/// <summary>The box of a LAMMPS file: bounds, and what two dimensions look like.</summary>
/// <param name="Box">In three dimensions.</param>
/// <param name="Origin">Its lower corner.</param>
internal sealed record LammpsBox(Box Box, Vec3 Origin)
{
    /// <summary>Bounds of z where there are two dimensions.</summary>
    public const double FlatBound = 0.5;

    /// <summary>LAMMPS's convention for two dimensions; a cube with these bounds is a cube.</summary>
    public bool MayBePlane => Box.IsPeriodic(2) && IsFlat(2) && !(IsFlat(0) && IsFlat(1));

    public static LammpsBox Of(ReadOnlySpan<double> low, ReadOnlySpan<double> high, Boundary x, Boundary y, Boundary z) =>
        new(new Box(3, new Vec3(high[0] - low[0], high[1] - low[1], high[2] - low[2]), x, y, z), new Vec3(low[0], low[1], low[2]));

    /// <summary>Whether these are the two bounds of an axis.</summary>
    public static bool TryParse(string first, string second, out double low, out double high)
    {
        high = 0;
        return FileNumber.TryParse(first, out low, out _) && FileNumber.TryParse(second, out high, out _)
            && high - low >= FileNumber.PositiveMin;
    }

    private bool IsFlat(int axis) => Origin[axis] == -FlatBound && Box.Lengths[axis] == 2 * FlatBound;
}
