using System.Collections.Immutable;

namespace ActorMD.Files.States;

/// <summary>The columns of a particle file, as a whole.</summary>
internal static class FrameColumns
{
    /// <summary>Whether the columns make a particle; reports what is missing or doubled.</summary>
    public static bool Check(FrameReading reading, ImmutableArray<FrameColumn> columns)
    {
        foreach ((FrameColumn column, string name) in new[] { (FrameColumn.X, "x"), (FrameColumn.Y, "y") })
        {
            if (!columns.Contains(column))
            {
                reading.Fault(name, $"there is no column for the position's {name}", "name the columns of the centres x, y and z");
                return false;
            }
        }

        int dimension = columns.Contains(FrameColumn.Z) ? 3 : 2;
        if (!AreWhole(columns, FrameColumn.VelocityX, dimension) || !AreWhole(columns, FrameColumn.MomentumX, dimension))
        {
            reading.Fault(
                "velocity", "some components of the velocity have no column", "give as many components as of the position, or none");
            return false;
        }

        if (columns.Contains(FrameColumn.MomentumX) && !columns.Contains(FrameColumn.Mass) && !columns.Contains(FrameColumn.VelocityX))
        {
            reading.Fault("momenta", "there are momenta, but no masses", "write the masses too (ASE: atoms.set_masses), or velocities");
            return false;
        }

        foreach (FrameColumn column in columns)
        {
            if (column != FrameColumn.Ignored && columns.Count(c => c == column) > 1)
            {
                reading.Fault(null, $"two columns give the same quantity ({column})", "keep one of them");
                return false;
            }
        }

        if (columns.Contains(FrameColumn.Radius) && columns.Contains(FrameColumn.Diameter))
        {
            reading.Fault(null, "there are columns for the radius and for the diameter", "keep one of them");
            return false;
        }

        return true;
    }

    private static bool AreWhole(ImmutableArray<FrameColumn> columns, FrameColumn first, int dimension)
    {
        int found = Enumerable.Range(0, 3).Count(axis => columns.Contains(first + axis));
        return found == 0 || Enumerable.Range(0, dimension).All(axis => columns.Contains(first + axis));
    }
}
