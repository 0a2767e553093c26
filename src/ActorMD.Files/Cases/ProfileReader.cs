using System.Collections.Immutable;
using ActorMD.Files.Yaml;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

/// <summary>Reads numbers of a case that may depend on the position.</summary>
internal sealed class ProfileReader(ValueReader values)
{
    internal const string Example = "{ cosine: { axis: x, mean: 1, amplitude: 0.5 } }";

    private static readonly Dictionary<string, int> AxisNames = new() { ["x"] = 0, ["y"] = 1, ["z"] = 2 };

    // A number, or a mapping with the name of one kind of profile. Null after a fault. All kinds are asked for every time, so that
    // their keys are known.
    public Profile? Read(YamlTree node, KeyPath path, Gas gas, string expected)
    {
        YamlTree? mapping = node is YamlMap ? node : null;
        MapReader map = new(values, mapping, node.Location, path, Example);
        int faultsBefore = values.Faults.Count;
        Profile?[] kinds =
        [
            ReadKind(map, "cosine", "{ axis: x, mean: 1, amplitude: 0.5 }", gas, (reader, axis) => ReadWave(reader, axis, cusp: false)),
            ReadKind(map, "cusp", "{ axis: x, mean: 1, amplitude: 0.5 }", gas, (reader, axis) => ReadWave(reader, axis, cusp: true)),
            ReadKind(map, "step", "{ axis: x, outside: 1, inside: 2, from: 0.25, to: 0.75 }", gas, ReadStep),
            ReadKind(map, "gaussian", "{ axis: x, background: 1, height: 1, centre: 0.5, width: 0.1 }", gas, ReadGaussian),
            ReadKind(map, "table", "{ axis: x, at: [0, 0.5, 1], values: [1, 2, 1] }", gas, ReadTable),
        ];
        map.Finish();
        if (mapping is null)
        {
            double number = values.Number(node, path, expected + ", or a profile like " + Example);
            return double.IsNaN(number) ? null : new ConstantProfile(number);
        }

        Profile[] given = [.. kinds.OfType<Profile>()];
        if (values.Faults.Count == faultsBefore && given.Length != 1)
        {
            values.Fault(
                path, node.Location, given.Length == 0 ? "the profile has no kind" : "the profile has several kinds",
                "give one of cosine, cusp, step, gaussian, table");
        }

        return values.Faults.Count == faultsBefore ? given[0] : null;
    }

    private Profile? ReadKind(MapReader map, string kind, string example, Gas gas, Func<MapReader, int, Profile?> read)
    {
        YamlTree? node = map.Optional(kind);
        MapReader reader = new(values, node, map.LocationOf(kind), map.PathOf(kind), example);
        YamlTree? axisNode = reader.Required("axis", "the axis along which the number changes: x, y or z");
        int? axis = axisNode is null ? null : values.Word(axisNode, reader.PathOf("axis"), AxisNames);
        if (axis >= gas.Dimension)
        {
            values.Fault(reader.PathOf("axis"), axisNode!.Location, "there is no axis z in two dimensions", "give x or y");
        }

        Profile? profile = read(reader, axis ?? 0);
        reader.Finish();
        return node is null ? null : profile;
    }

    private Profile? ReadWave(MapReader reader, int axis, bool cusp)
    {
        double mean = reader.Number("mean", "the middle of its range");
        double amplitude = reader.Number("amplitude", "half of its range");
        YamlTree? wavesNode = reader.Optional("waves");
        int? waves = wavesNode is null ? 1 : values.Whole(wavesNode, reader.PathOf("waves"), "a whole number above 0");
        double phase = reader.NumberOrNull("phase", "a share of a turn") ?? 0;
        if (waves < 1)
        {
            values.Fault(reader.PathOf("waves"), wavesNode!.Location, Invariant($"the number of waves is {waves}"), "give 1 or more");
        }

        return cusp
            ? new CuspProfile(axis, mean, amplitude, waves ?? 1, phase)
            : new CosineProfile(axis, mean, amplitude, waves ?? 1, phase);
    }

