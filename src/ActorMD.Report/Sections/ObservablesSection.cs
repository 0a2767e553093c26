using System.Collections.Immutable;
using ActorMD.Report.Documents;
using ActorMD.Report.Sources;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Sections;

/// <summary>What the case's <c>output.observables</c> measured.</summary>
internal static class ObservablesSection
{
    public static ReportSection? Of(ImmutableArray<Source> sources)
    {
        List<ReportBlock> blocks = [];
        foreach (Source source in sources)
        {
            string place = sources.Length > 1 ? $"{sources.IndexOf(source) + 1}-" : "", suffix = sources.Length > 1
                ? $" of {source.Label}" : "";
            foreach (string path in Directory.GetFiles(source.Folder.Directory, "observable-*.csv").Order(StringComparer.Ordinal))
            {
                if (CsvTable.Read(path) is { Count: > 0 } table)
                {
                    string file = Path.GetFileNameWithoutExtension(path);
                    blocks.AddRange(ObservableBlocks.Of(new ObservableTable(table, file, place, suffix)));
                }
            }
        }

        return blocks.Count == 0 ? null : new ReportSection("observables", "Observables", [.. blocks]);
    }

    /// <summary>Whether a table of the folder is shown here.</summary>
    public static bool Shows(string path, CsvTable table) =>
        Path.GetFileName(path).StartsWith("observable-", StringComparison.Ordinal) && ObservableBlocks.Knows(table);
}
