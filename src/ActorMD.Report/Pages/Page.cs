using System.Globalization;
using System.Text;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Scenes;

namespace ActorMD.Report.Pages;

/// <summary>A report as one HTML file that needs nothing else: scripts, styles and data are inside.</summary>
internal static class Page
{
    public static string Of(ReportDocument document)
    {
        HtmlWriter html = new();
        bool hasScene = document.Sections.Any(section => section.Blocks.OfType<SceneBlock>().Any());
        html.Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            + "content=\"width=device-width, initial-scale=1\">\n");
        html.Raw("<link rel=\"icon\" href=\"data:,\">\n<title>").Text($"{document.Title} – ActorMD report").Raw("</title>\n<style>\n")
            .Raw(Asset.Text("uPlot.min.css")).Raw("\n").Raw(Asset.Text("report.css")).Raw("\n</style>\n</head>\n<body>\n");
        html.Raw("<header><h1>").Text(document.Title).Raw("</h1><p>").Text(document.Subtitle).Raw("</p>\n<nav>");
        foreach (ReportSection section in document.Sections)
        {
            html.Raw($"<a href=\"#{section.Id}\">").Text(section.Title).Raw("</a> ");
        }

        html.Raw("</nav></header>\n<main>\n");
        foreach (ReportSection section in document.Sections)
        {
            WriteSection(html, section);
        }

        html.Raw("</main>\n<script type=\"application/json\" id=\"report-data\">").Raw(PageData.Json(document))
            .Raw("</script>\n<script>\n").Raw(Asset.Text("uPlot.iife.min.js")).Raw("\n</script>\n");
        if (hasScene)
        {
            html.Raw("<script>\n").Raw(Asset.Text("three.bundle.min.js")).Raw("\n</script>\n<script>\n").Raw(Asset.Text("scene.js"))
                .Raw("\n</script>\n");
        }

        return html.Raw("<script>\n").Raw(Asset.Text("report.js")).Raw("\n</script>\n</body>\n</html>\n").ToString();
    }

    private static void WriteSection(HtmlWriter html, ReportSection section)
    {
        html.Raw($"<section id=\"{section.Id}\">\n<h2>").Text(section.Title).Raw("</h2>\n");
        bool isInPlots = false;
        foreach (ReportBlock block in section.Blocks)
        {
            if (block is PlotBlock != isInPlots)
            {
                html.Raw(isInPlots ? "</div>\n" : "<div class=\"plots\">\n");
                isInPlots = !isInPlots;
            }

            switch (block)
            {
                case TextBlock text:
                    html.Raw("<p>").Text(text.Text).Raw("</p>\n");
                    break;
                case CodeBlock code:
                    WriteCode(html, code);
                    break;
                case TableBlock table:
                    WriteTable(html, table);
                    break;
                case PlotBlock plot:
                    WritePlot(html, plot.Plot);
                    break;
                case SceneBlock scene:
                    WriteScene(html, scene.Scene);
                    break;
                default:
                    throw new InvalidOperationException($"no HTML for {block.GetType().Name}");
            }
        }

        html.Raw(isInPlots ? "</div>\n</section>\n" : "</section>\n");
    }

    private static void WriteCode(HtmlWriter html, CodeBlock code)
    {
        if (code.IsFolded)
        {
            html.Raw("<details><summary>").Text(code.Caption).Raw("</summary><pre>").Text(code.Text).Raw("</pre></details>\n");
        }
        else
        {
            html.Raw("<p class=\"caption\">").Text(code.Caption).Raw("</p>\n<pre class=\"command\">").Text(code.Text).Raw("</pre>\n");
        }
    }

    private static void WriteTable(HtmlWriter html, TableBlock table)
    {
        html.Raw("<div class=\"table\"><table>\n<thead><tr>");
        foreach (string title in table.Header)
        {
            html.Raw("<th scope=\"col\">").Text(title).Raw("</th>");
        }

        html.Raw("</tr></thead>\n<tbody>\n");
        foreach (TableRow row in table.Rows)
        {
            html.Raw("<tr><th scope=\"row\">").Text(row.Name).Raw("</th>");
            foreach (TableCell cell in row.Cells)
            {
                html.Raw("<td");
                if (cell is { Key: { } key, Value: { } value })
                {
                    html.Raw(" data-key=\"").Text(key).Raw("\" data-value=\"").Raw(value.ToString("R", CultureInfo.InvariantCulture))
                        .Raw("\"");
                }

                html.Raw(">").Text(cell.Text).Raw("</td>");
            }

            html.Raw("</tr>\n");
        }

        html.Raw("</tbody></table></div>\n");
    }

    private static void WritePlot(HtmlWriter html, Plot plot)
    {
        html.Raw($"<figure id=\"plot-{plot.Id}\"><figcaption>").Text(plot.Title).Raw("<span class=\"files\">")
            .Raw($"<a download=\"{plot.Id}.svg\" href=\"{DataLink("image/svg+xml", PlotSvg.Of(plot))}\">svg</a> ")
            .Raw($"<a download=\"{plot.Id}.csv\" href=\"{DataLink("text/csv", PlotCsv.Of(plot))}\">csv</a></span></figcaption>\n");
        // The picture is what printers and readers without scripts get.
        html.Raw($"<div class=\"live\" data-plot=\"{plot.Id}\"></div><img class=\"still\" alt=\"").Text(plot.Title).Raw("\">");
        if (plot.Note is { } note)
        {
            html.Raw("<p class=\"note\">").Text(note).Raw("</p>");
        }

        html.Raw("</figure>\n");
    }

    private static void WriteScene(HtmlWriter html, Scene scene) => html.Raw("<figure class=\"scene\"><figcaption>").Text(scene.Title)
        .Raw("</figcaption>\n<div class=\"space\" tabindex=\"0\" role=\"img\" aria-label=\"Particles in their box; drag to "
            + "turn\"></div>\n<div class=\"controls\">")
        .Raw("<button type=\"button\" class=\"play\">Play</button><input class=\"frame\" type=\"range\" min=\"0\" value=\"0\" "
            + "aria-label=\"frame\"><output class=\"time\"></output>")
        .Raw("<label>colour <select class=\"colour\"><option value=\"species\">species</option><option "
            + "value=\"speed\">speed</option></select></label>")
        .Raw("<label>size <input class=\"size\" type=\"range\" min=\"1\" max=\"5\" step=\"0.5\" value=\"1\"></label></div>\n<div "
            + "class=\"legend\"></div><p class=\"note\">")
        .Text($"{scene.Note} Drag to turn, scroll or pinch to come closer.").Raw("</p></figure>\n");

    private static string DataLink(string type, string text) =>
        $"data:{type};base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";
}