    private Profile? ReadStep(MapReader reader, int axis)
    {
        double outside = reader.Number("outside", "the number outside the layer");
        double inside = reader.Number("inside", "the number inside the layer");
        double from = reader.Number("from", "the coordinate where the layer begins");
        double to = reader.Number("to", "the coordinate where the layer ends");
        if (from >= to)
        {
            values.Fault(
                reader.PathOf("to"), reader.LocationOf("to"), Invariant($"the layer ends at {to} and begins at {from}"),
                "give a larger end");
        }

        return new StepProfile(axis, outside, inside, from, to);
    }

    private Profile? ReadGaussian(MapReader reader, int axis)
    {
        double background = reader.Number("background", "the number far from the centre");
        double height = reader.Number("height", "how much is added in the centre");
        double centre = reader.Number("centre", "a coordinate");
        double width = reader.Number("width", "the standard deviation, a length above 0");
        if (width <= 0)
        {
            values.Fault(reader.PathOf("width"), reader.LocationOf("width"), Invariant($"the width is {width}"), "give a length above 0");
        }

        return new GaussianProfile(axis, background, height, centre, width);
    }

    private Profile? ReadTable(MapReader reader, int axis)
    {
        ImmutableArray<double> coordinates = ReadNumbers(reader, "at", "a list of rising coordinates");
        ImmutableArray<double> heights = ReadNumbers(reader, "values", "a list of numbers, one per coordinate");
        if (coordinates.IsEmpty || heights.IsEmpty)
        {
            return null;
        }

        if (coordinates.Length != heights.Length)
        {
            values.Fault(
                reader.PathOf("values"), reader.LocationOf("values"),
                Invariant($"there are {heights.Length} values for {coordinates.Length} coordinates"), "give one value per coordinate");
            return null;
        }

        if (coordinates.Zip(coordinates[1..]).Any(pair => pair.First >= pair.Second))
        {
            values.Fault(
                reader.PathOf("at"), reader.LocationOf("at"), "the coordinates do not rise",
                "sort them; each must be larger than the last");
        }

        return new TableProfile(axis, coordinates, heights);
    }

    private ImmutableArray<double> ReadNumbers(MapReader reader, string key, string expected)
    {
        YamlTree? node = reader.Required(key, expected);
        KeyPath path = reader.PathOf(key);
        if (node is not (null or YamlList { Items.Length: > 0 }))
        {
            values.Fault(path, node.Location, $"'{path.Display}' is {node.Kind}", $"give {expected}");
        }

        return node is YamlList list ? [.. list.Items.Select((item, n) => values.Number(item, path.Item(n), "a number"))] : [];
    }

    public ImmutableArray<Profile?> ReadDensities(MapReader positions, PositionMethod? method, Gas gas)
    {
        KeyPath path = positions.PathOf("density");
        YamlTree? node = positions.Optional("density");
        if (node is null)
        {
            return default;
        }

        if (method is not (null or PositionMethod.Conditioned))
        {
            values.Fault(
                path, node.Location, "'density' has a meaning for the method conditioned only", "remove it, or give method: conditioned");
        }

        if (node is not YamlMap map)
        {
            values.Fault(
                path, node.Location, $"'{path.Display}' is {node.Kind}, not a mapping of species", $"write it like {{ A: {Example} }}");
            return default;
        }

        Profile?[] densities = new Profile?[gas.Species.Length];
        foreach ((YamlEntry entry, int a) in SpeciesKeys.Entries(values, map, path, gas))
        {
            KeyPath entryPath = path.Named(entry.Key);
            Profile? density = Read(entry.Value, entryPath, gas, "a relative density above 0");
            if (density is { Range: var (lower, upper) } && (lower < 0 || !(upper > 0)))
            {
                values.Fault(
                    entryPath, entry.Location, Invariant($"the density profile of species {entry.Key} reaches from {lower} to {upper}"),
                    "a density is nowhere below 0, and somewhere above it");
            }

            densities[a] = density is ConstantProfile ? null : density;
        }

        return densities.All(d => d is null) ? default : [.. densities];
    }
}
