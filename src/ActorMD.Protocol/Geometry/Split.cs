using System.Globalization;

namespace ActorMD.Protocol.Geometry;

/// <summary>A number of blocks along each axis: of counted work; of domains only the product counts.</summary>
public readonly record struct Split(int X, int Y, int Z)
{
    public static readonly Split One = new(1, 1, 1);

    public int Count => X * Y * Z;

    public int this[int axis] => axis switch { 0 => X, 1 => Y, _ => Z };

    /// <summary>Reads <c>PxQ</c> or <c>PxQxR</c>, each at least 1.</summary>
    public static bool TryParse(string text, out Split split)
    {
        int[] counts = [1, 1, 1];
        string[] parts = text.Split('x');
        split = One;
        if (parts.Length is < 2 or > 3)
        {
            return false;
        }

        for (int axis = 0; axis < parts.Length; axis++)
        {
            if (!int.TryParse(parts[axis], NumberStyles.None, CultureInfo.InvariantCulture, out counts[axis]) || counts[axis] < 1)
            {
                return false;
            }
        }

        split = new Split(counts[0], counts[1], counts[2]);
        return (long)split.X * split.Y * split.Z <= int.MaxValue;
    }

    /// <summary>As on the command line: two numbers in two dimensions.</summary>
    public string ToText(int dimension) => dimension == 2
        ? string.Create(CultureInfo.InvariantCulture, $"{X}x{Y}")
        : string.Create(CultureInfo.InvariantCulture, $"{X}x{Y}x{Z}");
}
