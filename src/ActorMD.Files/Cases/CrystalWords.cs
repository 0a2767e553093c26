using ActorMD.Kinetic.Initial;

namespace ActorMD.Files.Cases;

/// <summary>The words of <c>initial.positions.lattice</c>.</summary>
internal static class CrystalWords
{
    private static readonly Dictionary<string, CrystalKind> Words =
        Enum.GetValues<CrystalKind>().ToDictionary(kind => kind.ToString().ToLowerInvariant());

    /// <summary>The crystal; null where none is asked for, or after a fault.</summary>
    public static CrystalKind? Read(ValueReader values, MapReader positions, PositionMethod? method)
    {
        if (positions.Optional("lattice") is not { } node)
        {
            return null;
        }

        if (method is not (null or PositionMethod.Lattice))
        {
            values.Fault(
                positions.PathOf("lattice"), node.Location, "'lattice' has a meaning for the method lattice only",
                "remove it, or give method: lattice");
        }

        return values.Word(node, positions.PathOf("lattice"), Words);
    }
}
