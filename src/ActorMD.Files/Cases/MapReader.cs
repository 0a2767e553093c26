using ActorMD.Files.Yaml;

namespace ActorMD.Files.Cases;

/// <summary>Reads one mapping of a case file key by key; a key that was not asked for is unknown.</summary>
internal sealed class MapReader
{
    private readonly ValueReader _values;
    private readonly YamlMap? _map;
    private readonly SourceLocation _location;
    private readonly KeyPath _path;
    private readonly List<string> _asked = [];

    /// <param name="values">Where faults go.</param>
    /// <param name="node">The mapping; null when it is left out: then every key takes its default.</param>
    /// <param name="location">Where it stands, or should stand.</param>
    /// <param name="path">Its key.</param>
    /// <param name="example">What would be right, when it is no mapping.</param>
    public MapReader(ValueReader values, YamlTree? node, SourceLocation location, KeyPath path, string example)
    {
        _values = values;
        _location = location;
        _path = path;
        _map = node as YamlMap;
        if (node is not (null or YamlMap))
        {
            string what = path.Display.Length == 0 ? "the case" : $"'{path.Display}'";
            values.Fault(path, node.Location, $"{what} is {node.Kind}, not a mapping of keys to values", $"write it like {example}");
        }
    }

    /// <summary>Where the value of the key stands, or where the mapping does.</summary>
    public SourceLocation LocationOf(string key) => _map?.Find(key)?.Location ?? _location;

    public KeyPath PathOf(string key) => _path.Key(key);

    /// <summary>The value of an optional key; null when it is left out or empty.</summary>
    public YamlTree? Optional(string key)
    {
        _asked.Add(key);
        KeyPath path = _path.Key(key);
        _values.KnownKeys.Add(path.Pattern);
        YamlEntry? entry = _map?.Find(key);
        if (entry is null)
        {
            return null;
        }

        _values.Remember(path, entry.Value.IsNull ? entry.Location : entry.Value.Location);
        return entry.Value.IsNull ? null : entry.Value;
    }

    /// <summary>The value of a key that must be there when the mapping is; null after a fault.</summary>
    public YamlTree? Required(string key, string expected)
    {
        YamlTree? value = Optional(key);
        if (value is not null || _map is null)
        {
            return value;
        }

        bool isEmpty = _map.Find(key) is not null;
        string inside = _path.Display.Length == 0 ? "" : $" in '{_path.Display}'";
        _values.Fault(
            _path.Key(key), LocationOf(key), isEmpty ? $"the key '{key}'{inside} has no value" : $"the key '{key}' is missing{inside}",
            $"give {expected}");
        return null;
    }

    /// <summary>Reports all keys that were not asked for.</summary>
    public void Finish()
    {
        foreach (YamlEntry entry in _map?.Entries ?? [])
        {
            if (_asked.Contains(entry.Key))
            {
                continue;
            }

            bool followsComma = entry.Value.IsNull && entry.Key.Length > 0 && entry.Key.All(char.IsAsciiDigit);
            _values.Fault(
                _path.Key(entry.Key), entry.Location, $"the key '{entry.Key}' is not known",
                followsComma ? "write numbers without commas: 8000, not 8,000; 0.5, not 0,5" : Suggestion.Remedy(entry.Key, _asked));
        }
    }

    /// <summary>A required number; NaN after a fault, or when the mapping is left out.</summary>
    public double Number(string key, string expected) =>
        Required(key, expected) is { } node ? _values.Number(node, _path.Key(key), expected) : double.NaN;

    /// <summary>An optional number; NaN after a fault.</summary>
    public double? NumberOrNull(string key, string expected) =>
        Optional(key) is { } node ? _values.Number(node, _path.Key(key), expected) : null;

    /// <summary>A required whole number; null after a fault, or when the mapping is left out.</summary>
    public int? Whole(string key, string expected) =>
        Required(key, expected) is { } node ? _values.Whole(node, _path.Key(key), expected) : null;

    /// <summary>The items of an optional list, each with its path; empty when left out or after a fault.</summary>
    /// <param name="key">The list's key.</param>
    /// <param name="node">Its value.</param>
    /// <param name="label">The key of an item whose value names it.</param>
    /// <param name="example">What would be right, when it is no list.</param>
    public List<(YamlTree Node, KeyPath Path)> Items(string key, YamlTree? node, string label, string example)
    {
        List<(YamlTree, KeyPath)> items = [];
        KeyPath path = _path.Key(key);
        if (node is null)
        {
            return items;
        }

        if (node is not YamlList list)
        {
            _values.Fault(path, node.Location, $"'{path.Display}' is {node.Kind}, not a list", $"write each item like {example}");
            return items;
        }

        HashSet<string> labels = [];
        for (int i = 0; i < list.Items.Length; i++)
        {
            string? name = ((list.Items[i] as YamlMap)?.Find(label)?.Value as YamlText)?.Text;
            KeyPath item = path.Item(i, name is { Length: > 0 } && labels.Add(name) ? name : null);
            _values.Remember(item, list.Items[i].Location);
            items.Add((list.Items[i], item));
        }

        return items;
    }
}
