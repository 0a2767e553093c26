using System.Collections.Immutable;
using ActorMD.Files.Inputs;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using static System.FormattableString;

namespace ActorMD.Files.Yaml;

/// <summary>Reads YAML text into a tree in which every node knows its line.</summary>
/// <remarks>
/// From the parser's events, because duplicate keys must be reported with both lines and scalars must stay as they were typed.
/// A syntax error ends the reading: one fault.
/// </remarks>
internal sealed class YamlTreeReader
{
    private const int DepthMax = 32;

    private readonly Func<int, SourceLocation> _locationOf;
    private readonly List<InputFault> _faults;
    private readonly IParser _parser;
    private readonly Dictionary<string, YamlTree> _anchors = [];

    private YamlTreeReader(string text, Func<int, SourceLocation> locationOf, List<InputFault> faults)
    {
        _locationOf = locationOf;
        _faults = faults;
        _parser = new GuardedParser(text);
    }

    /// <summary>The document, or null after a fault.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="locationOf">The place of a line number.</param>
    /// <param name="faults">Where faults go.</param>
    public static YamlTree? Read(string text, Func<int, SourceLocation> locationOf, List<InputFault> faults)
    {
        int before = faults.Count;
        try
        {
            YamlTree? tree = new YamlTreeReader(text, locationOf, faults).ReadDocument();
            return faults.Count == before ? tree : null;
        }
        catch (YamlException error)
        {
            faults.Add(SyntaxFault(text, locationOf, error));
            return null;
        }
    }

    private static InputFault SyntaxFault(string text, Func<int, SourceLocation> locationOf, YamlException error)
    {
        // The parser may notice at the end what went wrong before, or on a line after a tab.
        string[] lines = text.TrimEnd().Split('\n');
        int start = Math.Clamp((int)error.Start.Line, 1, lines.Length);
        int tab = Array.FindIndex(lines, start - 1, line => line[..^line.TrimStart().Length].Contains('\t', StringComparison.Ordinal));
        if (tab >= 0 && error.Message.Contains("tab", StringComparison.Ordinal))
        {
            SourceLocation tabLocation = locationOf(tab + 1);
            return new InputFault(
                tabLocation.File, tabLocation.Line, null, "the line is indented with a tab, which YAML does not allow",
                "indent with spaces");
        }

        SourceLocation location = locationOf(start);
        string reason = error.Message.TrimEnd('.');
        reason = reason.Length == 0 ? "unknown reason" : char.ToLowerInvariant(reason[0]) + reason[1..];
        return new InputFault(
            location.File, location.Line, null, $"this is not valid YAML: {reason}",
            "check the brackets, quotes, colons and indentation on this line and the one before");
    }

    private YamlTree? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            Fault(1, null, "the file is empty", "write a case: 'actormd schema' lists all keys");
            return null;
        }

        _parser.Consume<DocumentStart>();
        YamlTree tree = ReadNode("", 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out _))
        {
            Fault(
                LineOf(_parser.Current!), null, "a second YAML document starts here",
                "keep one document in the file: remove '---' and what follows");
        }

        return tree;
    }

    private YamlTree ReadNode(string key, int depth)
    {
        ParsingEvent next = _parser.Current ?? throw new InvalidOperationException("the parser ended within a document");
        int line = LineOf(next);
        if (depth > DepthMax)
        {
            throw new YamlException(next.Start, next.End, Invariant($"values are nested more than {DepthMax} deep"));
        }

        switch (next)
        {
            case AnchorAlias alias:
                _parser.MoveNext();
                return _anchors.TryGetValue(alias.Value.Value, out YamlTree? target)
                    ? target
                    : throw new YamlException(next.Start, next.End, $"the alias '*{alias.Value}' has no anchor '&{alias.Value}' before it");
            case Scalar scalar:
                _parser.MoveNext();
                CheckTag(scalar, line, key);
                return Anchored(
                    scalar, new YamlText(_locationOf(line), scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty));
            case SequenceStart start:
                _parser.MoveNext();
                CheckTag(start, line, key);
                return Anchored(start, ReadList(key, line, depth));
            case MappingStart start:
                _parser.MoveNext();
                CheckTag(start, line, key);
                return Anchored(start, ReadMap(key, line, depth));
            default:
                throw new YamlException(next.Start, next.End, $"unexpected {next.GetType().Name}");
        }
    }

    private YamlList ReadList(string key, int line, int depth)
    {
        ImmutableArray<YamlTree>.Builder items = ImmutableArray.CreateBuilder<YamlTree>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(Invariant($"{key}[{items.Count}]"), depth + 1));
        }

        return new YamlList(_locationOf(line), items.ToImmutable());
    }

    private YamlMap ReadMap(string key, int line, int depth)
    {
        ImmutableArray<YamlEntry>.Builder entries = ImmutableArray.CreateBuilder<YamlEntry>();
        Dictionary<string, int> lineOf = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            ParsingEvent start = _parser.Current!;
            int entryLine = LineOf(start);
            if (ReadNode(key, depth + 1) is not YamlText name)
            {
                throw new YamlException(start.Start, start.End, "a key must be a single word");
            }

            string entryKey = key.Length == 0 ? name.Text : $"{key}.{name.Text}";
            YamlTree value = ReadNode(entryKey, depth + 1);
            if (lineOf.TryGetValue(name.Text, out int first))
            {
                Fault(entryLine, entryKey, Invariant($"the key '{name.Text}' stands twice: first on line {first}"), "keep one of the two");
                continue;
            }

            lineOf.Add(name.Text, entryLine);
            entries.Add(new YamlEntry(name.Text, _locationOf(entryLine), value));
        }

        return new YamlMap(_locationOf(line), entries.ToImmutable());
    }

    private void CheckTag(NodeEvent node, int line, string key)
    {
        if (!node.Tag.IsEmpty && !(node.Tag.IsNonSpecific || node.Tag.Value == "tag:yaml.org,2002:str"))
        {
            Fault(line, key, $"the tag '{node.Tag.Value}' has no meaning here", "remove it");
        }
    }

    private YamlTree Anchored(NodeEvent node, YamlTree tree)
    {
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor.Value] = tree;
        }

        return tree;
    }

    private static int LineOf(ParsingEvent parsingEvent) => (int)Math.Min(parsingEvent.Start.Line, int.MaxValue);

    private void Fault(int line, string? key, string problem, string remedy)
    {
        SourceLocation location = _locationOf(line);
        _faults.Add(new InputFault(location.File, location.Line, key, problem, remedy));
    }
}
