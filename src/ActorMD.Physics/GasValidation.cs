using System.Collections.Immutable;
using System.Globalization;
using static System.FormattableString;

namespace ActorMD.Physics;

/// <summary>Finds everything that makes a gas impossible or its simulation undefined, before a run starts.</summary>
public static class GasValidation
{
    /// <summary>
    /// A periodic side must exceed two reaches by this factor: cells are a little wider than the reach, so that every tuple is
    /// seen well before contact, and the nearest image of a neighbour must be unique.
    /// </summary>
    public const double ReachMargin = 1 + 1e-6;

    /// <summary>The highest order that is accepted: the search for tuples grows steeply with it.</summary>
    public const int OrderLimit = 16;

    /// <summary>
    /// A diameter below this share of the longest side is lost in the rounding of coordinates: 2^-52 of a side must be 1e-8 of it at most.
    /// </summary>
    public const double DiameterShareMin = 2.3e-8;

    private static readonly string[] AxisNames = ["x", "y", "z"];

    /// <summary>All faults; empty when the gas can be simulated.</summary>
    /// <param name="gas">Box, species and zones.</param>
    /// <param name="counts">Number of particles of each species.</param>
    public static ImmutableArray<GasFault> Check(Gas gas, IReadOnlyList<int> counts)
    {
        if (counts.Count != gas.Species.Length)
        {
            throw new ArgumentException("one count per species is needed", nameof(counts));
        }

        List<GasFault> faults = [];
        bool boxIsSound = CheckBox(gas.Box, faults);
        bool speciesAreSound = CheckSpecies(gas, counts, faults) && CheckSizes(gas, counts, faults);
        bool zonesAreSound = CheckZones(gas, faults);
        if (speciesAreSound && zonesAreSound)
        {
            CheckReachable(gas, counts, faults);
        }

        if (boxIsSound && speciesAreSound)
        {
            CheckSides(gas, counts, zonesAreSound, faults);
            CheckPacking(gas, counts, faults);
            CheckResolution(gas, counts, faults);
        }

        return [.. faults];
    }

    /// <summary>What is wrong with box, species and zones whatever the numbers of particles are.</summary>
    public static ImmutableArray<GasFault> CheckForm(Gas gas)
    {
        List<GasFault> faults = [];
        CheckBox(gas.Box, faults);
        CheckSpecies(gas, [.. Enumerable.Repeat(1, gas.Species.Length)], faults);
        CheckZones(gas, faults);
        return [.. faults];
    }

    /// <summary>
    /// The densest packing that can exist: 0.7405 (pi / sqrt 18) of the volume for equal spheres, 0.9069 (pi / sqrt 12) of the
    /// area for equal disks. Small ones fit into the gaps of large ones: m different sizes fill at most 1 - (1 - that)^m.
    /// </summary>
    /// <param name="dimension">d.</param>
    /// <param name="sizeCount">m, the number of different diameters.</param>
    public static double PackingMax(int dimension, int sizeCount = 1)
    {
        double gap = 1 - Math.PI / Math.Sqrt(dimension == 3 ? 18 : 12);
        double gaps = 1;
        for (int i = 0; i < sizeCount; i++)
        {
            gaps *= gap;
        }

        return 1 - gaps;
    }

    private static bool CheckBox(Box box, List<GasFault> faults)
    {
        int before = faults.Count;
        if (box.Dimension is not (2 or 3))
        {
            faults.Add(new GasFault("dimensions", Invariant($"the dimension is {box.Dimension}"), "choose 2 or 3"));
            return false;
        }

        for (int axis = 0; axis < box.Dimension; axis++)
        {
            if (!IsPositive(box.Lengths[axis]))
            {
                faults.Add(new GasFault(
                    Invariant($"box.lengths[{axis}]"), Invariant($"the box length along {AxisNames[axis]} is {box.Lengths[axis]}"),
                    "give a finite length above 0"));
            }
        }

        return faults.Count == before;
    }

