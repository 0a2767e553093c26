using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.LargeSpecies;

/// <summary>Finds the small particles that a large one may meet in a slice, in the grid that is made for the small ones.</summary>
internal abstract unsafe class SmallSearch : IDisposable
{
    private readonly NativeArray<int> _slots = new(256);

    /// <summary>Slots of the particles that were found; one may come more than once.</summary>
    public ReadOnlySpan<int> Found => new(_slots.Pointer, Count);

    public long ByteCount => _slots.ByteCount;

    protected int Count { get; set; }

    /// <summary>Finds all whose records in the grid say that they may come close to a large particle.</summary>
    /// <param name="ball">Cells around it.</param>
    /// <param name="large">It and its flight.</param>
    public abstract void Find(CellBall ball, in LargeFlight large);

    public void Dispose() => _slots.Dispose();

    protected int* Reserve(int more)
    {
        _slots.Grow(Count + more > _slots.Length ? 2L * (Count + more) : 0);
        return _slots.Pointer;
    }
}

/// <summary>
/// A large particle's flight during a slice, along the axes of the grid and in its units, in the middle of the slice and in half of it.
/// </summary>
internal struct LargeFlight
{
    public float X, Y, Z, U, V, W;

    /// <summary>From this moment on, tau in [-1, 1].</summary>
    public float From;

    /// <summary>Contact distance to the largest of the small ones, and what a coordinate may be off by.</summary>
    public float Contact, Error;

    /// <summary>Centre of what is left of the flight.</summary>
    public float RestX, RestY, RestZ;

    /// <summary>Contact distance to the largest of the small ones, and the whole half flight; all errors are inside.</summary>
    public float Reach;

    /// <summary>The particle's own radius, and what is left of the flight to either side of its centre; all errors are inside.</summary>
    public float RestReach;
}
