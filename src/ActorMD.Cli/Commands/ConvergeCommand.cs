using System.CommandLine;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Studies;
using ActorMD.Files.Whole;
using ActorMD.Runs;
using ActorMD.Studies.Convergence;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd converge STUDY.yaml</c>.</summary>
internal sealed class ConvergeCommand : CommandWithExamples
{
    private readonly Argument<string> _study = PathArgument.Create("STUDY", "The study (YAML): a case, a ladder of N, times, bins, replicas.");

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
        ["actormd converge examples/studies/mixture.yaml --quick",
            "actormd converge examples/studies/ternary.yaml --out runs/ternary-limit",
            "actormd converge examples/studies/fluctuations-mixture.yaml"];

    private int Run(ParseResult parsed)
    {
        StudyJob job = StudyJob.Load(parsed.GetRequiredValue(_study), parsed.GetValue(_quick));
        StudyFolder folder = Folder(parsed, job.Name);
        using StopSignals signals = new();
        return FolderFailureException.Watch(
            folder.Directory,
            () => Run(job, folder, parsed.GetValue(_force), new Choices(Math.Max(parsed.GetValue(_workers), 1), parsed.GetValue(_json)),
                signals.Token));
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
            () => Run(StudyJob.Load(folder.StudyPath, quick: false), folder, force, choices, signals.Token));
    }

    private static int Run(StudyJob job, StudyFolder folder, bool force, Choices choices, CancellationToken stop)
    {
        StudyWork work = job.Begin(folder.Directory, choices.Workers, force, stop);
        Announce(work.Cost, folder, choices);
        using FolderLock held = Lock(folder);
        if (folder.IsFinished)
        {
            work.Clear();
        }

        folder.Begin(job.Text, force ? "converge --force" : "converge");
        StudyOutcome outcome;
        try
        {
            outcome = work.Run();
        }
        catch (OperationCanceledException)
        {
            return Interrupted(folder, job.Kept);
        }

        foreach ((string name, string text) in outcome.Files)
        {
            folder.Write(name, text);
        }

        folder.Finish(ProductVersion.Text, outcome.Summary);
        if (choices.Json)
        {
            Console.Out.Write(outcome.Summary);
        }
        else
        {
            outcome.Print(folder.Directory);
        }

        return outcome.Code;
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

    private sealed record Choices(int Workers, bool Json);
}
