using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;

namespace ActorMD.Kinetic.Initial;

/// <summary>A crystal from which a run can start. The word in a case file is the member's name in lower case.</summary>
public enum CrystalKind
{
    /// <summary>Simple cubic: one particle in a cell.</summary>
    Sc,

    /// <summary>Body-centred cubic: two.</summary>
    Bcc,

    /// <summary>Face-centred cubic: four.</summary>
    Fcc,

    /// <summary>Hexagonal close packed: four in an orthorhombic cell.</summary>
    Hcp,

    /// <summary>Caesium chloride: one of each of two species.</summary>
    CsCl,

    /// <summary>Sodium chloride: four of each of two species.</summary>
    NaCl,

    /// <summary>AB2 as in aluminium diboride: layers of A, honeycombs of B between them; two A and four B in an orthorhombic cell.</summary>
    Ab2,
}

/// <summary>Puts particles on the sites of a crystal that is stretched to fill the box.</summary>
internal static class Crystal
{
    private static readonly double Root3 = Math.Sqrt(3);

    /// <summary>The positions of a start.</summary>
    /// <exception cref="InitialStateException">The counts fill no such crystal, or neighbours overlap in it.</exception>
    public static (Vec3[] Positions, InitialReport Report) Start(
        Gas gas, ImmutableArray<int> counts, ReadOnlySpan<int> kinds, CrystalKind kind, CancellationToken cancellation)
    {
        Vec3[] positions = Draw(gas, counts, kind);
        return OverlapCheck.Find(gas, positions, kinds, cancellation).Worst is { } overlap
            ? throw InitialStateException.LatticeOverlap(overlap)
            : (positions, new InitialReport(PositionMethod.Lattice, 0, 1, 0));
    }

    /// <summary>All positions, in the order of ids; species follow each other.</summary>
    /// <exception cref="InitialStateException">The counts fill no such crystal, or neighbours overlap in it.</exception>
    public static Vec3[] Draw(Gas gas, ImmutableArray<int> counts, CrystalKind kind)
    {
        (Vec3 cell, (Vec3 Site, int Species)[] basis) = CellOf(kind);
        int[] inCell = new int[counts.Length];
        int sublattices = basis.Max(site => site.Species) + 1;
        if (gas.Dimension != 3 || sublattices != counts.Length || gas.Box.Has(Boundary.Reflecting) || gas.Box.Has(Boundary.Open))
        {
            throw InitialStateException.CrystalOfOtherGas(kind, sublattices);
        }

        foreach ((_, int species) in basis)
        {
            inCell[species]++;
        }

        int cells = counts[0] / inCell[0];
        for (int a = 0; a < counts.Length; a++)
        {
            if (counts[a] != cells * inCell[a] || cells == 0)
            {
                throw InitialStateException.CrystalOfOtherCounts(kind, inCell, counts);
            }
        }

        (int x, int y, int z) = Divide(cells, gas.Box.Lengths, cell);
        Vec3[][] bySpecies = [.. counts.Select(n => new Vec3[n])];
        int[] used = new int[counts.Length];
        Vec3 step = new(gas.Box.Lengths.X / x, gas.Box.Lengths.Y / y, gas.Box.Lengths.Z / z);
        for (int i = 0; i < x; i++)
        {
            for (int j = 0; j < y; j++)
            {
                for (int k = 0; k < z; k++)
                {
                    foreach ((Vec3 site, int species) in basis)
                    {
                        bySpecies[species][used[species]++] =
                            new Vec3((i + site.X) * step.X, (j + site.Y) * step.Y, (k + site.Z) * step.Z);
                    }
                }
            }
        }

        return [.. bySpecies.SelectMany(positions => positions)];
    }

    // Numbers of cells along the axes whose product is given, for which the cells are stretched least.
    private static (int X, int Y, int Z) Divide(int cells, Vec3 lengths, Vec3 cell)
    {
        (int, int, int) best = (cells, 1, 1);
        double least = double.PositiveInfinity;
        for (int x = 1; x <= cells; x++)
        {
            if (cells % x != 0)
            {
                continue;
            }

            int rest = cells / x;
            for (int y = 1; y <= rest; y++)
            {
                if (rest % y != 0)
                {
                    continue;
                }

                double a = lengths.X / (x * cell.X), b = lengths.Y / (y * cell.Y), c = lengths.Z / (rest / y * cell.Z);
                double stretch = Math.Max(a, Math.Max(b, c)) / Math.Min(a, Math.Min(b, c));
                if (stretch < least)
                {
                    (least, best) = (stretch, (x, y, rest / y));
                }
            }
        }

        return best;
    }

    // Sides of a cell that is not stretched, and the sites in units of them; a quarter keeps them off the faces.
    private static (Vec3 Cell, (Vec3 Site, int Species)[] Basis) CellOf(CrystalKind kind)
    {
        (Vec3 cell, (double X, double Y, double Z, int Species)[] sites) = kind switch
        {
            CrystalKind.Sc => (new Vec3(1, 1, 1), ((double, double, double, int)[])[(0, 0, 0, 0)]),
            CrystalKind.Bcc => (new Vec3(1, 1, 1), [(0, 0, 0, 0), (0.5, 0.5, 0.5, 0)]),
            CrystalKind.Fcc => (new Vec3(1, 1, 1), [(0, 0, 0, 0), (0.5, 0.5, 0, 0), (0.5, 0, 0.5, 0), (0, 0.5, 0.5, 0)]),
            CrystalKind.Hcp => (
                new Vec3(1, Root3, 2 * Math.Sqrt(2) / Root3),
                [(0, 0, 0, 0), (0.5, 0.5, 0, 0), (0.5, 1.0 / 6, 0.5, 0), (0, 2.0 / 3, 0.5, 0)]),
            CrystalKind.CsCl => (new Vec3(1, 1, 1), [(0, 0, 0, 0), (0.5, 0.5, 0.5, 1)]),
            CrystalKind.NaCl => (
                new Vec3(1, 1, 1),
                [
                    (0, 0, 0, 0), (0.5, 0.5, 0, 0), (0.5, 0, 0.5, 0), (0, 0.5, 0.5, 0),
                    (0.5, 0.5, 0.5, 1), (0, 0, 0.5, 1), (0, 0.5, 0, 1), (0.5, 0, 0, 1),
                ]),
            _ => (
                new Vec3(1, Root3, 1),
                [
                    (0, 0, 0, 0), (0.5, 0.5, 0, 0),
                    (0, 1.0 / 3, 0.5, 1), (0, 2.0 / 3, 0.5, 1), (0.5, 1.0 / 6, 0.5, 1), (0.5, 5.0 / 6, 0.5, 1),
                ]),
        };
        return (cell, [.. sites.Select(s => (new Vec3(s.X + 0.125, s.Y + 0.125, s.Z + 0.125), s.Species))]);
    }
}
