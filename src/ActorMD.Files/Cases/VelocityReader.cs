using System.Collections.Immutable;
using ActorMD.Files.Yaml;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

/// <summary>Reads the laws of velocities, species by species.</summary>
internal sealed class VelocityReader(ValueReader values, ProfileReader profiles)
{
    internal const string Example = "{ A: { temperature: 1, mean: [0, 0, 0] } }";

    private const string SumExample = "sum: [{ weight: 1, temperature: 1 }, { weight: 2, temperature: 3 }]";

    private static readonly Dictionary<string, ShapeName> Shapes = new()
    {
        ["maxwellian"] = ShapeName.Maxwellian,
        ["compact"] = ShapeName.Compact,
        ["polynomial"] = ShapeName.Polynomial,
        ["power"] = ShapeName.Power,
    };

    private enum ShapeName
    {
        Maxwellian,
        Compact,
        Polynomial,
        Power,
    }

    public ImmutableArray<VelocityLaw> Read(MapReader initial, YamlTree? node, Gas gas)
    {
        KeyPath path = initial.PathOf("velocities");
        VelocityLaw[] species = [.. gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))];
        if (node is not (null or YamlMap))
        {
            values.Fault(
                path, node.Location, $"'initial.velocities' is {node.Kind}, not a mapping of species",
                $"write it like {Example}, or the word file with positions from a file");
        }

        if (node is YamlMap map)
        {
            foreach ((YamlEntry entry, int a) in SpeciesKeys.Entries(values, map, path, gas))
            {
                species[a] = ReadLaw(entry, path.Named(entry.Key), gas);
            }
        }

        return [.. species];
    }

    private VelocityLaw ReadLaw(YamlEntry entry, KeyPath path, Gas gas)
    {
        MapReader reader = new(values, entry.Value, entry.Location, path, $"{entry.Key}: {{ temperature: 1 }}");
        YamlTree? sumNode = reader.Optional("sum");
        VelocityPart whole = ReadPart(reader, path, entry.Key, 1, gas);
        reader.Finish();
        if (sumNode is null)
        {
            return Simplified(whole);
        }

        KeyPath sumPath = reader.PathOf("sum");
        foreach (
            YamlEntry other in ((YamlMap)entry.Value).Entries.Where(e => e.Key is "temperature" or "mean" or "shape" or "spread" or "tail"))
        {
            values.Fault(
                path.Key(other.Key), other.Location, $"'{other.Key}' stands beside 'sum'", "give it in the parts of the sum");
        }

        List<VelocityPart> parts = [];
        foreach ((YamlTree item, KeyPath itemPath) in reader.Items("sum", sumNode, "name", SumExample))
        {
            MapReader part = new(values, item, item.Location, itemPath, "{ weight: 1, temperature: 2 }");
            double weight = part.Number("weight", "the share of the particles, relative to the other parts, above 0");
            if (weight <= 0)
            {
                values.Fault(
                    part.PathOf("weight"), part.LocationOf("weight"), Invariant($"the weight is {weight}"), "give a number above 0");
            }

            parts.Add(ReadPart(part, itemPath, entry.Key, weight, gas));
            part.Finish();
        }

        if (parts.Count == 0 && sumNode is YamlList)
        {
            values.Fault(sumPath, sumNode.Location, "the sum has no parts", $"write it like {SumExample}");
        }

        return parts.Count == 0 ? new Maxwellian(1, Vec3.Zero) : new VelocitySum([.. parts]);
    }

    // A Maxwellian that is the same everywhere is written as such.
    private static VelocityLaw Simplified(VelocityPart part) =>
        part is { Shape: MaxwellianShape, Temperature: ConstantProfile { Value: var temperature } }
        && part.Mean.All(m => m is ConstantProfile)
            ? new Maxwellian(temperature, new Vec3(part.Mean[0].Range.Lower, part.Mean[1].Range.Lower, part.Mean[2].Range.Lower))
            : new VelocitySum([part]);

    private VelocityPart ReadPart(MapReader reader, KeyPath path, string species, double weight, Gas gas)
    {
        Profile? temperature = reader.Optional("temperature") is { } node
            ? profiles.Read(node, reader.PathOf("temperature"), gas, "a temperature, 0 or more")
            : new ConstantProfile(1);
        if (temperature is { Range.Lower: < 0 and var lower })
        {
            values.Fault(
                path.Subject + ".temperature",
                temperature is ConstantProfile
                    ? Invariant($"the temperature of species {species} is {lower}")
                    : Invariant($"the temperature of species {species} falls to {lower}"),
                "give 0 or more");
        }

        return new VelocityPart(weight, ReadShape(reader, gas.Dimension), temperature ?? new ConstantProfile(1), ReadMean(reader, gas));
    }

    private VelocityShape ReadShape(MapReader reader, int dimension)
    {
        YamlTree? shapeNode = reader.Optional("shape");
        YamlTree? spreadNode = reader.Optional("spread");
        ShapeName shape = shapeNode is null
            ? ShapeName.Maxwellian
            : values.Word(shapeNode, reader.PathOf("shape"), Shapes) ?? ShapeName.Maxwellian;
        int? tail = ReadTail(reader, shape);
        double spreadMax = PolynomialShape.SpreadMax(dimension);
        if (shape != ShapeName.Polynomial)
        {
            if (spreadNode is not null)
            {
                values.Fault(
                    reader.PathOf("spread"), spreadNode.Location, "'spread' has a meaning for the shape polynomial only",
                    "remove it, or give shape: polynomial");
            }

            return shape switch
            {
                ShapeName.Compact => new CompactShape(),
                ShapeName.Power => new PowerShape(tail ?? PowerShape.TailMin),
                _ => new MaxwellianShape(),
            };
        }

        string expected = Invariant($"a number from 0 to 2/(d+2) = {spreadMax:G3}");
        double spread = spreadNode is null ? spreadMax : values.Number(spreadNode, reader.PathOf("spread"), expected);
        if (spread < 0 || spread > spreadMax)
        {
            values.Fault(
                reader.PathOf("spread"), spreadNode!.Location, Invariant($"with a spread of {spread} the law would be negative somewhere"),
                $"give {expected}");
        }

        return new PolynomialShape(spread);
    }

    private int? ReadTail(MapReader reader, ShapeName shape)
    {
        KeyPath path = reader.PathOf("tail");
        if (reader.Optional("tail") is not { } node)
        {
            if (shape == ShapeName.Power)
            {
                values.Fault(
                    path, reader.LocationOf("tail"), "the shape power has no tail",
                    "give tail: 5, for example: moments from this order on are infinite");
            }

            return null;
        }

        string expected = Invariant($"a whole number, at least {PowerShape.TailMin}: moments from this order on are infinite");
        int? tail = values.Whole(node, path, expected);
        if (shape != ShapeName.Power)
        {
            values.Fault(path, node.Location, "'tail' has a meaning for the shape power only", "remove it, or give shape: power");
        }
        else if (tail < PowerShape.TailMin)
        {
            values.Fault(path, node.Location, Invariant($"with a tail of {tail} the law has no temperature"), $"give {expected}");
        }

        else if (tail > PowerShape.TailMax)
        {
            values.Fault(
                path, node.Location,
                Invariant($"a law with a tail of {tail} cannot be told from a Maxwellian, and every velocity takes {tail} random numbers"),
                Invariant($"give at most {PowerShape.TailMax}, or shape: maxwellian"));
            return null;
        }

        return tail < PowerShape.TailMin ? null : tail;
    }

    private ImmutableArray<Profile> ReadMean(MapReader reader, Gas gas)
    {
        Profile[] mean = [new ConstantProfile(0), new ConstantProfile(0), new ConstantProfile(0)];
        KeyPath path = reader.PathOf("mean");
        YamlTree? node = reader.Optional("mean");
        if (node is null)
        {
            return [.. mean];
        }

        if (node is not YamlList list || list.Items.Length != gas.Dimension)
        {
            values.Fault(
                path, node.Location,
                node is YamlList wrong
                    ? Invariant($"'{path.Display}' has {wrong.Items.Length} components in {gas.Dimension} dimensions")
                    : $"'{path.Display}' is {node.Kind}, not a list",
                node is YamlList
                    ? Invariant($"give {gas.Dimension} numbers: the mean velocity")
                    : Invariant($"give a list of {gas.Dimension} numbers: the mean velocity"));
            return [.. mean];
        }

        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            KeyPath item = path.Item(axis);
            values.Remember(item, list.Items[axis].Location);
            mean[axis] = profiles.Read(list.Items[axis], item, gas, "a number, a velocity") ?? mean[axis];
        }

        return [.. mean];
    }
}
