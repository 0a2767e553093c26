using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using ActorMD.Physics;

namespace ActorMD.Files.RunFolders;

/// <summary>Writes thermo.csv: one header line, one row per sample, numbers in round-trip format.</summary>
public sealed class ThermoWriter : IDisposable
{
    private readonly ThermoColumns _columns;
    private readonly TextAppender _file;

    private ThermoWriter(ThermoColumns columns, TextAppender file)
    {
        _columns = columns;
        _file = file;
    }

    /// <summary>Bytes written so far, for the checkpoint.</summary>
    public long Length => _file.Length;

    /// <summary>Starts the file with its header.</summary>
    public static ThermoWriter Create(string path, Gas gas) => Begin(TextAppender.Create(path), gas);

    /// <summary>Writes a whole file in one step: readers see the old one or the new one.</summary>
    public static void Write(string path, Gas gas, IEnumerable<ThermoRow> rows) => WholeFile.Write(path, stream =>
    {
        ThermoWriter writer = Begin(TextAppender.Over(stream), gas);
        foreach (ThermoRow row in rows)
        {
            writer.Append(row);
        }

        writer.Flush();
    });

    /// <summary>Goes on after the first <paramref name="length"/> bytes; later rows are removed.</summary>
    /// <exception cref="InputFaultException">The file is missing or shorter.</exception>
    public static ThermoWriter Resume(string path, Gas gas, long length) =>
        new(new ThermoColumns(gas), TextAppender.Resume(path, length));

    public void Append(ThermoRow row)
    {
        bool first = true;
        foreach (double? value in _columns.Values(row))
        {
            if (!first)
            {
                _file.Append(',');
            }

            first = false;
            if (value is double number && double.IsFinite(number))
            {
                _file.Append(number);
            }
        }

        _file.Append('\n');
    }

    /// <summary>Makes the rows visible to readers; with <paramref name="toDisk"/> they survive a power failure.</summary>
    public void Flush(bool toDisk = false) => _file.Flush(toDisk);

    public void Dispose() => _file.Dispose();

    private static ThermoWriter Begin(TextAppender file, Gas gas)
    {
        ThermoWriter writer = new(new ThermoColumns(gas), file);
        writer._file.Append(string.Join(',', writer._columns.Names));
        writer._file.Append('\n');
        return writer;
    }
}
