using System.Collections.Immutable;

namespace ActorMD.Physics;

/// <summary>
/// The kinds of particles of a gas in classes of similar diameters: what is looked for around a large particle is not looked for as far
/// away around a small one.
/// </summary>
/// <remarks>Class 0 holds the smallest kinds. Within a class diameters differ by a factor of at most <see cref="RatioMax"/>.</remarks>
public sealed class SizeClasses
{
    /// <summary>Largest ratio of two diameters in one class: mixtures within it are one class.</summary>
    public const double RatioMax = 4;

    private readonly double[] _reaches;

    private SizeClasses(ImmutableArray<int> classOf, int count, double[] reaches) => (ClassOf, Count, _reaches) = (classOf, count, reaches);

    /// <summary>Class by kind.</summary>
    public ImmutableArray<int> ClassOf { get; }

    /// <summary>Number of classes.</summary>
    public int Count { get; }

    public static SizeClasses Of(Gas gas)
    {
        int[] classOf = new int[gas.Kinds.Length];
        List<double> largest = [];
        double smallest = 0;
        foreach (int kind in Enumerable.Range(0, classOf.Length).OrderBy(a => gas.Kinds[a].Diameter))
        {
            double diameter = gas.Kinds[kind].Diameter;
            if (largest.Count == 0 || diameter > RatioMax * smallest)
            {
                largest.Add(0);
                smallest = diameter;
            }

            largest[^1] = diameter;
            classOf[kind] = largest.Count - 1;
        }

        double[] reaches = new double[largest.Count * largest.Count];
        double zones = gas.Zones.IsEmpty ? 0 : gas.Zones.Max(z => z.Reach);
        for (int a = 0; a < largest.Count; a++)
        {
            for (int b = 0; b < largest.Count; b++)
            {
                reaches[a * largest.Count + b] = Math.Max(0.5 * (largest[a] + largest[b]), zones);
            }
        }

        return new SizeClasses([.. classOf], largest.Count, reaches);
    }

    /// <summary>The distance within which any two particles of two classes can take part in an event.</summary>
    public double Reach(int a, int b) => _reaches[a * Count + b];
}
