using System.Text;
using System.Text.Json;

namespace ActorMD.Files.Cases;

/// <summary>The reference of the case file for people: every key of the schema with its type, default and meaning, as Markdown.</summary>
public static class CaseReference
{
    private const string Header = """
        # Case file: all keys

        This page is made from the JSON Schema of the case file by `actormd schema --markdown`; a test holds it to that. The schema itself,
        for editors, is printed by `actormd schema`. How cases are made and used is told in [user-guide.md](user-guide.md) and
        [tutorial.md](tutorial.md).

        `species[].name` is the key `name` of every item of the list `species`; `NAME` stands for the name of a species. Required keys are
        **bold**.


        """;

    /// <summary>The page.</summary>
    public static string Markdown()
    {
        using JsonDocument document = JsonDocument.Parse(CaseSchema.Text);
        JsonElement root = document.RootElement;
        StringBuilder text = new(Header);
        text.Append(Meaning(root)).Append("\n\n");
        foreach (JsonProperty section in root.GetProperty("properties").EnumerateObject())
        {
            text.Append("## ").Append(section.Name).Append("\n\n| key | type | default | meaning |\n| --- | --- | --- | --- |\n");
            Add(text, root, section.Name, section.Value, IsRequired(root, section.Name));
            text.Append('\n');
        }

        text.Append("## Profiles along an axis\n\n").Append(Meaning(root.GetProperty("$defs").GetProperty("profile")))
            .Append(" One of:\n\n| key | type | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (JsonElement shape in root.GetProperty("$defs").GetProperty("profile").GetProperty("oneOf").EnumerateArray())
        {
            JsonProperty only = shape.GetProperty("properties").EnumerateObject().Single();
            Add(text, root, only.Name, only.Value, isRequired: false);
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, JsonElement root, string path, JsonElement schema, bool isRequired)
    {
        JsonElement meant = schema.TryGetProperty("$ref", out JsonElement reference) && reference.GetString() != "#/$defs/profile"
            ? Resolve(root, reference) : schema;
        string key = isRequired ? $"**`{path}`**" : $"`{path}`";
        text.Append($"| {key} | {TypeOf(root, meant)} | {DefaultOf(schema)} | {Meaning(schema)} |\n");
        foreach ((string suffix, JsonElement inner) in Objects(meant))
        {
            if (inner.TryGetProperty("properties", out JsonElement properties))
            {
                foreach (JsonProperty property in properties.EnumerateObject())
                {
                    Add(text, root, $"{path}{suffix}.{property.Name}", property.Value, IsRequired(inner, property.Name));
                }
            }
        }
    }

    // The objects that a value may be: itself, the items of a list, the values of a map, or one of several.
    private static IEnumerable<(string Suffix, JsonElement Schema)> Objects(JsonElement schema)
    {
        if (schema.TryGetProperty("properties", out _))
        {
            yield return ("", schema);
        }

        if (schema.TryGetProperty("items", out JsonElement items))
        {
            yield return ("[]", items);
        }

        if (schema.TryGetProperty("additionalProperties", out JsonElement values) && values.ValueKind == JsonValueKind.Object)
        {
            yield return (".NAME", values);
        }

        if (schema.TryGetProperty("oneOf", out JsonElement choices))
        {
            foreach ((string suffix, JsonElement inner) in choices.EnumerateArray().SelectMany(Objects))
            {
                yield return (suffix, inner);
            }
        }
    }

    private static string TypeOf(JsonElement root, JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            return reference.GetString() == "#/$defs/profile" ? "[profile](#profiles-along-an-axis)"
                : TypeOf(root, Resolve(root, reference));
        }

        if (schema.TryGetProperty("const", out JsonElement constant))
        {
            return $"`{constant}`";
        }

        if (schema.TryGetProperty("enum", out JsonElement words))
        {
            return string.Join(", ", words.EnumerateArray().Select(word => $"`{word}`"));
        }

        // Where the type stands beside the choices they only say which keys go together.
        if (!schema.TryGetProperty("type", out _) && schema.TryGetProperty("oneOf", out JsonElement choices))
        {
            return string.Join(" or ", choices.EnumerateArray().Select(choice => TypeOf(root, choice)));
        }

        string type = schema.TryGetProperty("type", out JsonElement named) && named.ValueKind == JsonValueKind.String ? named.GetString()!
            : "string";
        return type switch
        {
            "array" => $"list of {TypeOf(root, schema.GetProperty("items"))}",
            "object" => "map",
            "string" => "text",
            _ => type + Range(schema),
        };
    }

    private static string Range(JsonElement schema)
    {
        List<string> bounds = [];
        foreach ((string key, string sign) in ((string, string)[])[
            ("exclusiveMinimum", "above "), ("minimum", "from "), ("maximum", "to ")])
        {
            if (schema.TryGetProperty(key, out JsonElement bound))
            {
                bounds.Add(sign + bound.GetRawText());
            }
        }

        return bounds.Count == 0 ? "" : " " + string.Join(' ', bounds);
    }

    private static string DefaultOf(JsonElement schema) =>
        schema.TryGetProperty("default", out JsonElement value) ? $"`{value.GetRawText()}`" : "";

    private static string Meaning(JsonElement schema) =>
        schema.TryGetProperty("description", out JsonElement text) ? text.GetString()!.Replace("|", "\\|", StringComparison.Ordinal) : "";

    private static bool IsRequired(JsonElement schema, string key) =>
        schema.TryGetProperty("required", out JsonElement required) && required.EnumerateArray().Any(name => name.GetString() == key);

    private static JsonElement Resolve(JsonElement root, JsonElement reference) =>
        root.GetProperty("$defs").GetProperty(reference.GetString()!.Split('/')[^1]);
}
