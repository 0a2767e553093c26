using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Inputs;
using ActorMD.Files.Yaml;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>Whether the particles of a file are those of a case, and lie in its phase space.</summary>
/// <param name="Faults">Why they cannot be used.</param>
/// <param name="Warnings">What is allowed but probably not meant.</param>
public sealed record FrameCheck(ImmutableArray<InputFault> Faults, ImmutableArray<InputFault> Warnings)
{
    /// <summary>Relative overlaps up to this are rounding.</summary>
    private const double OverlapTolerance = 1e-10;

    private const double SizeTolerance = 1e-9;

    /// <summary>Coordinates and velocities beyond this are refused: their products must not overflow.</summary>
    private const double NumberMax = 1e50;

    private const int ParticleFaultMax = 10;

    /// <summary>Checks a frame against a gas that <see cref="GasValidation"/> has found sound.</summary>
    public static FrameCheck Of(string file, ParticleFrame frame, Gas gas, IReadOnlyList<int> counts)
    {
        List<InputFault> faults = [], warnings = [];
        frame = frame.InDimension(gas.Dimension);
        int[] speciesOf = MatchSpecies(frame, gas);
        CheckCounts(file, frame, gas, counts, speciesOf, faults);
        CheckDimension(file, frame, gas, faults);
        CheckSize(file, frame, gas, faults);
        if (faults.Count == 0)
        {
            CheckOverlaps(file, frame, gas, speciesOf, faults);
            Compare(file, frame, gas, speciesOf, warnings);
        }

        return new FrameCheck([.. faults], [.. warnings]);
    }

    /// <summary>
    /// The gas's species for each of the frame's, by name; where the frame only numbers its types, type 1 is the first species.
    /// -1 where there is none.
    /// </summary>
    internal static int[] MatchSpecies(ParticleFrame frame, Gas gas)
    {
        bool areNumbers = frame.SpeciesNames.All(name => SpeciesTable.NumberOf(name) is not null)
            && !frame.SpeciesNames.All(name => gas.Species.Any(species => species.Name == name));
        int[] speciesOf = new int[frame.SpeciesNames.Length];
        for (int i = 0; i < speciesOf.Length; i++)
        {
            string name = frame.SpeciesNames[i];
            speciesOf[i] = -1;
            for (int a = 0; a < gas.Species.Length; a++)
            {
                string expected = areNumbers ? (a + 1).ToString(CultureInfo.InvariantCulture) : gas.Species[a].Name;
                if (name == expected)
                {
                    speciesOf[i] = a;
                }
            }
        }

        return speciesOf;
    }

    private static void CheckCounts(
        string file, ParticleFrame frame, Gas gas, IReadOnlyList<int> counts, int[] speciesOf, List<InputFault> faults)
    {
        for (int i = 0; i < speciesOf.Length; i++)
        {
            if (speciesOf[i] < 0)
            {
                faults.Add(new InputFault(
                    file, LineOf(frame, Array.IndexOf(frame.Species, i)), "species", $"the case has no species '{frame.SpeciesNames[i]}'",
                    Suggestion.Remedy(frame.SpeciesNames[i], [.. gas.Species.Select(s => s.Name)])));
            }
        }

        if (faults.Count > 0)
        {
            return;
        }

        int[] found = new int[gas.Species.Length];
        foreach (int index in frame.Species)
        {
            found[speciesOf[index]]++;
        }

        for (int a = 0; a < found.Length; a++)
        {
            if (found[a] != counts[a])
            {
                faults.Add(new InputFault(
                    file, null, $"species.{gas.Species[a].Name}.count",
                    Invariant($"the file has {found[a]} particles of species {gas.Species[a].Name}, and the case {counts[a]}"),
                    Invariant($"give the case count: {found[a]}, or another file")));
            }
        }
    }

    private static void CheckDimension(string file, ParticleFrame frame, Gas gas, List<InputFault> faults)
    {
        if (gas.Dimension == 3)
        {
            if (frame.Dimension == 2)
            {
                faults.Add(
                    new InputFault(
                        file, null, "dimensions", "the file has two dimensions, and the case three", "give the case dimensions: 2"));
            }

            return;
        }

        int id = Array.FindIndex(frame.Positions, x => x.Z != 0);
        id = id >= 0 || frame.Velocities is null ? id : Array.FindIndex(frame.Velocities, v => v.Z != 0);
        if (id >= 0)
        {
            faults.Add(new InputFault(
                file, LineOf(frame, id), "z", "a particle has a z component, and the case two dimensions",
                "give z and vz the value 0, or the case dimensions: 3"));
        }
    }

