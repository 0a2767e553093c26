using System.Globalization;
using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Series;
using ActorMD.Runs;
using ActorMD.Studies.Hierarchy;
using Spectre.Console;

namespace ActorMD.Cli.Terminal;

/// <summary>What a user sees of a Duhamel series.</summary>
internal sealed record HierarchyView(bool Quiet, bool Json) : View(Quiet, Json)
{
    public void ShowHeader(CaseLoad load, HierarchyPlan plan, RunFolder folder)
    {
        ErrorReport.Warn(load.Warnings);
        foreach (string note in plan.Notes)
        {
            Console.Error.WriteLine($"Note: {note}.");
        }

        if (Quiet)
        {
            return;
        }

        Output.WriteLine($"ActorMD {ProductVersion.Text}: Duhamel series of {load.Case!.Name}");
        int first = plan.Model.Tracked[0];
        double rate = plan.Bound.Rate(first), limit = plan.Bound.Limit();
        Output.Write(new Listing()
            .With("hierarchy", plan.Model.Flow switch
            {
                Kinetic.Hierarchy.SeriesFlow.Boltzmann => "Boltzmann",
                Kinetic.Hierarchy.SeriesFlow.Free => "BBGKY, free flow between additions, without terms of several tracked particles",
                _ => "BBGKY, exact",
            })
            .With("tracked particles", string.Join(", ", plan.Model.Tracked.Select(a => plan.Model.Gas.Species[a].Name)))
            .With("times", string.Join(", ", plan.Times.Select(t => $"{Numbers.Short(t)} ({Numbers.Short(t * rate)} mean free times)")))
            .With(
                "out of reach from time", plan.IsWhole ? "never: the series ends" : double.IsFinite(limit) ? Numbers.Short(limit) : "never")
            .With("trees", $"{Numbers.Count(plan.Samples)} for each k = 0..{plan.Terms} and time")
            .With("folder", folder.Directory)
            .ToString());
    }

    /// <summary>Computes and says how it ended.</summary>
    /// <returns>The exit code.</returns>
    public int Run(HierarchySession session, RunFolder folder, CancellationToken stop)
    {
        HierarchySummary? summary = (Quiet, StandardError.IsTerminal) switch
        {
            (true, _) => session.Run(_ => { }, stop),
            (false, true) => LiveProgress.Show("drawing", task => session.Run(pace => Show(task, pace), stop)),
            (false, false) => session.Run(new WorkLines().Show, stop),
        };
        if (summary is null)
        {
            Console.Error.WriteLine("Interrupted; what was drawn is kept.");
            Console.Error.WriteLine($"  Go on with: actormd resume {folder.Directory}");
            return ExitCode.Interrupted;
        }

        ShowEnd(summary, folder);
        return ExitCode.Done;
    }

    public void ShowEnd(HierarchySummary summary, RunFolder folder)
    {
        if (!Quiet)
        {
            Table table = new() { Border = TableBorder.Simple };
            foreach (string column in (string[])["time", "observable", "k", "term", "error", "all signs +", "trees"])
            {
                table.AddColumn(new TableColumn(column).RightAligned());
            }

            foreach (TermEntry term in summary.Series)
            {
                table.AddRow(
                    Numbers.Short(term.Time), Markup.Escape(term.Observable), Numbers.Count(term.K), Numbers.Short(term.Estimate),
                    Numbers.Short(term.Error),
                    Numbers.Short(term.Unsigned), Numbers.Count(term.Samples));
            }

            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Output) });
            console.Profile.Width = Math.Max(console.Profile.Width, 120);
            console.Write(table);
            Listing listing = new();
            foreach (SumEntry sum in summary.Sums)
            {
                listing.Add(
                    $"{sum.Observable} at {Numbers.Short(sum.Time)}",
                    $"{Numbers.Short(sum.Estimate)} +- {Numbers.Short(sum.Error)}{(sum.MassLeftOut > 0 ? $"; left out: terms of mass "
                        + $"{Numbers.Short(sum.MassLeftOut)}" : "")}");
            }

            listing.Add("folder", folder.Directory);
            Output.Write(listing);
            ShowGeometry(summary);
        }

        if (Json)
        {
            Console.Out.Write(summary.ToJson());
        }
    }

    private void ShowGeometry(HierarchySummary summary)
    {
        foreach (RecollisionFit fit in summary.RecollisionFits ?? [])
        {
            string line = fit.LogSlope is { } slope
                ? FormattableString.Invariant(
                    $"; eps ({slope:F3} ln(1/eps) {(fit.LogOffset < 0 ? '-' : '+')} {Math.Abs(fit.LogOffset!.Value):F3})")
                : "";
            Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"k = {fit.K}, {fit.Kind}{(fit.Separation > 0 ? ", times apart" : "")}: {fit.Constant:G3} eps^{fit.Exponent:F2} "
                    + $"({fit.Lower:F2} to {fit.Upper:F2}){line}"));
        }

        foreach (BadSetEntry set in summary.BadSets ?? [])
        {
            Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{set.Set}, k = {set.Order} {set.Source}: {set.Constant:G3} eta^{set.Exponent:F2} ({set.Lower:F2} to {set.Upper:F2}), "
                    + $"expected {Numbers.Short(set.Expected)}, proved {set.Proved:G3}"));
        }
    }

    private static void Show(ProgressTask task, WorkPace pace)
    {
        task.Value = pace.Fraction;
        task.Description = Markup.Escape(WorkLines.Text(pace));
    }
}