    private static bool CheckSpecies(Gas gas, IReadOnlyList<int> counts, List<GasFault> faults)
    {
        bool sound = true;
        if (gas.Species.IsEmpty)
        {
            faults.Add(new GasFault("species", "there is no species", "give at least one"));
            return false;
        }

        for (int a = 0; a < gas.Species.Length; a++)
        {
            Species species = gas.Species[a];
            if (gas.Species.Take(a).Any(s => s.Name == species.Name))
            {
                faults.Add(new GasFault(
                    Invariant($"species[{a}].name"), $"two species are named '{species.Name}'", "give each species a name of its own"));
            }

            if (!IsPositive(species.Mass))
            {
                faults.Add(new GasFault(
                    Invariant($"species[{a}].mass"), Invariant($"the mass of species {species.Name} is {species.Mass}"),
                    "give a finite mass above 0"));
            }

            if (!IsPositive(species.Diameter))
            {
                faults.Add(new GasFault(
                    Invariant($"species[{a}].diameter"), Invariant($"the diameter of species {species.Name} is {species.Diameter}"),
                    "give a finite diameter above 0"));
                sound = false;
            }

            if (counts[a] < 0)
            {
                faults.Add(new GasFault(
                    Invariant($"species[{a}].count"), Invariant($"the count of species {species.Name} is {counts[a]}"),
                    "give a whole number of particles, 0 or more"));
                sound = false;
            }
        }

        if (sound && counts.Sum(count => (long)count) is long total and (0 or > int.MaxValue))
        {
            faults.Add(new GasFault(
                "species", total == 0 ? "there are no particles: every count is 0" : Invariant($"there are {total} particles"),
                total == 0 ? "give at least one species a count above 0" : Invariant($"at most {int.MaxValue} can be simulated")));
            sound = false;
        }

        return sound;
    }

    private static bool CheckSizes(Gas gas, IReadOnlyList<int> counts, List<GasFault> faults)
    {
        int before = faults.Count;
        for (int a = 0; a < gas.Species.Length; a++)
        {
            if (gas.Species[a].Sizes is { } sizes && sizes.Count != counts[a])
            {
                faults.Add(new GasFault(
                    Invariant($"species[{a}].count"),
                    Invariant($"species {gas.Species[a].Name} has {counts[a]} particles and sizes for {sizes.Count}"),
                    "give every particle a size"));
            }
        }

        return faults.Count == before;
    }

    private static bool CheckZones(Gas gas, List<GasFault> faults)
    {
        int before = faults.Count;
        for (int i = 0; i < gas.Zones.Length; i++)
        {
            Zone zone = gas.Zones[i];
            if (zone.Order is < 3 or > OrderLimit)
            {
                faults.Add(new GasFault(
                    Invariant($"zones[{i}].order"), Invariant($"a zone has order {zone.Order}"),
                    Invariant($"give an order from 3 to {OrderLimit}: order 2 is the contact of the spheres itself")));
            }
            else if (gas.Zones.Take(i).Any(z => z.Order == zone.Order))
            {
                faults.Add(new GasFault(
                    Invariant($"zones[{i}].order"), Invariant($"two zones have order {zone.Order}"), "give one zone for each order"));
            }

            if (!IsPositive(zone.Distance))
            {
                faults.Add(new GasFault(
                    Invariant($"zones[{i}].distance"), Invariant($"the distance of zone {zone.Order} is {zone.Distance}"),
                    "give a finite distance above 0"));
            }
        }

        return faults.Count == before;
    }

    // Inert and unordered zones, and zones of more particles than there are.
    private static void CheckReachable(Gas gas, IReadOnlyList<int> counts, List<GasFault> faults)
    {
        long total = counts.Sum(count => (long)count);
        for (int i = 0; i < gas.Zones.Length; i++)
        {
            Zone zone = gas.Zones[i];
            if (zone.Order > total)
            {
                faults.Add(new GasFault(
                    Invariant($"zones[{i}].order"), Invariant($"zone {zone.Order} needs {zone.Order} particles, and there are {total}"),
                    "remove the zone, or add particles"));
                continue;
            }

            CheckDistance(gas, counts, i, faults);
        }
    }

