using System.CommandLine;
using System.Globalization;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Studies;
using ActorMD.Files.Whole;
using ActorMD.Runs;
using ActorMD.Studies.Convergence;
using Spectre.Console;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd converge STUDY.yaml</c>.</summary>
internal sealed class ConvergeCommand : CommandWithExamples
{
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
            MomentStudy moments = MomentStudyFile.Load(path);
            moments = parsed.GetValue(_quick)
                ? moments with { Runs = Math.Min(moments.Runs, 4), Particles = Math.Min(moments.Particles, 30_000) }
                : moments;
            StudyFolder own = Folder(parsed, moments.Name);
            using StopSignals stop = new();
            return FolderFailureException.Watch(
                own.Directory,
                () => RunMoments(
                    moments, own, parsed.GetValue(_force), new Choices(Math.Max(parsed.GetValue(_workers), 1), parsed.GetValue(_json)), stop.Token));
        }

        Study study = StudyFile.Load(path);
        if (parsed.GetValue(_quick))
        {
            study = Quick(study);
        }

        bool force = parsed.GetValue(_force);
        StudyFolder folder = Folder(parsed, study.Name);
        using StopSignals signals = new();
        return FolderFailureException.Watch(
            folder.Directory,
            () => Run(study, folder, force, new Choices(Math.Max(parsed.GetValue(_workers), 1), parsed.GetValue(_json)), signals.Token));
    }

    /// <summary>Goes on with the study of a folder; one that is already finished is only reported.</summary>
    /// <param name="folder">Of the study.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="json">Print the result as JSON.</param>
    public static int Continue(StudyFolder folder, int workers, bool json)
    {
        if (folder.IsFinished)
        {
            Console.Error.WriteLine("The study is already finished; nothing was changed.");
            if (json)
            {
                Console.Out.Write(File.ReadAllText(folder.SummaryPath));
            }

            return ExitCode.Done;
        }

        bool force = folder.Command?.Contains("--force", StringComparison.Ordinal) == true;
        Choices choices = new(workers, json);
        using StopSignals signals = new();
        return FolderFailureException.Watch(
            folder.Directory,
            () => MomentStudyFile.IsOne(folder.StudyPath)
                ? RunMoments(MomentStudyFile.Load(folder.StudyPath), folder, force, choices, signals.Token)
                : Run(StudyFile.Load(folder.StudyPath), folder, force, choices, signals.Token));
    }

    private static int Run(Study study, StudyFolder folder, bool force, Choices choices, CancellationToken stop)
    {
        StudyStore store = new(folder.Directory, study);
        ConvergenceStudy work = new(study, choices.Workers, Console.Error.WriteLine, stop, store);
        work.CheckLadder(force);
        Announce(work.Cost(), folder, choices);
        using FolderLock held = Lock(folder);
        if (folder.IsFinished)
        {
            store.Clear();
        }

        folder.Begin(StudyWriter.Write(study), force ? "converge --force" : "converge");
        ConvergenceResult result;
        try
        {
            result = work.Run(force);
        }
        catch (OperationCanceledException)
        {
            return Interrupted(folder, "finished replicas are kept");
        }

        folder.Write("convergence.csv", ConvergenceTables.Differences(result));
        folder.Write("chaos.csv", ConvergenceTables.Chaos(result));
        folder.Write("h.csv", ConvergenceTables.H(result));
        if (ConvergencePlot.Svg(result) is { } picture)
        {
            folder.Write("convergence.svg", picture);
        }

        if (ConvergencePlot.ChaosSvg(result) is { } chaos)
        {
            folder.Write("chaos.svg", chaos);
        }

        folder.Finish(ProductVersion.Text, result.ToJson());
        if (choices.Json)
        {
            Console.Out.Write(result.ToJson());
        }
        else
        {
            Print(result, folder.Directory);
        }

        return result.Verdict.Outcome == StudyVerdict.Disagrees ? ExitCode.PhysicsViolated : ExitCode.Done;
    }

    private StudyFolder Folder(ParseResult parsed, string name)
    {
        StudyFolder folder = new(parsed.GetValue(_out) is { Length: > 0 } given ? given : Path.Combine("runs", name));
        bool force = parsed.GetValue(_force);
        return folder.IsFinished && !force
            ? throw new InputFaultException(new InputFault(
                folder.Directory, null, null, "the folder already holds results", "choose another with --out, or overwrite them with --force"))
            : File.Exists(Path.Combine(folder.Directory, "case.yaml"))
                ? throw new InputFaultException(new InputFault(
                    folder.Directory, null, null, "the folder holds a run", "choose another with --out"))
                : folder;
    }

    private static FolderLock Lock(StudyFolder folder)
    {
        RunFolder.Make(folder.Directory);
        return FolderLock.TryAcquire(folder.Directory) ?? throw new InputFaultException(new InputFault(
            folder.Directory, null, null, "another process is running this study",
            "wait until it ends, stop it, or choose another folder with --out"));
    }

    private static int Interrupted(StudyFolder folder, string kept)
    {
        folder.Seal(ProductVersion.Text);
        Console.Error.WriteLine($"Interrupted; {kept}.");
        Console.Error.WriteLine($"  Continue with 'actormd resume {folder.Directory}', or with the same command.");
        return ExitCode.Interrupted;
    }

    // On standard error, as all that is said before the result.
    private static void Announce(StudyCost cost, StudyFolder folder, Choices choices)
    {
        if (cost.Obstacle(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) is var (key, problem, remedy))
        {
            throw new InputFaultException(new InputFault(folder.Directory, null, key, problem, remedy));
        }

        Console.Error.Write(CostListing.Of(cost, choices.Workers));
    }

    private static int RunMoments(MomentStudy study, StudyFolder folder, bool force, Choices choices, CancellationToken stop)
    {
        MomentComparison work = new(study, choices.Workers, Console.Error.WriteLine, stop);
        Announce(work.Cost(), folder, choices);
        using FolderLock held = Lock(folder);
        folder.Begin(StudyWriter.Write(study), force ? "converge --force" : "converge");
        MomentResult result;
        try
        {
            result = work.Run();
        }
        catch (OperationCanceledException)
        {
            return Interrupted(folder, "it begins anew");
        }

        folder.Write("moments.csv", result.ToCsv());
        folder.Finish(ProductVersion.Text, result.ToJson());
        if (choices.Json)
        {
            Console.Out.Write(result.ToJson());
        }
        else
        {
            MomentListing.Print(result, folder.Directory);
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

    private sealed record Choices(int Workers, bool Json);

    private static string Text(MeasuredDifference difference) => difference.Value is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{value:g3} +- {difference.Error:g2}")
        : string.Create(CultureInfo.InvariantCulture, $"< {Math.Sqrt(difference.SquaredError):g2}");
}
