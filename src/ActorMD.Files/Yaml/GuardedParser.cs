using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorMD.Files.Yaml;

/// <summary>A YAML parser that reports every syntax error as one kind of exception, with its line.</summary>
/// <remarks>YamlDotNet throws InvalidOperationException for some unclosed brackets.</remarks>
internal sealed class GuardedParser : IParser
{
    private readonly Scanner _scanner;
    private readonly Parser _parser;

    public GuardedParser(string text)
    {
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
    }

    public ParsingEvent? Current => _parser.Current;

    public bool MoveNext()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception error) when (error is not YamlException)
        {
            Mark position = _scanner.CurrentPosition;
            throw new YamlException(position, position, "a bracket or a quote before this is not closed", error);
        }
    }
}
