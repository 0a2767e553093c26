using System.Collections.Immutable;
using ActorMD.Report.Plots;
using ActorMD.Report.Scenes;

namespace ActorMD.Report.Documents;

/// <summary>A report as data: sections of blocks, without a word of HTML.</summary>
/// <param name="Title">Names of what was computed.</param>
/// <param name="Subtitle">Where it lies, and when the report was made.</param>
/// <param name="Sections">In the order of reading.</param>
internal sealed record ReportDocument(string Title, string Subtitle, ImmutableArray<ReportSection> Sections)
{
    /// <summary>All diagrams.</summary>
    public IEnumerable<Plot> Plots => Sections.SelectMany(section => section.Blocks).OfType<PlotBlock>().Select(block => block.Plot);
}

/// <summary>A part of the report under a heading.</summary>
internal sealed record ReportSection(string Id, string Title, ImmutableArray<ReportBlock> Blocks);

/// <summary>A piece of a section.</summary>
internal abstract record ReportBlock
{
    private protected ReportBlock()
    {
    }
}

/// <summary>A paragraph.</summary>
internal sealed record TextBlock(string Text) : ReportBlock;

/// <summary>Text that can be copied: a command, a file.</summary>
/// <param name="Caption">Above it.</param>
/// <param name="Text">As it is.</param>
/// <param name="IsFolded">Whether it is shown only on request.</param>
internal sealed record CodeBlock(string Caption, string Text, bool IsFolded = false) : ReportBlock;

/// <summary>A table; the first column names the row.</summary>
internal sealed record TableBlock(ImmutableArray<string> Header, ImmutableArray<TableRow> Rows) : ReportBlock;

/// <summary>A row of a table.</summary>
/// <param name="Name">First column.</param>
/// <param name="Cells">The others.</param>
internal sealed record TableRow(string Name, ImmutableArray<TableCell> Cells);

/// <summary>A field of a table.</summary>
/// <param name="Text">As people read it.</param>
/// <param name="Key">Of a number of summary.json, as in <c>pressure.Z</c>; null: none.</param>
/// <param name="Value">That number with all digits.</param>
internal sealed record TableCell(string Text, string? Key = null, double? Value = null)
{
    public static implicit operator TableCell(string text) => new(text);
}

/// <summary>A diagram.</summary>
internal sealed record PlotBlock(Plot Plot) : ReportBlock;

/// <summary>The particles in space.</summary>
internal sealed record SceneBlock(Scene Scene) : ReportBlock;
