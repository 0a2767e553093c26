using System.Globalization;
using ActorMD.Files.Yaml;
using ActorMD.Physics;

namespace ActorMD.Files.Cases;

/// <summary>Reads and writes <c>distribution</c> of a species: every particle has its own diameter and mass.</summary>
internal static class SizeReader
{
    private const string Key = "distribution", Example = "distribution: { kind: lognormal, mean: 0.02, deviation: 0.004 }";
    private const string ListExample = "a list of numbers above 0";

    private static readonly Dictionary<string, SizeForm> Words = new()
    {
        ["uniform"] = SizeForm.Uniform,
        ["normal"] = SizeForm.Normal,
        ["lognormal"] = SizeForm.LogNormal,
        ["schulz"] = SizeForm.Schulz,
        ["power"] = SizeForm.PowerLaw,
        ["histogram"] = SizeForm.Histogram,
        ["values"] = SizeForm.Values,
    };

    /// <summary>The species with its distribution; null where it has none. After a fault its diameter is no number.</summary>
    /// <param name="values">Where faults go.</param>
    /// <param name="species">The map that may have the key.</param>
    /// <param name="name">Of the species.</param>
    /// <param name="mass">Of a particle with the mean diameter.</param>
    /// <param name="count">Number of particles; null if it is not known.</param>
    public static Species? Read(ValueReader values, MapReader species, string name, double mass, int? count)
    {
        if (species.Optional(Key) is not { } node)
        {
            return null;
        }

        int faults = values.Faults.Count;
        KeyPath path = species.PathOf(Key);
        if (species.Optional("diameter") is { } diameter)
        {
            values.Fault(
                species.PathOf("diameter"), diameter.Location, "there are both 'diameter' and 'distribution'", "keep one of them");
        }

        MapReader map = new(values, node, species.LocationOf(Key), path, Example);
        SizeForm? form = map.Required("kind", "one of " + string.Join(", ", Words.Keys)) is { } word
            ? values.Word(word, map.PathOf("kind"), Words) : null;
        double[] numbers = form switch
        {
            SizeForm.Uniform => [Diameter(map, "min"), Diameter(map, "max")],
            SizeForm.PowerLaw =>
                [map.Number("exponent", "the power with which the density falls"), Diameter(map, "min"), Diameter(map, "max")],
            SizeForm.Histogram => [.. List(values, map, "edges"), .. List(values, map, "shares")],
            SizeForm.Values => Shared(List(values, map, "values"), map.Optional("shares") is null ? null : List(values, map, "shares")),
            null => [],
            { } peak => Peak(map, peak),
        };
        double power = map.NumberOrNull("mass_power", "the power of the diameter that masses go with") ?? 0;
        if (form is not null)
        {
            map.Finish();
        }

        values.Hide(species.PathOf("diameter"));
        if (values.Faults.Count > faults || form is null || count is not > 0 || !(mass > 0) || numbers.Any(double.IsNaN))
        {
            if (values.Faults.Count == faults && count <= 0)
            {
                values.Fault(path, node.Location, "there are no particles to be given sizes", "give a count above 0, or a diameter");
            }

            return new Species(name, mass, double.NaN);
        }

        SizeDistribution sizes = new(form.Value, [.. numbers], mass, power, count.Value);
        if (SizeForms.Problem(sizes) is { } problem)
        {
            values.Fault(path, node.Location, $"this is no distribution of diameters: {problem}", "write it like " + Example);
            return new Species(name, mass, double.NaN);
        }

        return Species.Of(name, sizes);
    }

    /// <summary>The value of the key, from which the same distribution is read.</summary>
    public static string Write(SizeDistribution sizes)
    {
        string word = Words.Single(entry => entry.Value == sizes.Form).Key;
        IReadOnlyList<double> numbers = sizes.Numbers;
        int half = numbers.Count / 2;
        string parameters = sizes.Form switch
        {
            SizeForm.Uniform => $"min: {Text(numbers[0])}, max: {Text(numbers[1])}",
            SizeForm.PowerLaw => $"exponent: {Text(numbers[0])}, min: {Text(numbers[1])}, max: {Text(numbers[2])}",
            SizeForm.Histogram => $"edges: {Texts(numbers.Take(half + 1))}, shares: {Texts(numbers.Skip(half + 1))}",
            SizeForm.Values => $"values: {Texts(numbers.Take(half))}, shares: {Texts(numbers.Skip(half))}",
            _ => $"mean: {Text(numbers[0])}, deviation: {Text(numbers[1])}, min: {Text(numbers[2])}, max: {Text(numbers[3])}",
        };
        return $"{{ kind: {word}, {parameters}, mass_power: {Text(sizes.MassPower)} }}";
    }

    private static double[] Peak(MapReader map, SizeForm form)
    {
        double mean = Diameter(map, "mean"), deviation = map.Number("deviation", "the standard deviation of the diameters, above 0");
        (double low, double high) = mean > 0 && deviation > 0 ? SizeForms.DefaultRange(form, mean, deviation) : (double.NaN, double.NaN);
        return
        [
            mean, deviation, map.NumberOrNull("min", "the smallest diameter, above 0") ?? low,
            map.NumberOrNull("max", "the largest diameter") ?? high,
        ];
    }

    private static double Diameter(MapReader map, string key) => map.Number(key, "a diameter above 0");

    private static double[] Shared(double[] diameters, double[]? shares) => [.. diameters, .. shares ?? [.. diameters.Select(_ => 1.0)]];

    private static double[] List(ValueReader values, MapReader map, string key)
    {
        YamlTree? node = map.Required(key, ListExample);
        if (node is YamlList list)
        {
            return [.. list.Items.Select((item, k) => values.Number(item, map.PathOf(key).Item(k), "a number above 0"))];
        }

        if (node is not null)
        {
            values.Fault(map.PathOf(key), node.Location, $"'{key}' is {node.Kind}, not a list", "give " + ListExample);
        }

        return [];
    }

    private static string Texts(IEnumerable<double> numbers) => $"[{string.Join(", ", numbers.Select(Text))}]";

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
