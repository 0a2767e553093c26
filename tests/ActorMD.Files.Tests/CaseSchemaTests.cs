using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Yaml;

namespace ActorMD.Files.Tests;

public class CaseSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(CaseSchema.Text)!.AsObject();

    [Fact]
    public void Schema_and_reader_know_the_same_keys()
    {
        ValueReader reading = new(Cases.Path);
        CaseFile.Parse(Cases.Everything, reading, [], readParticles: false);
        CaseFile.Parse(Cases.Observed, reading, [], readParticles: false);
        CaseFile.Parse(Cases.Sized, reading, [], readParticles: false);
        SortedSet<string> ofSchema = new(StringComparer.Ordinal);
        CollectKeys(Schema, "", ofSchema);
        Assert.Equal(ofSchema, reading.KnownKeys);
    }

    [Fact]
    public void Every_key_of_the_schema_is_described()
    {
        List<string> mute = [];
        CollectMute(Schema, "", mute);
        Assert.Empty(mute);
    }

    [Theory, InlineData(Cases.Base), InlineData(Cases.Minimal), InlineData(Cases.Everything)]
    [InlineData(Cases.Observed), InlineData(Cases.Sized)]
    public void What_the_reader_accepts_the_schema_accepts(string yaml)
    {
        Cases.Valid(yaml);
        Assert.Empty(Check(yaml));
        Assert.Empty(Check(CaseFile.Write(Cases.Valid(yaml))));
    }

    [Theory]
    [InlineData("seed: 7", "sed: 7")]
    [InlineData("mass: 1,", "mass: 0,")]
    [InlineData("mass: 1,", "mass: heavy,")]
    [InlineData("mass: 1,", "")]
    [InlineData("periodic", "perodic")]
    [InlineData("count: 100", "count: 1.5")]
    [InlineData("dimensions: 3", "dimensions: 4")]
    [InlineData("name: B", "name: 'A,B'")]
    [InlineData("velocities: {", "velocities: { B: { temp: 1 }, ")]
    [InlineData("until: 1", "until: 1, sample: -1")]
    [InlineData("[1, 1, 1]", "[1]")]
    public void What_the_schema_refuses_the_reader_refuses(string from, string to)
    {
        string yaml = Cases.Base.Replace(from, to);
        Assert.NotEqual(Cases.Base, yaml);
        Assert.NotEmpty(Check(yaml));
        Assert.NotEmpty(Cases.Load(yaml).Faults);
    }

    [Fact]
    public void All_examples_follow_the_schema_and_are_read()
    {
        string[] examples = Directory.GetFiles(Path.Combine(Repository.Root, "examples"), "*.yaml");
        Assert.NotEmpty(examples);
        foreach (string path in examples)
        {
            CaseLoad load = CaseFile.Load(path, []);
            Assert.True(load.Case is not null, string.Join('\n', load.Faults));
            Assert.Empty(Check(File.ReadAllText(path)));
        }
    }

    // The keys of the schema as patterns: species[].mass, initial.velocities.*.temperature.
    private static void CollectKeys(JsonObject schema, string path, SortedSet<string> keys)
    {
        if (schema["$ref"] is { } reference)
        {
            CollectKeys(Schema["$defs"]![reference.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), path, keys);
        }

        foreach ((string key, JsonNode? value) in schema["properties"]?.AsObject() ?? [])
        {
            string inner = path.Length == 0 ? key : $"{path}.{key}";
            keys.Add(inner);
            CollectKeys(value!.AsObject(), inner, keys);
        }

        if (schema["additionalProperties"] is JsonObject any)
        {
            CollectKeys(any, path + ".*", keys);
        }

        if (schema["items"] is JsonObject items)
        {
            CollectKeys(items, path + "[]", keys);
        }

        foreach (JsonNode? choice in schema["oneOf"]?.AsArray() ?? [])
        {
            CollectKeys(choice!.AsObject(), path, keys);
        }
    }

    private static void CollectMute(JsonNode? node, string path, List<string> mute)
    {
        foreach ((string key, JsonNode? value) in (node as JsonObject)?["properties"]?.AsObject() ?? [])
        {
            if (value?["description"] is null)
            {
                mute.Add($"{path}.{key}");
            }
        }

        foreach ((string key, JsonNode? value) in node as JsonObject ?? [])
        {
            CollectMute(value, $"{path}.{key}", mute);
        }
    }

    private static List<string> Check(string yaml)
    {
        List<InputFault> faults = [];
        YamlTree tree = YamlTreeReader.Read(yaml, line => new SourceLocation("", line), faults)
            ?? throw new InvalidOperationException(string.Join('\n', faults));
        List<string> errors = [];
        Check(Schema, tree, "", errors);
        return errors;
    }

    // The keywords that the schema uses, no more: an unknown one fails the test.
    private static void Check(JsonObject schema, YamlTree value, string path, List<string> errors)
    {
        foreach ((string keyword, JsonNode? argument) in schema)
        {
            bool holds = keyword switch
            {
                "$schema" or "$defs" or "title" or "description" or "default" => true,
                "$ref" => Holds(Schema["$defs"]![argument!.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), value),
                "type" => argument is JsonArray types
                    ? types.Any(t => HasType(value, t!.GetValue<string>()))
                    : HasType(value, argument!.GetValue<string>()),
                "enum" => argument!.AsArray().Any(choice => IsConstant(value, choice!)),
                "const" => IsConstant(value, argument!),
                "oneOf" => argument!.AsArray().Count(choice => Holds(choice!.AsObject(), value)) == 1,
                "required" => value is not YamlMap map || argument!.AsArray().All(key => map.Find(key!.GetValue<string>()) is not null),
                "additionalProperties" => value is not YamlMap map || map.Entries
                    .Where(e => schema["properties"]?[e.Key] is null).All(e => argument is JsonObject any && Holds(any, e.Value)),
                "properties" => CheckProperties(argument!.AsObject(), value, path, errors),
                "items" => value is not YamlList list || list.Items.All(item => Holds(argument!.AsObject(), item)),
                "minItems" => value is not YamlList list || list.Items.Length >= argument!.GetValue<int>(),
                "maxItems" => value is not YamlList list || list.Items.Length <= argument!.GetValue<int>(),
                "minimum" => Number(value) is not { } number || number >= argument!.GetValue<double>(),
                "maximum" => Number(value) is not { } number || number <= argument!.GetValue<double>(),
                "exclusiveMinimum" => Number(value) is not { } number || number > argument!.GetValue<double>(),
                "pattern" => value is not YamlText text || Regex.IsMatch(text.Text, argument!.GetValue<string>()),
                _ => throw new InvalidOperationException($"keyword {keyword} is not checked"),
            };
            if (!holds)
            {
                errors.Add($"{path}: {keyword}");
            }
        }
    }

    private static bool Holds(JsonObject schema, YamlTree value)
    {
        List<string> errors = [];
        Check(schema, value, "", errors);
        return errors.Count == 0;
    }

    private static bool CheckProperties(JsonObject properties, YamlTree value, string path, List<string> errors)
    {
        foreach (YamlEntry entry in (value as YamlMap)?.Entries ?? [])
        {
            if (properties[entry.Key] is JsonObject property)
            {
                Check(property, entry.Value, $"{path}.{entry.Key}", errors);
            }
        }

        return true;
    }

    private static bool HasType(YamlTree value, string type) => type switch
    {
        "object" => value is YamlMap,
        "array" => value is YamlList,
        "number" => Number(value) is not null,
        "integer" => Number(value) is { } number && Math.Floor(number) == number,
        "boolean" => value is YamlText { IsPlain: true, Text: "true" or "false" },
        "string" => value is YamlText && Number(value) is null && !HasType(value, "boolean"),
        _ => throw new InvalidOperationException($"type {type} is not checked"),
    };

    private static double? Number(YamlTree value) =>
        value is YamlText { IsPlain: true } text
        && double.TryParse(text.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static bool IsConstant(YamlTree value, JsonNode constant) =>
        value is YamlText text
        && text.Text == (constant.GetValueKind() == JsonValueKind.String ? constant.GetValue<string>() : constant.ToJsonString());
}
