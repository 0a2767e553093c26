using System.Text;

namespace ActorMD.Files.States;

/// <summary>Gives the lines of a text, and tells whether each was ended: the last line of a file that was cut off is not.</summary>
internal sealed class LineReader(TextReader reader)
{
    private readonly char[] _buffer = new char[1 << 14];
    private readonly StringBuilder _line = new();
    private int _next;
    private int _end;

    /// <summary>The next line without its end; null at the end of the text.</summary>
    /// <param name="isEnded">Whether a line end followed.</param>
    public string? Read(out bool isEnded)
    {
        _line.Clear();
        isEnded = false;
        bool any = false;
        while (_next < _end || Fill())
        {
            any = true;
            ReadOnlySpan<char> rest = _buffer.AsSpan(_next, _end - _next);
            int length = rest.IndexOfAny('\n', '\r');
            if (length < 0)
            {
                _line.Append(rest);
                _next = _end;
                continue;
            }

            bool isReturn = rest[length] == '\r';
            string line = _line.Length == 0 ? new string(rest[..length]) : _line.Append(rest[..length]).ToString();
            _next += length + 1;
            if (isReturn && (_next < _end || Fill()) && _buffer[_next] == '\n')
            {
                _next++;
            }

            isEnded = true;
            return line;
        }

        return any ? _line.ToString() : null;
    }

    private bool Fill()
    {
        _next = 0;
        _end = reader.Read(_buffer, 0, _buffer.Length);
        return _end > 0;
    }
}
