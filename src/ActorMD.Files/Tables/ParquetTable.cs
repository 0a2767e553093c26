using System.Collections.Immutable;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using Parquet;
using Parquet.Schema;

namespace ActorMD.Files.Tables;

/// <summary>Tables as Apache Parquet, for pandas, polars and the like: one group of rows, columns that may be empty in places.</summary>
public static class ParquetTable
{
    /// <summary>Of the files.</summary>
    public const string Suffix = ".parquet";

    private const string Description = "description"; // a key of the file's metadata

    /// <summary>Writes a table of CSV, in one step.</summary>
    /// <exception cref="InputFaultException">The source is no table.</exception>
    public static void FromCsv(string source, string path) => Write(path, TextTable.Parse(source, File.ReadAllText(source)));

    /// <summary>Writes a table, in one step.</summary>
    public static void Write(string path, TextTable table)
    {
        using MemoryStream content = new(); // the library seeks, and closes what it writes into
        WriteAsync(content, table).GetAwaiter().GetResult();
        WholeFile.Write(path, stream => stream.Write(content.ToArray()));
    }

    /// <summary>Writes the table of a Parquet file as CSV, in one step.</summary>
    /// <exception cref="InputFaultException">The source is no table of numbers and texts.</exception>
    public static void ToCsv(string source, string path)
    {
        TextTable table;
        byte[] content = File.ReadAllBytes(source);
        try
        {
            table = ReadAsync(new MemoryStream(content)).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not OutOfMemoryException) // the library tells of damage by errors of many kinds
        {
            throw new InputFaultException(new InputFault(
                source, null, null, $"the file is no Parquet file of numbers and texts, or is damaged: {error.Message.TrimEnd('.')}",
                "restore it from a copy"));
        }

        WholeFile.Write(path, table.ToText());
    }

    private static async Task WriteAsync(Stream stream, TextTable table)
    {
        DataField[] fields = [.. table.Names.Zip(table.Columns, (name, column) => FieldOf(name, column))];
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).ConfigureAwait(false);
        if (!table.Description.IsEmpty)
        {
            writer.CustomMetadata = new Dictionary<string, string> { [Description] = string.Join('\n', table.Description) };
        }

        using ParquetRowGroupWriter rows = writer.CreateRowGroup();
        for (int k = 0; k < fields.Length; k++)
        {
            await (table.Columns[k] switch
            {
                long?[] values => rows.WriteAsync<long>(fields[k], values),
                double?[] values => rows.WriteAsync<double>(fields[k], values),
                _ => rows.WriteAsync(fields[k], (string[])table.Columns[k]),
            }).ConfigureAwait(false);
        }

        rows.CompleteValidate();
    }

    private static async Task<TextTable> ReadAsync(Stream stream)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        DataField[] fields = reader.Schema.GetDataFields();
        Array[] columns = new Array[fields.Length];
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            for (int k = 0; k < fields.Length; k++)
            {
                Array more = await ReadAsync(rows, fields[k]).ConfigureAwait(false);
                columns[k] = columns[k] is { } before ? Joined(before, more) : more;
            }
        }

        string text = reader.CustomMetadata.GetValueOrDefault(Description, "");
        return new TextTable(
            text.Length == 0 ? [] : [.. text.Split('\n')], [.. fields.Select(field => field.Name)],
            [.. columns.Select((column, k) => column ?? Empty(fields[k]))]);
    }

    private static async Task<Array> ReadAsync(ParquetRowGroupReader rows, DataField field)
    {
        int count = checked((int)rows.RowCount);
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            string?[] texts = new string?[count];
            await rows.ReadAsync(field, texts.AsMemory()!).ConfigureAwait(false);
            return texts;
        }

        if (field.ClrType == typeof(long))
        {
            long?[] numbers = new long?[count];
            await rows.ReadAsync<long>(field, numbers.AsMemory()).ConfigureAwait(false);
            return numbers;
        }

        if (field.ClrType == typeof(double))
        {
            double?[] numbers = new double?[count];
            await rows.ReadAsync<double>(field, numbers.AsMemory()).ConfigureAwait(false);
            return numbers;
        }

        throw new InvalidDataException($"the column '{field.Name}' has values of the type {field.ClrType.Name}");
    }

    private static DataField FieldOf(string name, Array column) => column switch
    {
        long?[] => new DataField<long?>(name),
        double?[] => new DataField<double?>(name),
        _ => new DataField<string>(name),
    };

    private static Array Empty(DataField field) => field.ClrType == typeof(long) ? Array.Empty<long?>()
        : field.ClrType == typeof(double) ? Array.Empty<double?>() : Array.Empty<string?>();

    private static Array Joined(Array one, Array other)
    {
        Array all = Array.CreateInstance(one.GetType().GetElementType()!, one.Length + other.Length);
        one.CopyTo(all, 0);
        other.CopyTo(all, one.Length);
        return all;
    }
}
