using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Engine.Particles;

/// <summary>
/// Which kinds of particles of a gas are large: so large that cells as wide as their reach would hold too many of the others.
/// </summary>
/// <remarks>
/// The cells are then made for the small ones, and the large ones are searched apart. Large ones never are members of tuples: their
/// contact distances are beyond the reach of all zones. The trajectory does not depend on any of it, only its cost does.
/// </remarks>
internal sealed class SizeSplit
{
    private const int LimitCountMax = 128; // diameters that are tried
    private const double RatioMin = 2; // of the largest diameter to that of the largest small one
    private const double GainMin = 1.4;
    private const double PerPairInSlices = 1.0 / 16, PerPairInCells = 2;
    private const double WidthInReaches = 1.15, WidthInSpacings = 1.5;

    private readonly bool[] _isLarge;

    private SizeSplit(bool[] isLarge, double reach, double smallDiameterMax)
    {
        (_isLarge, Reach, SmallDiameterMax) = (isLarge, reach, smallDiameterMax);
        HasLarge = isLarge.Contains(true);
    }

    /// <summary>The distance within which small particles can take part in an event with each other.</summary>
    public double Reach { get; }

    /// <summary>The largest diameter of small particles.</summary>
    public double SmallDiameterMax { get; }

    /// <summary>Whether any kind is large.</summary>
    public bool HasLarge { get; }

    /// <summary>Whether a kind is large.</summary>
    public ReadOnlySpan<bool> IsLarge => _isLarge;

    /// <summary>All in one grid.</summary>
    public static SizeSplit None(Gas gas) => new(new bool[gas.Kinds.Length], gas.ReachMax, gas.DiameterMax);

    /// <summary>The split for time slices that makes the search cheapest; <see cref="None"/> unless it gains much.</summary>
    /// <param name="gas">Sizes.</param>
    /// <param name="particles">How many there are of each species.</param>
    /// <param name="volume">Where they are.</param>
    /// <param name="widthMax">Cells in one grid cannot be wider than this.</param>
    /// <param name="settings">May say which are large.</param>
    public static SizeSplit ForSlices(
        Gas gas, ReadOnlySpan<ParticleState> particles, double volume, double widthMax, SearchSettings settings) =>
        For(gas, particles, volume, widthMax, PerPairInSlices, settings);

    /// <summary>The same for linked cells.</summary>
    public static SizeSplit ForCells(Gas gas, ReadOnlySpan<ParticleState> particles, double volume, SearchSettings settings) =>
        For(gas, particles, volume, double.PositiveInfinity, PerPairInCells, settings);

    private static SizeSplit For(
        Gas gas, ReadOnlySpan<ParticleState> particles, double volume, double widthMax, double perPair, SearchSettings settings)
    {
        SizeSplit best = None(gas);
        if (settings.SmallMax is { } given)
        {
            return given < gas.DiameterMax && given >= gas.DiameterMin ? Above(gas, given) ?? best : best;
        }

        if (gas.DiameterMax < RatioMin * gas.DiameterMin)
        {
            return best;
        }

        int[] counts = new int[gas.Kinds.Length];
        foreach (ref readonly ParticleState particle in particles)
        {
            counts[particle.Kind]++;
        }

        double least = WidthInReaches * gas.ReachMax > widthMax
            ? double.PositiveInfinity
            : CostOf(gas, counts, volume, best, perPair) / GainMin;
        foreach (double limit in Limits(gas, counts))
        {
            if (gas.DiameterMax >= RatioMin * limit && Above(gas, limit) is { } split
                && CostOf(gas, counts, volume, split, perPair) is var cost && cost < least)
            {
                (least, best) = (cost, split);
            }
        }

        return best;
    }

    /// <summary>The small ones among some particles.</summary>
    public ParticleState[] SmallOf(ReadOnlySpan<ParticleState> particles)
    {
        List<ParticleState> small = new(particles.Length);
        foreach (ref readonly ParticleState particle in particles)
        {
            if (!_isLarge[particle.Kind])
            {
                small.Add(particle);
            }
        }

        return [.. small];
    }

    // Diameters that may be the largest of small particles; of many only some, evenly among all particles and to the largest.
    private static IEnumerable<double> Limits(Gas gas, int[] counts)
    {
        double[] present = [.. gas.Kinds.Where((_, a) => counts[a] > 0).Select(kind => kind.Diameter).Distinct()];
        if (present.Length <= LimitCountMax)
        {
            return present;
        }

        Array.Sort(present);
        int rarest = present.Length; // from the largest on: one half, three quarters, seven eighths ... of all lie below
        return Enumerable.Range(1, LimitCountMax).Select(_ => rarest /= 2).TakeWhile(above => above > 0)
            .Select(above => present[^(above + 1)]);
    }

    // Kinds above a diameter are large; null if these could be members of tuples.
    private static SizeSplit? Above(Gas gas, double limit)
    {
        const double Margin = 1 + 1e-6;
        double zones = gas.Zones.IsEmpty ? 0 : gas.Zones.Max(z => z.Reach);
        double smallest = gas.DiameterMin, nextLarger = gas.Kinds.Where(kind => kind.Diameter > limit).Min(kind => kind.Diameter);
        return 0.5 * (smallest + nextLarger) > zones * Margin
            ? new SizeSplit([.. gas.Kinds.Select(kind => kind.Diameter > limit)], Math.Max(limit, zones), limit)
            : null;
    }

    // A rough cost per time, in units of a nanosecond, for particles of speed 1: sorting and pairs once per slice, a search after every
    // collision.
    private static double CostOf(Gas gas, int[] counts, double volume, SizeSplit split, double perPair)
    {
        const double Sort = 40, Event = 60, LargeSearch = 300, PerRecord = 2, PerLarge = 0.3;
        int dimension = gas.Dimension;
        double small = 0, large = 0, free = volume;
        for (int a = 0; a < counts.Length; a++)
        {
            if (split._isLarge[a])
            {
                large += counts[a];
                double diameter = gas.Kinds[a].Diameter;
                free -= counts[a] * (dimension == 3 ? Math.PI / 6 * diameter * diameter * diameter : Math.PI / 4 * diameter * diameter);
            }
            else
            {
                small += counts[a];
            }
        }

        if (small == 0)
        {
            return double.PositiveInfinity;
        }

        double density = small / Math.Max(free, 0.1 * volume), spacing = PortableMath.Pow(1 / density, 1.0 / dimension);
        double width = Math.Max(WidthInReaches * split.Reach, WidthInSpacings * spacing), slices = 1 / (width - split.Reach);
        double around = density * (dimension == 3 ? 27 * width * width * width : 9 * width * width); // small ones in cells around one
        double cost = small * (Sort + 0.5 * around * perPair) * slices;
        for (int a = 0; a < counts.Length; a++)
        {
            double radius = 0.5 * (gas.Kinds[a].Diameter + split.Reach),
                rate = density * (dimension == 3 ? Math.PI * radius * radius : 2 * radius);
            if (split._isLarge[a])
            {
                double shell = density * (dimension == 3 ? 8 * Math.PI * radius * radius : 4 * Math.PI * radius) * width;
                cost += counts[a] * (slices + rate) * (LargeSearch + shell * PerRecord + large * PerLarge);
            }
            else
            {
                cost += counts[a] * rate * (Event + around * perPair);
            }
        }

        return cost;
    }
}
