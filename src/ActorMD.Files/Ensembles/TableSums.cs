using System.Collections.Immutable;
using ActorMD.Files.Checkpoints;
using ActorMD.Observables.Measuring;

namespace ActorMD.Files.Ensembles;

/// <summary>Running means of a table of an observable over replicas, with the scatter about them.</summary>
/// <remarks>
/// A row is known by its text and by how many rows of the same text came before it, so that replicas may lack rows (collisions of a kind
/// that did not happen). A number that is undefined in a replica does not count. The errors that a replica has estimated for itself are
/// not used: those of the means come from the scatter of the replicas.
/// </remarks>
public sealed class TableSums
{
    private const string ErrorSuffix = "_error";

    private readonly ReplicaTable _head; // without rows
    private readonly Dictionary<(string Label, int Occurrence), Row> _rows = [];
    private readonly List<Row> _order = [];

    /// <param name="table">The first replica's; it is not added yet.</param>
    public TableSums(ReplicaTable table) => _head = table with { Labels = [], Numbers = [] };

    /// <summary>Middle part of the file's name.</summary>
    public string Name => _head.Name;

    /// <summary>Adds the table of the next replica.</summary>
    public void Add(ReplicaTable table)
    {
        Dictionary<string, int> occurrences = [];
        int width = table.NumberCount;
        for (int k = 0; k < table.Labels.Length; k++)
        {
            string label = table.Labels[k];
            occurrences[label] = occurrences.GetValueOrDefault(label) + 1;
            RowOf(label, occurrences[label], width).Add(table.Numbers.AsSpan(k * width, width));
        }
    }

    /// <summary>The means so far: behind every column that is no key its standard error.</summary>
    public ObservableTable Table()
    {
        int textCount = _order.Count == 0 ? 0 : _head.Columns.Length - _order[0].Means.Length;
        List<string> columns = [.. _head.Columns.Take(textCount)];
        List<int> shown = []; // of the numbers
        for (int k = textCount; k < _head.Columns.Length; k++)
        {
            string column = _head.Columns[k];
            if (!column.EndsWith(ErrorSuffix, StringComparison.Ordinal))
            {
                shown.Add(k - textCount);
                columns.AddRange(k < _head.KeyCount ? [column] : [column, column + ErrorSuffix]);
            }
        }

        List<object[]> rows = [];
        foreach (Row row in _order)
        {
            List<object> cells = [.. textCount > 0 ? row.Label.Split(',') : []];
            foreach (int k in shown)
            {
                cells.Add(row.Mean(k));
                if (textCount + k >= _head.KeyCount)
                {
                    cells.Add(row.Error(k));
                }
            }

            rows.Add([.. cells]);
        }

        return new ObservableTable(
            "", [.. _head.Description, "Means over replicas; errors are standard errors from the scatter of the replicas."], [.. columns],
            rows);
    }

    internal void Write(CheckpointSink sink)
    {
        WriteHead(sink, _head);
        sink.Write(_order.Count);
        foreach (Row row in _order)
        {
            sink.Write(row.Label);
            sink.Write(row.Occurrence);
            sink.Write(row.Means.Length);
            for (int k = 0; k < row.Means.Length; k++)
            {
                sink.Write(row.Counts[k]);
                sink.Write(row.Means[k]);
                sink.Write(row.Squares[k]);
            }
        }
    }

    internal static TableSums Read(CheckpointSource source)
    {
        TableSums sums = new(ReadHead(source));
        int count = source.ReadCount(4 + 4 + 4);
        for (int n = 0; n < count; n++)
        {
            Row row = sums.RowOf(source.ReadText(), source.ReadInt(1, int.MaxValue), source.ReadCount(8 + 8 + 8));
            for (int k = 0; k < row.Means.Length; k++)
            {
                (row.Counts[k], row.Means[k], row.Squares[k]) = (source.ReadLong(), source.ReadDouble(), source.ReadDouble());
            }
        }

        source.Require(
            sums._order.Count < count ? "a table has a row twice"
            : sums._order.Any(row => row.Means.Length != sums._order[0].Means.Length || row.Means.Length > sums._head.Columns.Length)
                ? "a table has broken rows"
            : null);
        return sums;
    }

    internal static void WriteTable(CheckpointSink sink, ReplicaTable table)
    {
        WriteHead(sink, table);
        sink.Write(table.Labels.Length);
        foreach (string label in table.Labels)
        {
            sink.Write(label);
        }

        sink.Write(table.Numbers.Length);
        foreach (double number in table.Numbers)
        {
            sink.Write(number);
        }
    }

    internal static ReplicaTable ReadTable(CheckpointSource source)
    {
        ReplicaTable table = ReadHead(source);
        string[] labels = new string[source.ReadCount(4)];
        for (int k = 0; k < labels.Length; k++)
        {
            labels[k] = source.ReadText();
        }

        double[] numbers = new double[source.ReadCount(8)];
        for (int k = 0; k < numbers.Length; k++)
        {
            numbers[k] = source.ReadDouble();
        }

        bool isWhole = labels.Length == 0 ? numbers.Length == 0
            : numbers.Length % labels.Length == 0 && numbers.Length / labels.Length <= table.Columns.Length;
        source.Require(isWhole ? null : "a table with broken rows");
        return table with { Labels = [.. labels], Numbers = numbers };
    }

    private static void WriteHead(CheckpointSink sink, ReplicaTable table)
    {
        sink.Write(table.Name);
        Write(sink, table.Description);
        Write(sink, table.Columns);
        sink.Write(table.KeyCount);
    }

    private static ReplicaTable ReadHead(CheckpointSource source) =>
        new(source.ReadText(), ReadTexts(source), ReadTexts(source), source.ReadInt(0, int.MaxValue), [], []);

    private static void Write(CheckpointSink sink, ImmutableArray<string> texts)
    {
        sink.Write(texts.Length);
        foreach (string text in texts)
        {
            sink.Write(text);
        }
    }

    private static ImmutableArray<string> ReadTexts(CheckpointSource source)
    {
        string[] texts = new string[source.ReadCount(4)];
        for (int k = 0; k < texts.Length; k++)
        {
            texts[k] = source.ReadText();
        }

        return [.. texts];
    }

    private Row RowOf(string label, int occurrence, int width)
    {
        if (!_rows.TryGetValue((label, occurrence), out Row? row))
        {
            _rows[(label, occurrence)] = row = new Row(label, occurrence, width);
            _order.Add(row);
        }

        return row;
    }

    private sealed class Row(string label, int occurrence, int width)
    {
        public string Label => label;

        public int Occurrence => occurrence;

        public long[] Counts { get; } = new long[width];

        public double[] Means { get; } = new double[width];

        public double[] Squares { get; } = new double[width];

        // Welford's, as for all sums over replicas.
        public void Add(ReadOnlySpan<double> numbers)
        {
            for (int k = 0; k < numbers.Length; k++)
            {
                if (double.IsFinite(numbers[k]))
                {
                    double deviation = numbers[k] - Means[k];
                    Means[k] += deviation / ++Counts[k];
                    Squares[k] += deviation * (numbers[k] - Means[k]);
                }
            }
        }

        public double Mean(int k) => Counts[k] > 0 ? Means[k] : double.NaN;

        public double Error(int k) => Counts[k] > 1 ? Math.Sqrt(Squares[k] / ((Counts[k] - 1) * (double)Counts[k])) : double.NaN;
    }
}
