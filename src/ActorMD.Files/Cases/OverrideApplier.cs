using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Inputs;
using ActorMD.Files.Yaml;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

/// <summary>Puts values from the command line into the tree of a case, before it is read: they are checked like all others.</summary>
internal static class OverrideApplier
{
    public static YamlTree Apply(YamlTree tree, IReadOnlyList<CaseOverride> overrides, List<InputFault> faults)
    {
        foreach (CaseOverride change in overrides)
        {
            SourceLocation location = new(change.Source, null);
            string[] keys = change.Path.Split('.');
            if (keys.Any(key => key.Length == 0))
            {
                faults.Add(new InputFault(
                    change.Source, null, null, "this is not of the form key=value",
                    "write the keys joined by points, an equals sign and the value: --set species.A.count=5"));
                continue;
            }

            List<InputFault> valueFaults = [];
            YamlTree? value = change.Value.Length == 0
                ? new YamlText(location, "", IsPlain: true)
                : YamlTreeReader.Read(change.Value, _ => location, valueFaults);
            faults.AddRange(valueFaults.Select(fault => fault with { Key = change.Path }));
            if (value is not null)
            {
                tree = Put(tree, keys, 0, value, change, faults);
            }
        }

        return tree;
    }

    private static YamlTree Put(
        YamlTree tree, string[] keys, int depth, YamlTree value, CaseOverride change, List<InputFault> faults)
    {
        if (depth == keys.Length)
        {
            return value;
        }

        string key = keys[depth];
        switch (tree)
        {
            case YamlMap map:
                YamlTree inner = map.Find(key)?.Value ?? Empty(value.Location);
                return map.With(new YamlEntry(key, value.Location, Put(inner, keys, depth + 1, value, change, faults)));
            case YamlList list:
                int index = Find(list, key);
                if (index >= 0)
                {
                    return list with { Items = list.Items.SetItem(index, Put(list.Items[index], keys, depth + 1, value, change, faults)) };
                }

                faults.Add(new InputFault(
                    change.Source, null, change.Path, $"'{string.Join('.', keys[..depth])}' has no item '{key}'",
                    Suggestion.Remedy(key, Labels(list))));
                return tree;
            case { IsNull: true }:
                return Put(Empty(value.Location), keys, depth, value, change, faults);
            default:
                faults.Add(new InputFault(
                    change.Source, null, change.Path, $"'{string.Join('.', keys[..depth])}' is {tree.Kind}, which has no '{key}'",
                    $"set '{string.Join('.', keys[..depth])}' as a whole"));
                return tree;
        }
    }

    private static YamlMap Empty(SourceLocation location) => new(location, []);

    // By name, then by order, then by index.
    private static int Find(YamlList list, string key)
    {
        for (int i = 0; i < list.Items.Length; i++)
        {
            if (Label(list.Items[i]) == key)
            {
                return i;
            }
        }

        return int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Items.Length ? index : -1;
    }

    private static string? Label(YamlTree item) =>
        ((item as YamlMap)?.Find("name")?.Value as YamlText)?.Text ?? ((item as YamlMap)?.Find("order")?.Value as YamlText)?.Text;

    private static ImmutableArray<string> Labels(YamlList list) =>
        [.. list.Items.Select((item, index) => Label(item) ?? Invariant($"{index}"))];
}
