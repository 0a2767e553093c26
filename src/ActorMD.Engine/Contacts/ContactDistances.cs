using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Contacts;

/// <summary>eps_ab^2 of two particles. A struct type argument: a gas of equal spheres pays for no table.</summary>
internal unsafe interface IContactDistances<TSelf>
    where TSelf : struct, IContactDistances<TSelf>
{
    /// <summary>Whether some species are large (<see cref="SizeSplit"/>): others pay nothing for the question.</summary>
    static abstract bool HasLarge { get; }

    static abstract TSelf Create(double* squaredTable, int speciesCount);

    /// <summary>Of two species.</summary>
    double Squared(int a, int b);

    /// <summary>Of one particle's species against the four species in the upper halves of the last words of four records.</summary>
    Vector256<double> Squared(int species, Vector256<double> lastWords);

    /// <summary>Of four pairs, from the same words of both.</summary>
    Vector256<double> Squared(Vector256<double> lastWordsA, Vector256<double> lastWordsB);
}

/// <summary>All contact distances are equal.</summary>
internal readonly unsafe struct EqualSpheres : IContactDistances<EqualSpheres>
{
    private readonly double _squared;

    private EqualSpheres(double squared) => _squared = squared;

    public static bool HasLarge => false;

    public static EqualSpheres Create(double* squaredTable, int speciesCount) => new(squaredTable[0]);

    public double Squared(int a, int b) => _squared;

    public Vector256<double> Squared(int species, Vector256<double> lastWords) => Vector256.Create(_squared);

    public Vector256<double> Squared(Vector256<double> lastWordsA, Vector256<double> lastWordsB) => Vector256.Create(_squared);
}

/// <summary>Contact distances by pair of species.</summary>
internal readonly unsafe struct SpeciesTable : IContactDistances<SpeciesTable>
{
    private readonly double* _table;
    private readonly int _speciesCount;

    private SpeciesTable(double* table, int speciesCount)
    {
        _table = table;
        _speciesCount = speciesCount;
    }

    public static bool HasLarge => false;

    public static SpeciesTable Create(double* squaredTable, int speciesCount) => new(squaredTable, speciesCount);

    public double Squared(int a, int b) => _table[a * _speciesCount + b];

    public Vector256<double> Squared(int species, Vector256<double> lastWords) =>
        Avx2.GatherVector256(_table + species * _speciesCount, Vector256.ShiftRightLogical(lastWords.AsInt64(), 32), 8);

    public Vector256<double> Squared(Vector256<double> lastWordsA, Vector256<double> lastWordsB) =>
        Vector256.Create(
            Squared(SpeciesOf(lastWordsA, 0), SpeciesOf(lastWordsB, 0)),
            Squared(SpeciesOf(lastWordsA, 1), SpeciesOf(lastWordsB, 1)),
            Squared(SpeciesOf(lastWordsA, 2), SpeciesOf(lastWordsB, 2)),
            Squared(SpeciesOf(lastWordsA, 3), SpeciesOf(lastWordsB, 3)));

    private static int SpeciesOf(Vector256<double> lastWords, int particle) => (int)(lastWords.AsInt64()[particle] >> 32);
}

/// <summary>Contact distances by pair of species, of which some are large.</summary>
internal readonly unsafe struct SplitSpecies : IContactDistances<SplitSpecies>
{
    private readonly SpeciesTable _table;

    private SplitSpecies(SpeciesTable table) => _table = table;

    public static bool HasLarge => true;

    public static SplitSpecies Create(double* squaredTable, int speciesCount) => new(SpeciesTable.Create(squaredTable, speciesCount));

    public double Squared(int a, int b) => _table.Squared(a, b);

    public Vector256<double> Squared(int species, Vector256<double> lastWords) => _table.Squared(species, lastWords);

    public Vector256<double> Squared(Vector256<double> lastWordsA, Vector256<double> lastWordsB) => _table.Squared(lastWordsA, lastWordsB);
}

/// <summary>The table of eps_ab^2 of a gas in native memory.</summary>
internal static class ContactTable
{
    public static unsafe NativeArray<double> Create(Gas gas)
    {
        int count = gas.Species.Length;
        NativeArray<double> table = new(count * count);
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
            {
                double distance = gas.ContactDistance(a, b);
                table.Pointer[a * count + b] = distance * distance;
            }
        }

        return table;
    }

    /// <summary>Whether one contact distance serves all pairs.</summary>
    public static bool IsUniform(Gas gas) => gas.Species.All(s => s.Diameter == gas.Species[0].Diameter);
}
