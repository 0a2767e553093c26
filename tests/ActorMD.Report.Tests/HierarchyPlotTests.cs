using System.Text.Json;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Sections;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Tests;

/// <summary>Diagrams of recollisions, bad sets and fluctuations.</summary>
public sealed class HierarchyPlotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recollisions_have_a_diagram_for_each_number_of_additions_and_a_curve_for_each_kind()
    {
        Plot[] plots = [.. HierarchyPlots.Recollisions(
            Read("k,separation,eps,kind,share,error\n1,0,0.1,\"overlap\",0.2,0.01\n1,0,0.05,\"overlap\",0.1,0.01\n"
                + "1,0.05,0.1,\"overlap\",0.02,0.01\n2,0,0.1,\"recollision\",0.3,0.01\n"), "-2", " of x")];
        Assert.Equal(["recollisions-1-2", "recollisions-1-apart-2", "recollisions-2-2"], plots.Select(p => p.Id));
        Assert.Equal("Recollisions of trees with 1 addition, times apart of x", plots[1].Title);
        Assert.Equal(["overlap"], plots[0].Series.Select(s => s.Name));
        Assert.Equal(new PlotPoint(0.1, 0.2, 0.01), plots[0].Series[0].Points[0]);
        Assert.True(plots[0].X.IsLog && plots[0].Y.IsLog);
    }

    [Fact]
    public void Bad_sets_are_drawn_a_few_at_a_time_with_their_closed_forms_in_the_same_colour()
    {
        string rows = string.Concat(
            Enumerable.Range(0, 8).Select(n => $"\"set {n}\",2,\"[Mix]\",0.1,0.{n + 1},0.001,{(n == 7 ? "0.75" : "")}\n"));
        Plot[] plots = [.. HierarchyPlots.BadSets(Read("set,order,source,eta,share,error,closed\n" + rows), "", "")];
        Assert.Equal(["bad-sets-2-1", "bad-sets-2-2"], plots.Select(p => p.Id));
        Assert.Equal(6, plots[0].Series.Length);
        Assert.Equal(["set 6", "set 7", "set 7, closed form"], plots[1].Series.Select(s => s.Name));
        Assert.Equal(PlotStyle.Theory, plots[1].Series[2].Style);
        Assert.Equal(plots[1].Series[1].Color, plots[1].Series[2].Color);
        Assert.Equal(0.75, plots[1].Series[2].Points[0].Y);
    }

    [Fact]
    public void Fluctuations_are_those_of_the_largest_gas_beside_the_linear_equation()
    {
        Plot plot = HierarchyPlots.Fluctuations(
            Read("particles,epsilon,replicas,pair,waves,time,covariance,error,linear,linear_error\n"
                + "100,0.1,9,AA,1,0.5,0.9,0.1,0.4,0\n400,0.1,9,AA,1,0.5,0.5,0.1,0.4,0\n"), "", "");
        Assert.Equal(["AA, wave number 1", "AA, wave number 1, linear equation"], plot.Series.Select(s => s.Name));
        Assert.Equal([0.5, 0.4], plot.Series.Select(s => s.Points.Single().Y));
    }

    [Fact]
    public void Fitted_powers_stand_beside_the_proved_ones()
    {
        using JsonDocument json = JsonDocument.Parse("""
            { "bad_sets": [{ "set": "cap", "order": 2, "source": "[High 7.9]", "proved": 0.25, "expected": null,
              "exponent": 1.94, "lower": 1.87, "upper": 2.02 }] }
            """);
        TableBlock table = HierarchyPlots.Powers(json.RootElement)!;
        Assert.Equal(["2", "1.94 (1.87 to 2.02)", "", "0.25", "[High 7.9]"], table.Rows.Single().Cells.Select(c => c.Text));
        using JsonDocument none = JsonDocument.Parse("{}");
        Assert.Null(HierarchyPlots.Powers(none.RootElement));
    }

    private CsvTable Read(string text)
    {
        File.WriteAllText(_folder["table.csv"], text);
        return CsvTable.Read(_folder["table.csv"])!;
    }
}
