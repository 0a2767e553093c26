using static System.FormattableString;

namespace ActorMD.Files;

/// <summary>The lines of a particle file, and what is wrong with them. After too many faults the reading stops.</summary>
internal sealed class FrameReading(string file, TextReader reader)
{
    private const int FaultCountMax = 20;

    private string? _next;

    public string File { get; } = file;

    public List<InputFault> Faults { get; } = [];

    /// <summary>Number of the line that was taken last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Whether reading on is useless.</summary>
    public bool IsHopeless => Faults.Count >= FaultCountMax;

    /// <summary>What a message shows of a text that may be long.</summary>
    public static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "...";

    /// <summary>The next line without taking it; null at the end.</summary>
    public string? Peek() => _next ??= reader.ReadLine();

    /// <summary>The next line; null at the end.</summary>
    public string? Take()
    {
        string? line = Peek();
        _next = null;
        if (line is not null)
        {
            Line++;
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
    public void FaultAtEnd(string expected) =>
        FaultAt(Line + 1, null, "the file ends in the middle of a frame", Invariant($"{expected} should follow"));
}
