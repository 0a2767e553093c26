using System.CommandLine;
using System.Globalization;
using ActorMD.Files;
using ActorMD.Runtime;
using Spectre.Console;

namespace ActorMD.Cli;

/// <summary><c>actormd converge STUDY.yaml</c>.</summary>
internal sealed class ConvergeCommand : CommandWithExamples
{
    private const string SummaryName = "summary.json";

    private readonly Argument<string> _study = PathArgument.Create("STUDY", "The study (YAML): a case, a ladder of N, times, bins, a budget.");

    private readonly Option<string?> _out = new("--out") { Description = "Folder of the results; default runs/NAME of the study.", HelpName = "DIR" };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Overwrite an earlier study in the folder, and go on where an order has next to no accessible ellipsoid.",
    };

    private readonly Option<int> _workers = new("--workers")
    {
        Description = "Largest number of threads.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "A first look in about a minute: 45 seconds of replicas, a small kinetic reference, three rungs of the ladder.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON on standard output." };

    public ConvergeCommand()
        : base("converge", "Compares the particle system with its kinetic equation along a ladder of N: the main theorems as an experiment.")
    {
        Arguments.Add(_study);
        Options.Add(_out);
        Options.Add(_force);
        Options.Add(_workers);
        Options.Add(_quick);
        Options.Add(_json);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
        ["actormd converge examples/studies/mixture.yaml --quick", "actormd converge examples/studies/ternary.yaml --out runs/ternary-limit"];

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_study);
        if (MomentStudyFile.IsOne(path))
        {
            return RunMoments(MomentStudyFile.Load(path), parsed);
        }

        Study study = StudyFile.Load(path);
        if (parsed.GetValue(_quick))
        {
            study = Quick(study);
        }

        bool force = parsed.GetValue(_force);
        (string directory, string summaryPath) = Folder(parsed, study.Name);

        StudyStore store = new(directory, study);
        if (File.Exists(summaryPath))
        {
            File.Delete(summaryPath);
            store.Clear();
        }

        using StopSignals signals = new();
        ConvergenceResult result;
        try
        {
            result = new ConvergenceStudy(study, Math.Max(parsed.GetValue(_workers), 1), Console.Error.WriteLine, signals.Token, store).Run(force);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Interrupted; finished replicas are kept.");
            Console.Error.WriteLine("  The same command goes on with the next ones.");
            return ExitCode.Interrupted;
        }

        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "convergence.csv"), ConvergenceTables.Differences(result));
        File.WriteAllText(Path.Combine(directory, "chaos.csv"), ConvergenceTables.Chaos(result));
        File.WriteAllText(Path.Combine(directory, "h.csv"), ConvergenceTables.H(result));
        if (ConvergencePlot.Svg(result) is { } picture)
        {
            File.WriteAllText(Path.Combine(directory, "convergence.svg"), picture);
        }

        if (ConvergencePlot.ChaosSvg(result) is { } chaos)
        {
            File.WriteAllText(Path.Combine(directory, "chaos.svg"), chaos);
        }

        File.WriteAllText(summaryPath, result.ToJson());
        if (parsed.GetValue(_json))
        {
            Console.Out.Write(result.ToJson());
        }
        else
        {
            Print(result, directory);
        }

        return result.Verdict.Outcome == StudyVerdict.Disagrees ? ExitCode.PhysicsViolated : ExitCode.Done;
    }

    private (string Directory, string SummaryPath) Folder(ParseResult parsed, string name)
    {
        string directory = parsed.GetValue(_out) is { Length: > 0 } given ? given : Path.Combine("runs", name);
        string summaryPath = Path.Combine(directory, SummaryName);
        return File.Exists(summaryPath) && !parsed.GetValue(_force)
            ? throw new InputFaultException(new InputFault(
                directory, null, null, "the folder already holds results", "choose another with --out, or overwrite them with --force"))
            : (directory, summaryPath);
    }

    private int RunMoments(MomentStudy study, ParseResult parsed)
    {
        if (parsed.GetValue(_quick))
        {
            study = study with { Runs = Math.Min(study.Runs, 4), Particles = Math.Min(study.Particles, 30_000) };
        }

        (string directory, string summaryPath) = Folder(parsed, study.Name);
        using StopSignals signals = new();
        MomentResult result;
        try
        {
            result = new MomentComparison(study, Math.Max(parsed.GetValue(_workers), 1), Console.Error.WriteLine, signals.Token).Run();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Interrupted; nothing was written.");
            return ExitCode.Interrupted;
        }

        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "moments.csv"), result.ToCsv());
        File.WriteAllText(summaryPath, result.ToJson());
        if (parsed.GetValue(_json))
        {
            Console.Out.Write(result.ToJson());
        }
        else
        {
            MomentListing.Print(result, directory);
        }

        return ExitCode.Done;
    }

    private static Study Quick(Study study) => study with
    {
        Ladder = [.. study.Ladder.Take(3)],
        Budget = 45,
        ReferenceRuns = Math.Min(study.ReferenceRuns, 4),
        ReferenceParticles = Math.Min(study.ReferenceParticles, 100_000),
    };

    private static void Print(ConvergenceResult result, string directory)
    {
        Table table = new() { Border = TableBorder.Simple };
        string[] effects = [.. result.Rungs[0].Times[0].Effects.Select(e => $"after {e.Name}")];
        foreach (string column in (string[])["N", "eps", "replicas", "time", "difference", .. effects, "correlations"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (LadderRung rung in result.Rungs)
        {
            foreach (LadderDifference time in rung.Times)
            {
                table.AddRow(
                [
                    Numbers.Count(rung.Particles), Numbers.Short(rung.Epsilon), Numbers.Count(rung.Replicas), Numbers.Short(time.Time),
                    Text(time.All), .. time.Effects.Select(e => Text(e.Left)),
                    string.Join("; ", time.Chaos.Select(c => $"{c.Pair} {Text(c.All)}")),
                ]);
            }
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 180);
        AnsiConsole.Write(table);
        foreach (RateFit fit in result.Fits)
        {
            Console.WriteLine(fit.Exponent is { } exponent
                ? FormattableString.Invariant($"time {fit.Time}: {fit.Of} ~ eps^{exponent:F2}, 95 percent interval {fit.Lower:F2} to {fit.Upper:F2}, from {fit.Rungs} rungs")
                : FormattableString.Invariant($"time {fit.Time}: no fit, the {fit.Of} is above its error on {fit.Rungs} rungs only"));
        }

        foreach (RateFit fit in result.ChaosFits.Where(f => f.Exponent is not null))
        {
            Console.WriteLine(FormattableString.Invariant(
                $"time {fit.Time}: correlation {fit.Of} ~ eps^{fit.Exponent:F2}, 95 percent interval {fit.Lower:F2} to {fit.Upper:F2}, from {fit.Rungs} rungs"));
        }

        if (!result.Refinement.IsEmpty)
        {
            Console.WriteLine("half the step and cells' width change the kinetic solution by " + string.Join(", ", result.Refinement.Select(Text)));
        }

        Console.WriteLine("H of the kinetic equation: " + string.Join(", ", result.KineticH.Select(
            h => FormattableString.Invariant($"{h.Value:F4}({h.Error:F4}) at {h.Time}"))));
        Console.WriteLine("H of the particles at the largest N: " + string.Join(", ", result.Rungs[^1].H.Select(
            h => FormattableString.Invariant($"{h.Value:F4}({h.Error:F4}) at {h.Time}"))));
        Console.WriteLine($"proved: {result.Theorem}; the last time is {Numbers.Short(result.MeanFreeTimes)} mean free times");
        foreach (string warning in result.Warnings)
        {
            Console.WriteLine($"Warning: {warning}");
        }

        Console.WriteLine($"verdict: {result.Verdict.Outcome}: {result.Verdict.Reason} (limit: {Text(result.Verdict.Limit)})");
        Console.WriteLine($"folder {Path.GetFullPath(directory)}");
    }

    private static string Text(MeasuredDifference difference) => difference.Value is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{value:g3} +- {difference.Error:g2}")
        : string.Create(CultureInfo.InvariantCulture, $"< {Math.Sqrt(difference.SquaredError):g2}");
}
