namespace ActorMD.Kinetic.Dsmc;

/// <summary>
/// The simulated particles as separate arrays of coordinates, sorted by cell, and by species within a cell: flight runs
/// through one axis at a time, and the particles of a cell lie side by side for its collisions.
/// </summary>
internal sealed class DsmcParticles
{
    /// <summary>Entries behind the last particle, so that four velocities can be loaded from any position.</summary>
    private const int Padding = 4;

    /// <param name="count">Number of particles.</param>
    /// <param name="grid">Tells which axes have positions.</param>
    /// <param name="speciesCount">With a single species nothing is stored about it.</param>
    public DsmcParticles(int count, DsmcGrid grid, int speciesCount)
    {
        Count = count;
        for (int axis = 0; axis < 3; axis++)
        {
            Positions[axis] = grid.IsResolved(axis) ? new double[count] : [];
            Velocities[axis] = new double[count + Padding];
        }

        Species = speciesCount > 1 ? new int[count] : [];
    }

    public int Count { get; }

    /// <summary>By axis; empty where the axis is not resolved.</summary>
    public double[][] Positions { get; } = new double[3][];

    /// <summary>By axis, with a little room behind the last; zeros along z in two dimensions.</summary>
    public double[][] Velocities { get; } = new double[3][];

    /// <summary>Empty with a single species.</summary>
    public int[] Species { get; }
}
