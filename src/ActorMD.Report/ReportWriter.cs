using System.Collections.Immutable;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Whole;
using ActorMD.Report.Documents;
using ActorMD.Report.Pages;
using ActorMD.Report.Plots;
using ActorMD.Report.Sections;
using ActorMD.Report.Sources;

namespace ActorMD.Report;

/// <summary>Writes <c>report.html</c>, and the same diagrams as SVG and CSV beside it in the folder <c>report</c>.</summary>
public static class ReportWriter
{
    /// <summary>Name of the page.</summary>
    public const string PageName = "report.html";

    /// <summary>Writes a report on some folders.</summary>
    /// <param name="directories">Run folders of any command; several stand side by side.</param>
    /// <param name="target">Where the page goes; null: the first folder.</param>
    /// <returns>The path of the page.</returns>
    /// <exception cref="InputFaultException">A folder holds nothing that can be reported on.</exception>
    public static string Write(IReadOnlyList<string> directories, string? target)
    {
        ImmutableArray<Source> sources = Source.OpenAll(directories);
        ReportDocument document = ReportBuilder.Of(sources, DateTime.UtcNow);
        string folder = target is null ? sources[0].Folder.Directory
            : PathCheck.Full(target), plots = new RunFolder(folder).ReportDirectory;
        Directory.CreateDirectory(plots);
        // Of an earlier report, which may have had other diagrams.
        foreach (string old in Directory.GetFiles(plots).Where(path => Path.GetExtension(path) is ".svg" or ".csv"))
        {
            File.Delete(old);
        }

        foreach (Plot plot in document.Plots)
        {
            WholeFile.Write(Path.Combine(plots, plot.Id + ".svg"), PlotSvg.Of(plot));
            WholeFile.Write(Path.Combine(plots, plot.Id + ".csv"), PlotCsv.Of(plot));
        }

        string page = Path.Combine(folder, PageName);
        WholeFile.Write(page, Page.Of(document));
        return page;
    }
}
