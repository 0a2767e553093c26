using System.Collections.Immutable;
using ActorMD.Files.Yaml;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

// Numbers of a case that may depend on the position.
internal sealed partial class CaseReader
{
    private const string ProfileExample = "{ cosine: { axis: x, mean: 1, amplitude: 0.5 } }";

    private static readonly Dictionary<string, int> AxisNames = new() { ["x"] = 0, ["y"] = 1, ["z"] = 2 };

    // A number, or a mapping with the name of one kind of profile. Null after a fault. All kinds are asked for every time, so that
    // their keys are known.
    private Profile? ReadProfile(YamlTree node, KeyPath path, Gas gas, string expected)
    {
        YamlTree? mapping = node is YamlMap ? node : null;
        MapReader map = new(_reading, mapping, node.Location, path, ProfileExample);
        int faultsBefore = _reading.Faults.Count;
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
            double number = _reading.Number(node, path, expected + ", or a profile like " + ProfileExample);
            return double.IsNaN(number) ? null : new ConstantProfile(number);
        }

        Profile[] given = [.. kinds.OfType<Profile>()];
        if (_reading.Faults.Count == faultsBefore && given.Length != 1)
        {
            _reading.Fault(
                path, node.Location, given.Length == 0 ? "the profile has no kind" : "the profile has several kinds",
                "give one of cosine, cusp, step, gaussian, table");
        }

        return _reading.Faults.Count == faultsBefore ? given[0] : null;
    }

    private Profile? ReadKind(MapReader map, string kind, string example, Gas gas, Func<MapReader, int, Profile?> read)
    {
        YamlTree? node = map.Optional(kind);
        MapReader reader = new(_reading, node, map.LocationOf(kind), map.PathOf(kind), example);
        YamlTree? axisNode = reader.Required("axis", "the axis along which the number changes: x, y or z");
        int? axis = axisNode is null ? null : _reading.Word(axisNode, reader.PathOf("axis"), AxisNames);
        if (axis >= gas.Dimension)
        {
            _reading.Fault(reader.PathOf("axis"), axisNode!.Location, "there is no axis z in two dimensions", "give x or y");
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
        int? waves = wavesNode is null ? 1 : _reading.Whole(wavesNode, reader.PathOf("waves"), "a whole number above 0");
        double phase = reader.NumberOrNull("phase", "a share of a turn") ?? 0;
        if (waves < 1)
        {
            _reading.Fault(reader.PathOf("waves"), wavesNode!.Location, Invariant($"the number of waves is {waves}"), "give 1 or more");
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
            _reading.Fault(
                reader.PathOf("to"), reader.LocationOf("to"), Invariant($"the layer ends at {to} and begins at {from}"), "give a larger end");
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
            _reading.Fault(reader.PathOf("width"), reader.LocationOf("width"), Invariant($"the width is {width}"), "give a length above 0");
        }

        return new GaussianProfile(axis, background, height, centre, width);
    }

    private Profile? ReadTable(MapReader reader, int axis)
    {
        ImmutableArray<double> coordinates = ReadNumbers(reader, "at", "a list of rising coordinates");
        ImmutableArray<double> values = ReadNumbers(reader, "values", "a list of numbers, one per coordinate");
        if (coordinates.IsEmpty || values.IsEmpty)
        {
            return null;
        }

        if (coordinates.Length != values.Length)
        {
            _reading.Fault(
                reader.PathOf("values"), reader.LocationOf("values"),
                Invariant($"there are {values.Length} values for {coordinates.Length} coordinates"), "give one value per coordinate");
            return null;
        }

        if (coordinates.Zip(coordinates[1..]).Any(pair => pair.First >= pair.Second))
        {
            _reading.Fault(reader.PathOf("at"), reader.LocationOf("at"), "the coordinates do not rise", "sort them; each must be larger than the last");
        }

        return new TableProfile(axis, coordinates, values);
    }

    private ImmutableArray<double> ReadNumbers(MapReader reader, string key, string expected)
    {
        YamlTree? node = reader.Required(key, expected);
        KeyPath path = reader.PathOf(key);
        if (node is not (null or YamlList { Items.Length: > 0 }))
        {
            _reading.Fault(path, node.Location, $"'{path.Display}' is {node.Kind}", $"give {expected}");
        }

        return node is YamlList list ? [.. list.Items.Select((item, n) => _reading.Number(item, path.Item(n), "a number"))] : [];
    }

    private ImmutableArray<Profile?> ReadDensities(MapReader positions, PositionMethod? method, Gas gas)
    {
        KeyPath path = positions.PathOf("density");
        YamlTree? node = positions.Optional("density");
        if (node is null)
        {
            return default;
        }

        if (method is not (null or PositionMethod.Conditioned))
        {
            _reading.Fault(
                path, node.Location, "'density' has a meaning for the method conditioned only", "remove it, or give method: conditioned");
        }

        if (node is not YamlMap map)
        {
            _reading.Fault(path, node.Location, $"'{path.Display}' is {node.Kind}, not a mapping of species", $"write it like {{ A: {ProfileExample} }}");
            return default;
        }

        Profile?[] densities = new Profile?[gas.Species.Length];
        foreach ((YamlEntry entry, int a) in OfSpecies(map, path, gas))
        {
            KeyPath entryPath = path.Named(entry.Key);
            Profile? density = ReadProfile(entry.Value, entryPath, gas, "a relative density above 0");
            if (density is { Range: var (lower, upper) } && (lower < 0 || !(upper > 0)))
            {
                _reading.Fault(
                    entryPath, entry.Location, Invariant($"the density profile of species {entry.Key} reaches from {lower} to {upper}"),
                    "a density is nowhere below 0, and somewhere above it");
            }

            densities[a] = density is ConstantProfile ? null : density;
        }

        return densities.All(d => d is null) ? default : [.. densities];
    }

    // The entries of a mapping by species, with the index of each; unknown names are faults.
    private IEnumerable<(YamlEntry Entry, int Species)> OfSpecies(YamlMap map, KeyPath path, Gas gas)
    {
        // A species without a usable name is reported already, and may be the one that is meant.
        bool speciesAreNamed = !gas.Species.IsEmpty && gas.Species.All(s => SpeciesNamePattern().IsMatch(s.Name));
        foreach (YamlEntry entry in map.Entries)
        {
            int a = FindSpecies(gas, entry.Key);
            if (a >= 0)
            {
                yield return (entry, a);
            }
            else if (speciesAreNamed)
            {
                _reading.Fault(
                    path.Named(entry.Key), entry.Location, $"there is no species '{entry.Key}'",
                    Suggestion.Remedy(entry.Key, [.. gas.Species.Select(s => s.Name)]));
            }
        }
    }
}
