using ActorMD.Files.Inputs;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>The lines of a particle file, its species, and what is wrong with it. After too many faults the reading stops.</summary>
internal sealed class FrameReading(string file, TextReader reader, CancellationToken stop = default)
{
    private const int FaultCountMax = 20;

    private readonly LineReader _lines = new(reader);
    private string? _next;
    private bool _isNextEnded;
    private int? _countOfFirst;

    public string File { get; } = file;

    public List<InputFault> Faults { get; } = [];

    /// <summary>The same for all frames, so that a species is the same in each.</summary>
    public SpeciesTable Species { get; } = new();

    /// <summary>Number of the line that was taken last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Whether reading on is useless.</summary>
    public bool IsHopeless => Faults.Count >= FaultCountMax;

    /// <summary>What a message shows of a text that may be long.</summary>
    public static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "...";

    /// <summary>The next line without taking it; null at the end.</summary>
    public string? Peek() => _next ??= _lines.Read(out _isNextEnded);

    /// <summary>The next line; null at the end. A line that was not ended is a fault: what is missing cannot be known.</summary>
    public string? Take()
    {
        stop.ThrowIfCancellationRequested();
        string? line = Peek();
        _next = null;
        if (line is null)
        {
            return null;
        }

        Line++;
        if (!_isNextEnded && !string.IsNullOrWhiteSpace(line))
        {
            Fault(
                null, "the last line has no line end: the file may be cut off",
                "end it if it is whole; otherwise 'actormd convert --salvage' keeps the whole frames before it");
        }

        return line;
    }

    public void Fault(string? key, string problem, string remedy) => FaultAt(Line, key, problem, remedy);

    public void FaultAt(int line, string? key, string problem, string remedy)
    {
        if (!IsHopeless)
        {
            Faults.Add(new InputFault(File, line, key, problem, remedy));
        }
    }

    /// <summary>The file ended in the middle of a frame.</summary>
    public void FaultAtEnd(string expected) => FaultAt(
        Line + 1, null, "the file ends in the middle of a frame",
        Invariant($"{expected} should follow; 'actormd convert --salvage' keeps the whole frames before it"));

    /// <summary>Whether a frame has as many particles as the first one.</summary>
    public bool IsCountRight(int count)
    {
        _countOfFirst ??= count;
        if (count == _countOfFirst)
        {
            return true;
        }

        Fault(
            null, Invariant($"the frame that ends here has {count} particles, and the first one {_countOfFirst}"),
            "all frames of a file have the same particles; give those with other numbers in files of their own");
        return false;
    }
}
