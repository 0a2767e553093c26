using System.Globalization;
using System.Text.RegularExpressions;
using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Report.Sources;
using ActorMD.Runs.Sessions;

namespace ActorMD.Report.Tests;

/// <summary>Whole reports on small runs.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_report_has_every_number_of_the_summary_with_all_digits()
    {
        RunSummary summary = Run(Cases.Mixture, "run");
        string html = File.ReadAllText(ReportWriter.Write([_temporary["run"]], target: null));

        Dictionary<string, double> shown = Regex.Matches(html, "data-key=\"([^\"]*)\" data-value=\"([^\"]*)\"")
            .ToDictionary(m => m.Groups[1].Value, m => double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.Equal(summary.Temperature.Overall, shown["temperature.overall"]);
        Assert.Equal(summary.Temperature.BySpecies["B"], shown["temperature.by_species.B"]);
        Assert.Equal(summary.Pressure.Z, shown["pressure.Z"]);
        Assert.Equal(summary.CollisionFrequency["AB"], shown["collision_frequency.AB"]);
        Assert.Equal(summary.Events["order2"], shown["events.order2"]);
        Assert.Equal(summary.WallSeconds, shown["wall_seconds"]);
        Assert.Contains(summary.Digest, html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_asks_for_nothing_from_outside()
    {
        Run(Cases.Mixture, "run");
        string html = File.ReadAllText(ReportWriter.Write([_temporary["run"]], target: null));

        Assert.DoesNotMatch("(src|href)=\"(http|//)", html);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagrams_lie_beside_the_page_as_svg_and_csv_and_go_with_the_run()
    {
        Run(Cases.Mixture, "run");
        ReportWriter.Write([_temporary["run"]], target: null);

        string[] names = [.. Directory.GetFiles(_temporary["run/report"]).Select(path => Path.GetFileName(path)!)];
        foreach (string plot in (string[])["temperature", "compressibility", "energy", "rates", "velocities"])
        {
            Assert.Contains($"{plot}.svg", names);
            Assert.Contains($"{plot}.csv", names);
        }

        string[] lines = File.ReadAllLines(_temporary["run/report/temperature.csv"]);
        string[] thermo = File.ReadAllLines(new RunFolder(_temporary["run"]).ThermoPath);
        Assert.Equal($"all,{thermo[1].Split(',')[0]},{thermo[1].Split(',')[1]},", lines[2]);

        new RunFolder(_temporary["run"]).Remove();
        Assert.False(Directory.Exists(_temporary["run"]));
    }

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Every_kind_of_gas_can_be_reported_on(string name)
    {
        Run(Cases.Named(name), name);

        Assert.Contains("</html>", File.ReadAllText(ReportWriter.Write([_temporary[name]], target: null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_folders_stand_side_by_side()
    {
        Run(Cases.Mixture, "one");
        Run(Cases.Ternary, "two");
        string page = ReportWriter.Write([_temporary["one"], _temporary["two"]], _temporary["both"]);

        Assert.Equal(_temporary["both/report.html"], page);
        string html = File.ReadAllText(page);
        Assert.Contains("one: all", html, StringComparison.Ordinal);
        Assert.Contains("two: Z", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Velocities_are_those_of_the_end_where_no_frame_comes_after_equilibration()
    {
        Case @case = Cases.Mixture;
        Run(@case with { Output = @case.Output with { Trajectory = new TrajectoryPlan(2 * @case.Run.Until, Files.States.TrajectoryFormat.ExtXyz) } }, "run");
        string html = File.ReadAllText(ReportWriter.Write([_temporary["run"]], target: null));

        Assert.Contains("From the checkpoint of time", html, StringComparison.Ordinal);
        Assert.DoesNotContain("From the 0 frames", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_not_finished_has_a_report_of_what_there_is()
    {
        Run(Cases.Mixture, "run");
        File.Delete(new RunFolder(_temporary["run"]).SummaryPath);
        string html = File.ReadAllText(ReportWriter.Write([_temporary["run"]], target: null));

        Assert.Contains("not finished", html, StringComparison.Ordinal);
        Assert.Contains("data-plot=\"temperature\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_that_computes_it_again_names_the_resolved_case()
    {
        Run(Cases.Mixture, "run");
        Source source = Source.OpenAll([_temporary["run"]])[0];

        Assert.Equal($"actormd run {_temporary["run/case.yaml"]} --out {_temporary["run"]}-again", Sections.OriginSection.Command(source));
    }

    [Fact]
    public void Other_tables_of_the_folder_are_drawn_with_their_errors()
    {
        Run(Cases.Mixture, "run");
        File.WriteAllText(_temporary["run/rdf.csv"], "r,pair,g,g_error\n0.1,AA,0,0\n0.2,AA,1.5,0.1\n0.1,AB,0,0\n0.2,AB,1.2,0.2\n");
        ReportWriter.Write([_temporary["run"]], target: null);

        Assert.Equal(
            ["# rdf: g", "series,r,g,error", "AA,0.1,0,", "AA,0.2,1.5,0.1", "AB,0.1,0,", "AB,0.2,1.2,0.2"],
            File.ReadAllLines(_temporary["run/report/rdf-g.csv"]));
    }

    private RunSummary Run(Case @case, string name)
    {
        using RunSession session = RunSession.Begin(
            new CaseLoad(@case, [], []), _temporary[name], force: false, () => Cases.Initial(@case));
        return session.Run(new Onlooker(), CancellationToken.None).Summary!;
    }
}
