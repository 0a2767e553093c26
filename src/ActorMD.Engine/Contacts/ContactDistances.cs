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

    /// <param name="table">Of a <see cref="ContactTable"/>.</param>
    /// <param name="kindCount">Number of kinds of particles.</param>
    static abstract TSelf Create(double* table, int kindCount);

    /// <summary>Of two kinds of particles.</summary>
    double Squared(int a, int b);

    /// <summary>Of one particle's kind against the four kinds in the upper halves of the last words of four records.</summary>
    Vector256<double> Squared(int kind, Vector256<double> lastWords);

    /// <summary>Of four pairs, from the same words of both.</summary>
    Vector256<double> Squared(Vector256<double> lastWordsA, Vector256<double> lastWordsB);
}

/// <summary>All contact distances are equal.</summary>
internal readonly unsafe struct EqualSpheres : IContactDistances<EqualSpheres>
{
    private readonly double _squared;

    private EqualSpheres(double squared) => _squared = squared;

    public static bool HasLarge => false;

    public static EqualSpheres Create(double* table, int kindCount) => new(table[0]);

    public double Squared(int a, int b) => _squared;

    public Vector256<double> Squared(int kind, Vector256<double> lastWords) => Vector256.Create(_squared);

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

    public static SpeciesTable Create(double* table, int kindCount) => new(table, kindCount);

    public double Squared(int a, int b) => _table[a * _speciesCount + b];

    public Vector256<double> Squared(int kind, Vector256<double> lastWords) =>
        Avx2.GatherVector256(_table + kind * _speciesCount, Vector256.ShiftRightLogical(lastWords.AsInt64(), 32), 8);

    public Vector256<double> Squared(Vector256<double> lastWordsA, Vector256<double> lastWordsB) =>
        Vector256.Create(
            Squared(SpeciesOf(lastWordsA, 0), SpeciesOf(lastWordsB, 0)),
            Squared(SpeciesOf(lastWordsA, 1), SpeciesOf(lastWordsB, 1)),
            Squared(SpeciesOf(lastWordsA, 2), SpeciesOf(lastWordsB, 2)),
            Squared(SpeciesOf(lastWordsA, 3), SpeciesOf(lastWordsB, 3)));

    private static int SpeciesOf(Vector256<double> lastWords, int particle) => (int)(lastWords.AsInt64()[particle] >> 32);
}

/// <summary>Every particle has its own radius: a contact distance is the sum of two.</summary>
/// <remarks>A table of pairs would have as many entries as there are pairs of particles; this one has one for each particle.</remarks>
internal readonly unsafe struct OwnRadii : IContactDistances<OwnRadii>
{
    private readonly double* _radii;

    private OwnRadii(double* radii) => _radii = radii;

    public static bool HasLarge => false;

    public static OwnRadii Create(double* table, int kindCount) => new(table);

    public double Squared(int a, int b)
    {
        double contact = _radii[a] + _radii[b];
        return contact * contact;
    }

    public Vector256<double> Squared(int kind, Vector256<double> lastWords)
    {
        Vector256<double> contacts = Vector256.Create(_radii[kind]) + RadiiOf(lastWords);
        return contacts * contacts;
    }

    public Vector256<double> Squared(Vector256<double> lastWordsA, Vector256<double> lastWordsB)
    {
        Vector256<double> contacts = RadiiOf(lastWordsA) + RadiiOf(lastWordsB);
        return contacts * contacts;
    }

    private Vector256<double> RadiiOf(Vector256<double> lastWords)
    {
        Vector256<long> kinds = Vector256.ShiftRightLogical(lastWords.AsInt64(), 32);
        return Vector256.Create(_radii[kinds[0]], _radii[kinds[1]], _radii[kinds[2]], _radii[kinds[3]]);
    }
}

/// <summary>Every particle has its own radius, and some are large.</summary>
internal readonly unsafe struct SplitRadii : IContactDistances<SplitRadii>
{
    private readonly OwnRadii _radii;

    private SplitRadii(OwnRadii radii) => _radii = radii;

    public static bool HasLarge => true;

    public static SplitRadii Create(double* table, int kindCount) => new(OwnRadii.Create(table, kindCount));

    public double Squared(int a, int b) => _radii.Squared(a, b);

    public Vector256<double> Squared(int kind, Vector256<double> lastWords) => _radii.Squared(kind, lastWords);

    public Vector256<double> Squared(Vector256<double> lastWordsA, Vector256<double> lastWordsB) => _radii.Squared(lastWordsA, lastWordsB);
}

/// <summary>Contact distances by pair of species, of which some are large.</summary>
internal readonly unsafe struct SplitSpecies : IContactDistances<SplitSpecies>
{
    private readonly SpeciesTable _table;

    private SplitSpecies(SpeciesTable table) => _table = table;

    public static bool HasLarge => true;

    public static SplitSpecies Create(double* table, int kindCount) => new(SpeciesTable.Create(table, kindCount));

    public double Squared(int a, int b) => _table.Squared(a, b);

    public Vector256<double> Squared(int kind, Vector256<double> lastWords) => _table.Squared(kind, lastWords);

    public Vector256<double> Squared(Vector256<double> lastWordsA, Vector256<double> lastWordsB) => _table.Squared(lastWordsA, lastWordsB);
}

/// <summary>
/// What contact distances are computed from, in native memory: eps_ab^2 by pair of species, or where particles have their own sizes the
/// radius of each kind.
/// </summary>
internal static class ContactTable
{
    public static unsafe NativeArray<double> Create(Gas gas)
    {
        int count = gas.Kinds.Length;
        if (gas.HasOwnSizes)
        {
            NativeArray<double> radii = new(count);
            for (int a = 0; a < count; a++)
            {
                radii.Pointer[a] = 0.5 * gas.Kinds[a].Diameter;
            }

            return radii;
        }

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
    public static bool IsUniform(Gas gas) => !gas.HasOwnSizes && gas.Species.All(s => s.Diameter == gas.Species[0].Diameter);
}