    private static void CheckDistance(Gas gas, IReadOnlyList<int> counts, int index, List<GasFault> faults)
    {
        Zone zone = gas.Zones[index];
        int k = zone.Order;
        string subject = Invariant($"zones[{index}].distance");
        double least = Math.Sqrt(ContactSquaresMin(gas, counts, k));
        string lowerName = "the contact of pairs";
        Zone? unordered = null;
        foreach (Zone lower in gas.Zones.Where(z => z.Order < k))
        {
            // Averaging over j-subsets: d_k^2 >= eps_j^2 k(k-1) / (j(j-1)).
            double bound = lower.Distance * Math.Sqrt((double)k * (k - 1) / ((double)lower.Order * (lower.Order - 1)));
            if (bound > least)
            {
                least = bound;
                lowerName = Invariant($"zone {lower.Order}");
            }

            if (lower.Distance >= zone.Distance)
            {
                unordered = lower;
            }
        }

        if (zone.Distance > least)
        {
            return;
        }

        string problem = unordered is null
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"zone {k} is inert: {k} particles never come as close as {zone.Distance}, because {lowerName} keeps them "
                    + $"at {least:G6} or more")
            : Invariant($"zone {k} ({zone.Distance}) is not larger than zone {unordered.Order} ({unordered.Distance})");
        faults.Add(new GasFault(subject, problem, Invariant($"give a distance above {least:G6}, or remove the zone")));
    }

    // The smallest sum of squared contact distances of k particles. It grows with every diameter, so the k smallest attain it.
    private static double ContactSquaresMin(Gas gas, IReadOnlyList<int> counts, int k)
    {
        List<double> smallest = [];
        foreach (ParticleKind kind in gas.Kinds.OrderBy(kind => kind.Diameter))
        {
            int count = gas.Species[kind.Species].Sizes is null ? counts[kind.Species] : 1;
            smallest.AddRange(Enumerable.Repeat(kind.Diameter, Math.Min(count, k - smallest.Count)));
        }

        double sum = 0;
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double distance = 0.5 * (smallest[i] + smallest[j]);
                sum += distance * distance;
            }
        }

        return sum;
    }

    private static void CheckSides(Gas gas, IReadOnlyList<int> counts, bool withZones, List<GasFault> faults)
    {
        (double reach, string reachName) = (gas.DiameterMax, "the largest diameter");
        if (withZones && gas.Zones.MaxBy(z => z.Reach) is { } widest && widest.Reach > reach)
        {
            reach = widest.Reach;
            reachName = Invariant($"of zone {widest.Order}");
        }

        double diameterMax = gas.Kinds.Where(kind => counts[kind.Species] > 0).Max(kind => kind.Diameter);
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            double length = gas.Box.Lengths[axis];
            string subject = Invariant($"box.lengths[{axis}]");
            if (gas.Box.IsPeriodic(axis) && length < 2 * reach * ReachMargin)
            {
                faults.Add(new GasFault(
                    subject,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the periodic side along {AxisNames[axis]} ({length}) is narrower than two reaches: the reach "
                            + $"({reachName}) is {reach:G6}"),
                    Invariant($"give a side of at least {2 * reach * (1 + 1e-5):G7}, or reflecting walls")));
            }
            else if (gas.Box.IsReflecting(axis) && length <= diameterMax)
            {
                faults.Add(new GasFault(
                    subject,
                    Invariant(
                        $"the side along {AxisNames[axis]} ({length}) leaves no room between its walls for a diameter of {diameterMax}"),
                    Invariant($"give a side above {diameterMax}")));
            }
        }
    }

    // A contact is found to some units in the last place of a coordinate; the engine takes 5e-8 of the distance for an overlap.
    private static void CheckResolution(Gas gas, IReadOnlyList<int> counts, List<GasFault> faults)
    {
        double side = Enumerable.Range(0, gas.Dimension).Max(axis => gas.Box.Lengths[axis]), least = DiameterShareMin * side;
        foreach ((int a, _, double diameter) in gas.Kinds)
        {
            if (counts[a] > 0 && diameter < least && faults.Count == 0)
            {
                faults.Add(new GasFault(
                    Invariant($"species[{a}].{(gas.Species[a].Sizes is null ? "diameter" : "distribution")}"),
                    string.Create(
                        CultureInfo.InvariantCulture, $"the diameter {diameter} of species {gas.Species[a].Name} cannot be "
                            + $"resolved in a box of side {side}: the 16 digits of a coordinate leave too few for a contact"),
                    Invariant($"give a diameter of at least {least:G3}, or a smaller box")));
            }
        }
    }

    private static void CheckPacking(Gas gas, IReadOnlyList<int> counts, List<GasFault> faults)
    {
        // Spheres may stick out of open sides by half a diameter.
        double volume = 1, spheres = 0;
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            volume *= gas.Box.Lengths[axis] + (gas.Box.IsOpen(axis) ? gas.DiameterMax : 0);
        }

        HashSet<double> sizes = [];
        for (int a = 0; a < gas.Species.Length; a++)
        {
            spheres += counts[a] * gas.SphereVolume(a);
            if (counts[a] > 0)
            {
                sizes.UnionWith(gas.KindTable.OfSpecies(a).ToArray().Select(kind => kind.Diameter));
            }
        }

        double packing = spheres / volume, packingMax = PackingMax(gas.Dimension, sizes.Count);
        if (packing > packingMax)
        {
            string what = gas.Dimension == 3 ? "spheres" : "disks";
            faults.Add(new GasFault(
                "species",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the box is overfull: {what} of these sizes would take the fraction {packing:G4} of it, and at most "
                        + $"{packingMax:G4} is possible"),
                "use fewer or smaller particles, or a larger box"));
        }
    }

    private static bool IsPositive(double value) => value > 0 && double.IsFinite(value);
}
