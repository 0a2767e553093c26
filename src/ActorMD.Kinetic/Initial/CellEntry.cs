using System.Runtime.InteropServices;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>A particle in a list by cells: three numbers and two halves of one.</summary>
/// <param name="Position">Inside the box.</param>
/// <param name="Code">Its id; the complement of it where the position is a trial.</param>
/// <param name="Kind">Index into <see cref="Gas.Kinds"/>.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CellEntry(Vec3 Position, int Code, int Kind)
{
    /// <summary>Whether the position is one that the particle may move to.</summary>
    public bool IsTrial => Code < 0;

    /// <summary>The particle's id.</summary>
    public int Id => Code ^ (Code >> 31);
}
