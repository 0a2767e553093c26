using ActorMD.Report.Plots;

namespace ActorMD.Report.Tests;

public sealed class PlotTests
{
    private static readonly Plot Two = new(
        "two", "Two <curves>", new PlotAxis("time"), new PlotAxis("value", IsLog: true),
        [
            new PlotSeries("a, b", PlotStyle.Points, 0, [new(2, 0.5, 0.1), new(1, 3, 0), new(3, -1, 0)]),
            new PlotSeries("none", PlotStyle.Line, 1, [new(1, double.NaN)]),
        ]);

    [Fact]
    public void Points_that_a_logarithmic_axis_cannot_show_and_empty_series_are_left_out()
    {
        PlotSeries only = Assert.Single(Two.Shown().Series);

        Assert.Equal([new PlotPoint(1, 3), new PlotPoint(2, 0.5, 0.1)], only.Points.ToArray());
    }

    [Fact]
    public void The_table_has_all_digits_and_quotes_names_with_commas() =>
        Assert.Equal("# Two <curves>\nseries,time,value,error\n\"a, b\",1,3,\n\"a, b\",2,0.5,0.1\n", PlotCsv.Of(Two.Shown()));

    [Fact]
    public void The_picture_is_an_svg_document_with_axes_and_legend()
    {
        string svg = PlotSvg.Of(Two.Shown());

        System.Xml.Linq.XElement root = System.Xml.Linq.XElement.Parse(svg);
        Assert.Equal("svg", root.Name.LocalName);
        string words = string.Join('|', root.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value));
        Assert.Contains("Two <curves>", words, StringComparison.Ordinal);
        Assert.Contains("a, b", words, StringComparison.Ordinal);
        Assert.Contains("time", words, StringComparison.Ordinal);
        Assert.True(root.Descendants().Count(e => e.Name.LocalName is "ellipse" or "circle") >= 2);
    }

    [Fact]
    public void Words_stand_in_place_of_numbers()
    {
        Plot rates = new(
            "rates", "Rates", new PlotAxis("pair") { Words = ["AA", "AB"] }, new PlotAxis("rate"),
            [new PlotSeries("theory", PlotStyle.Theory, 0, [new(0, 2), new(1, 4)])]);

        Assert.Equal("# Rates\nseries,pair,rate,error\ntheory,AA,2,\ntheory,AB,4,\n", PlotCsv.Of(rates));
        Assert.Contains("AB", PlotSvg.Of(rates), StringComparison.Ordinal);
    }
}
