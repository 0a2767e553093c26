using System.Collections.Immutable;
using ActorMD.Physics.Numerics;

namespace ActorMD.Physics;

/// <summary>A distribution of diameters and masses: every particle of a species has its own.</summary>
/// <param name="Form">What the numbers mean.</param>
/// <param name="Numbers">Parameters of the form, diameters among them in units of length.</param>
/// <param name="Mass">Of a particle with the mean diameter of all.</param>
/// <param name="MassPower">Masses are proportional to this power of the diameter: 0 for equal masses, d for equal densities.</param>
/// <param name="Count">Number of particles.</param>
/// <remarks>
/// The sizes are not drawn but stratified: the k-th of N has the diameter that a share (k + 1/2)/N of the distribution lies below. So
/// all moments are as close to those of the distribution as N sizes can be, and they are the same for every seed. Then the sizes are
/// shuffled by a permutation that depends on N alone: the size of a particle is a pure function of its number among its species, which every
/// process can compute for itself. With starts from a seed, what lies where comes from the seed.
/// </remarks>
public sealed record SizeDistribution(SizeForm Form, ImmutableArray<double> Numbers, double Mass, double MassPower, int Count)
{
    private const int WholePowerMax = 16;

    /// <summary>Each particle as it is given.</summary>
    public static SizeDistribution OfEach(IReadOnlyCollection<double> diameters, IReadOnlyCollection<double> masses) =>
        new(SizeForm.Each, [.. diameters, .. masses], 1, 0, diameters.Count);

    /// <summary>Diameter and mass of every particle, in the order of their ids.</summary>
    public (double[] Diameters, double[] Masses) Draw()
    {
        if (Form == SizeForm.Each)
        {
            return ([.. Numbers[..Count]], [.. Numbers[Count..]]);
        }

        double[] diameters = SizeQuantiles.Of(this);
        Shuffle(diameters);
        double mean = Mean(diameters);
        return (diameters, Array.ConvertAll(diameters, x => Mass * Power(x / mean)));
    }

    /// <summary>The mean of some numbers, the same on every machine.</summary>
    internal static double Mean(double[] values)
    {
        ExactSum sum = new();
        Array.ForEach(values, sum.Add);
        return values.Length == 0 ? 0 : sum.Value / values.Length;
    }

    public bool Equals(SizeDistribution? other) => other is not null && Form == other.Form && Mass == other.Mass
        && MassPower == other.MassPower && Count == other.Count && Numbers.SequenceEqual(other.Numbers);

    public override int GetHashCode() => HashCode.Combine(Form, Mass, MassPower, Count, Numbers.Length);

    // Fisher and Yates, with Steele's SplitMix64 from a fixed beginning.
    private static void Shuffle(double[] values)
    {
        ulong state = (ulong)values.Length;
        for (int i = values.Length - 1; i > 0; i--)
        {
            ulong bits = state += 0x9E3779B97F4A7C15;
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            int j = (int)(((bits ^ (bits >> 31)) >> 32) * (ulong)(i + 1) >> 32);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private double Power(double x)
    {
        if (MassPower != Math.Floor(MassPower) || Math.Abs(MassPower) > WholePowerMax)
        {
            return PortableMath.Pow(x, MassPower);
        }

        double product = 1;
        for (int i = 0; i < Math.Abs(MassPower); i++)
        {
            product *= x;
        }

        return MassPower < 0 ? 1 / product : product;
    }
}
