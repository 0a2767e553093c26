using System.Collections.Immutable;

namespace ActorMD.Files.Yaml;

/// <summary>A node of a YAML document that knows where it stands.</summary>
internal abstract record YamlTree(SourceLocation Location)
{
    /// <summary>What the node is, for error messages.</summary>
    public abstract string Kind { get; }

    /// <summary>Nothing stands after the colon, or <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => this is YamlText { IsPlain: true, Text: "" or "~" or "null" or "Null" or "NULL" };
}

/// <summary>A single value. Its type is decided by the reader that expects one: <c>NO</c> stays text where a name is wanted.</summary>
/// <param name="Location">Where it stands.</param>
/// <param name="Text">Without quotes.</param>
/// <param name="IsPlain">Not in quotes and without a tag: numbers and null are plain.</param>
internal sealed record YamlText(SourceLocation Location, string Text, bool IsPlain) : YamlTree(Location)
{
    public override string Kind => IsNull ? "empty" : IsPlain ? $"'{Text}'" : $"the quoted text \"{Text}\"";
}

internal sealed record YamlList(SourceLocation Location, ImmutableArray<YamlTree> Items) : YamlTree(Location)
{
    public override string Kind => FormattableString.Invariant($"a list of {Items.Length}");
}

internal sealed record YamlMap(SourceLocation Location, ImmutableArray<YamlEntry> Entries) : YamlTree(Location)
{
    public override string Kind => "a mapping of keys to values";

    public YamlEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);

    /// <summary>The mapping with one entry put in place of that of the same key, or added.</summary>
    public YamlMap With(YamlEntry entry)
    {
        YamlEntry? old = Find(entry.Key);
        return this with { Entries = old is null ? Entries.Add(entry) : Entries.Replace(old, entry) };
    }
}

/// <summary>One <c>key: value</c> of a mapping.</summary>
internal sealed record YamlEntry(string Key, SourceLocation Location, YamlTree Value);
