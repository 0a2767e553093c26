using System.Collections.Immutable;

namespace ActorMD.Physics;

/// <summary>
/// The species of a gas in classes of similar diameters: what is looked for around a large particle is not looked for as far away
/// around a small one.
/// </summary>
/// <remarks>Class 0 holds the smallest species. Within a class diameters differ by a factor of at most <see cref="RatioMax"/>.</remarks>
public sealed class SizeClasses
{
    /// <summary>Largest ratio of two diameters in one class: mixtures within it are one class.</summary>
    public const double RatioMax = 4;

    private readonly double[] _reaches;

    private SizeClasses(ImmutableArray<int> classOf, int count, double[] reaches) => (ClassOf, Count, _reaches) = (classOf, count, reaches);

    /// <summary>Class by species.</summary>
    public ImmutableArray<int> ClassOf { get; }

    /// <summary>Number of classes.</summary>
    public int Count { get; }

    public static SizeClasses Of(Gas gas)
    {
        int[] classOf = new int[gas.Species.Length];
        int count = 0;
        double smallest = 0;
        foreach (int species in Enumerable.Range(0, gas.Species.Length).OrderBy(a => gas.Species[a].Diameter))
        {
            double diameter = gas.Species[species].Diameter;
            if (count == 0 || diameter > RatioMax * smallest)
            {
                count++;
                smallest = diameter;
            }

            classOf[species] = count - 1;
        }

        double[] reaches = new double[count * count];
        double zones = gas.Zones.IsEmpty ? 0 : gas.Zones.Max(z => z.Reach);
        for (int a = 0; a < gas.Species.Length; a++)
        {
            for (int b = 0; b < gas.Species.Length; b++)
            {
                ref double reach = ref reaches[classOf[a] * count + classOf[b]];
                reach = Math.Max(reach, Math.Max(gas.ContactDistance(a, b), zones));
            }
        }

        return new SizeClasses([.. classOf], count, reaches);
    }

    /// <summary>The distance within which any two particles of two classes can take part in an event.</summary>
    public double Reach(int a, int b) => _reaches[a * Count + b];
}
