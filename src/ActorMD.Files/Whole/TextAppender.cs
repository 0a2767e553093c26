using System.Text;
using ActorMD.Files.Inputs;
using ActorMD.Physics;

namespace ActorMD.Files.Whole;

/// <summary>A text file that grows at its end, is cut back when a run resumes, and knows its length in bytes.</summary>
internal sealed class TextAppender : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly Stream _stream;
    private readonly StringBuilder _text = new();

    // Streams that compress do not know their position.
    private long _length;

    private TextAppender(Stream stream, long length = 0) => (_stream, _length) = (stream, length);

    /// <summary>Bytes of everything appended so far.</summary>
    public long Length
    {
        get
        {
            Drain();
            return _length;
        }
    }

    /// <summary>Starts an empty file.</summary>
    public static TextAppender Create(string path) =>
        new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferSize));

    /// <summary>Writes into a stream that the caller closes; flush it at the end.</summary>
    public static TextAppender Over(Stream stream) => new(stream);

    /// <summary>Goes on after the first <paramref name="length"/> bytes of a file; what follows them is removed.</summary>
    /// <exception cref="InputFaultException">The file is missing or shorter.</exception>
    public static TextAppender Resume(string path, long length)
    {
        long found = File.Exists(path) ? new FileInfo(path).Length : 0;
        if (length < 0 || found < length)
        {
            throw new InputFaultException(new InputFault(
                path, null, null,
                FormattableString.Invariant($"the file has {found} bytes, but its run had written {length} at the checkpoint"),
                "restore the file from a copy, or start the run again with --force"));
        }

        FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.Read, BufferSize);
        stream.SetLength(length);
        stream.Position = length;
        return new TextAppender(stream, length);
    }

    public void Append(ReadOnlySpan<char> text)
    {
        _text.Append(text);
        if (_text.Length >= BufferSize)
        {
            Drain();
        }
    }

    public void Append(char character) => _text.Append(character);

    /// <summary>The shortest digits that give the same double again.</summary>
    public void Append(double value)
    {
        Span<char> digits = stackalloc char[32];
        value.TryFormat(digits, out int written, "R", System.Globalization.CultureInfo.InvariantCulture);
        Append(digits[..written]);
    }

    public void Append(long value)
    {
        Span<char> digits = stackalloc char[24];
        value.TryFormat(digits, out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        Append(digits[..written]);
    }

    /// <summary>The first components of a vector, each after the separator.</summary>
    public void Append(char separator, Vec3 vector, int dimension)
    {
        for (int axis = 0; axis < dimension; axis++)
        {
            Append(separator);
            Append(vector[axis]);
        }
    }

    /// <summary>One of several values after the separator; nothing where there are no values.</summary>
    public void Append(char separator, double[]? values, int index)
    {
        if (values is not null)
        {
            Append(separator);
            Append(values[index]);
        }
    }

    /// <summary>Hands everything to the operating system; with <paramref name="toDisk"/> also to the disk.</summary>
    public void Flush(bool toDisk)
    {
        Drain();
        if (_stream is FileStream file)
        {
            Disk.Flush(file, file.Name, toDisk);
        }
    }

    public void Dispose()
    {
        try
        {
            Drain();
        }
        finally
        {
            _stream.Dispose();
        }
    }

    private void Drain()
    {
        if (_text.Length > 0)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(_text.ToString());
            _stream.Write(bytes);
            _length += bytes.Length;
            _text.Clear();
        }
    }
}