    private static void CheckSize(string file, ParticleFrame frame, Gas gas, List<InputFault> faults)
    {
        for (int id = 0; id < frame.Count; id++)
        {
            for (int axis = 0; axis < gas.Dimension; axis++)
            {
                // The boxes between a particle and the origin are counted in integers.
                double x = frame.Positions[id][axis], limit = gas.Box.IsPeriodic(axis) ? 1e9 * gas.Box.Lengths[axis] : NumberMax;
                double v = frame.Velocities?[id][axis] ?? 0;
                if (Math.Abs(x) > limit || Math.Abs(v) > NumberMax)
                {
                    string what = Math.Abs(x) > limit ? Invariant($"{"xyz"[axis]} = {x}") : Invariant($"v{"xyz"[axis]} = {v}");
                    faults.Add(new InputFault(
                        file, LineOf(frame, id), null, $"a particle has {what}, which is too large to calculate with",
                        "put it into the box, or choose other units"));
                    return;
                }
            }
        }
    }

    private static void CheckOverlaps(string file, ParticleFrame frame, Gas gas, int[] speciesOf, List<InputFault> faults)
    {
        int[] kinds = KindsOf(frame, gas, speciesOf);
        for (int id = 0; id < frame.Count && faults.Count < ParticleFaultMax; id++)
        {
            double margin = 0.5 * gas.Kinds[kinds[id]].Diameter, slack = OverlapTolerance * margin;
            for (int axis = 0; axis < gas.Dimension; axis++)
            {
                double x = frame.Positions[id][axis], length = gas.Box.Lengths[axis];
                if (gas.Box.IsReflecting(axis) && !(x >= margin - slack && x <= length - margin + slack))
                {
                    faults.Add(new InputFault(
                        file, LineOf(frame, id), "xyz"[axis].ToString(),
                        Invariant($"a particle at {"xyz"[axis]} = {x} reaches beyond a wall"),
                        Invariant($"between walls the centre lies from {margin} to {length - margin}")));
                }
            }
        }

        if (faults.Count > 0)
        {
            return;
        }

        foreach (Overlap overlap in OverlapCheck.Find(gas, frame.Positions, kinds).WorstOfOrders)
        {
            if (overlap.Order < 2 || overlap.Relative <= OverlapTolerance)
            {
                continue;
            }

            string lines = string.Join(
                ", ", overlap.Ids.Select(id => LineOf(frame, id) is int line ? Invariant($"line {line}") : Invariant($"particle {id}")));
            string what = overlap.Order == 2
                ? Invariant($"two spheres overlap by {overlap.Relative:G3} of their contact distance ({lines})")
                : Invariant($"{overlap.Order} particles are inside their zone by {overlap.Relative:G3} of its distance ({lines})");
            faults.Add(new InputFault(
                file, LineOf(frame, overlap.Ids[0]), overlap.Order == 2 ? "diameter" : Invariant($"zones.{overlap.Order}.distance"), what,
                "move the particles apart, or give the case smaller diameters or zones"));
        }
    }

    private static void Compare(string file, ParticleFrame frame, Gas gas, int[] speciesOf, List<InputFault> warnings)
    {
        // In two dimensions files have a height, and it means nothing.
        bool isSameBox = frame.Box is null
            || Enumerable.Range(0, gas.Dimension).All(axis => frame.Box.Lengths[axis] == gas.Box.Lengths[axis]);
        if (!isSameBox)
        {
            warnings.Add(new InputFault(
                file, null, "box",
                Invariant(
                    $"the file's box {Text(frame.Box!.Lengths, gas.Dimension)} is not the case's {Text(gas.Box.Lengths, gas.Dimension)}"),
                "the case's box is used, and positions are not scaled"));
        }

        int outside = frame.Positions.Count(x => Enumerable.Range(0, gas.Dimension).Any(
            axis => gas.Box.IsPeriodic(axis) && !(x[axis] >= 0 && x[axis] < gas.Box.Lengths[axis])));
        if (outside > 0)
        {
            warnings.Add(new InputFault(
                file, null, "x", Invariant($"{outside} particles lie outside the periodic box"), "they are wrapped into it"));
        }

        int[] kinds = KindsOf(frame, gas, speciesOf);
        for (int id = 0; id < frame.Count; id++)
        {
            (int species, double mass, double diameter) = gas.Kinds[kinds[id]];
            bool otherSize = frame.Radii is not null && Differs(2 * frame.Radii[id], diameter);
            if (otherSize || (frame.Masses is not null && Differs(frame.Masses[id], mass)))
            {
                warnings.Add(new InputFault(
                    file, LineOf(frame, id), otherSize ? "radius" : "mass",
                    Invariant($"the file gives a particle of species {gas.Species[species].Name} another ")
                        + (otherSize ? "size than the case" : "mass than the case"),
                    "the case's value is used"));
                return;
            }
        }
    }

    private static int[] KindsOf(ParticleFrame frame, Gas gas, int[] speciesOf) =>
        gas.KindTable.Of(Array.ConvertAll(frame.Species, index => speciesOf[index]));

    private static bool Differs(double value, double expected) => !(Math.Abs(value - expected) <= SizeTolerance * expected);

    private static string Text(Vec3 lengths, int dimension) =>
        dimension == 2 ? Invariant($"[{lengths.X}, {lengths.Y}]") : Invariant($"[{lengths.X}, {lengths.Y}, {lengths.Z}]");

    private static int? LineOf(ParticleFrame frame, int id) => id >= 0 ? frame.Lines?[id] : null;
}
