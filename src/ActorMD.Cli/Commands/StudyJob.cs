using ActorMD.Cli.Terminal;
using ActorMD.Files.Studies;
using ActorMD.Studies.Convergence;
using ActorMD.Studies.Fluctuations;

namespace ActorMD.Cli.Commands;

/// <summary>What a study has found.</summary>
/// <param name="Files">Tables and pictures: name and text.</param>
/// <param name="Summary">summary.json.</param>
/// <param name="Print">Prints it for people; gets the folder.</param>
/// <param name="Code">Exit code.</param>
internal sealed record StudyOutcome(IReadOnlyDictionary<string, string> Files, string Summary, Action<string> Print,
    int Code = ExitCode.Done);

/// <summary>One of the kinds of studies of <c>converge</c>, loaded from its file.</summary>
/// <param name="Name">Of the study.</param>
/// <param name="Text">The resolved study.</param>
/// <param name="Kept">What an interruption keeps.</param>
/// <param name="Begin">Prepares it: gets the folder, the number of threads, whether to force it, and the stop.</param>
internal sealed record StudyJob(string Name, string Text, string Kept, Func<string, int, bool, CancellationToken, StudyWork> Begin)
{
    private const int QuickParticles = 300_000; // of all replicas of a rung

    /// <summary>The study of a file.</summary>
    /// <param name="path">Of the study.</param>
    /// <param name="quick">Whether only a first look is wanted.</param>
    public static StudyJob Load(string path, bool quick) => MomentStudyFile.IsOne(path)
        ? Of(Moments(MomentStudyFile.Load(path), quick))
        : FluctuationStudyFile.IsOne(path)
            ? Of(Fluctuations(FluctuationStudyFile.Load(path), quick))
            : Of(Convergence(StudyFile.Load(path), quick));

    private static Study Convergence(Study study, bool quick) => !quick ? study : study with
    {
        Ladder = [.. study.Ladder.Take(3)],
        ReplicaParticles = Math.Min(study.ReplicaParticles, QuickParticles),
        ReferenceRuns = Math.Min(study.ReferenceRuns, 4),
        ReferenceParticles = Math.Min(study.ReferenceParticles, 100_000),
    };

    private static MomentStudy Moments(MomentStudy study, bool quick) =>
        !quick ? study : study with { Runs = Math.Min(study.Runs, 4), Particles = Math.Min(study.Particles, 30_000) };

    private static FluctuationStudy Fluctuations(FluctuationStudy study, bool quick) =>
        !quick ? study : study with { Ladder = [.. study.Ladder.Take(2)], Replicas = Math.Min(study.Replicas, 100) };

    private static StudyJob Of(Study study) =>
        new(study.Name, StudyWriter.Write(study), "finished replicas are kept", (directory, workers, force, stop) =>
    {
        StudyStore store = new(directory, study);
        ConvergenceStudy work = new(study, workers, Console.Error.WriteLine, stop, store);
        work.CheckLadder(force);
        return new StudyWork(work.Cost(), store.Clear, () =>
        {
            ConvergenceResult result = work.Run(force);
            Dictionary<string, string> files = new()
            {
                ["convergence.csv"] = ConvergenceTables.Differences(result),
                ["chaos.csv"] = ConvergenceTables.Chaos(result),
                ["cumulants.csv"] = ConvergenceTables.Cumulants(result),
                ["h.csv"] = ConvergenceTables.H(result),
            };
            if (ConvergencePlot.Svg(result) is { } picture)
            {
                files["convergence.svg"] = picture;
            }

            if (ConvergencePlot.ChaosSvg(result) is { } chaos)
            {
                files["chaos.svg"] = chaos;
            }

            return new StudyOutcome(
                files, result.ToJson(), folder => ConvergenceListing.Print(result, folder),
                result.Verdict.Outcome == StudyVerdict.Disagrees ? ExitCode.PhysicsViolated : ExitCode.Done);
        });
    });

    private static StudyJob Of(MomentStudy study) => new(study.Name, StudyWriter.Write(study), "it begins anew", (_, workers, _, stop) =>
    {
        MomentComparison work = new(study, workers, Console.Error.WriteLine, stop);
        return new StudyWork(work.Cost(), () => { }, () =>
        {
            MomentResult result = work.Run();
            return new StudyOutcome(
                new Dictionary<string, string> { ["moments.csv"] = result.ToCsv() }, result.ToJson(), folder =>
                    MomentListing.Print(result, folder));
        });
    });

    private static StudyJob Of(FluctuationStudy study) =>
        new(study.Name, StudyWriter.Write(study), "finished replicas are kept", (directory, workers, _, stop) =>
    {
        StudyStore store = new(directory, study);
        FluctuationComparison work = new(study, workers, Console.Error.WriteLine, stop, store);
        return new StudyWork(work.Cost(), store.Clear, () =>
        {
            FluctuationResult result = work.Run();
            return new StudyOutcome(
                new Dictionary<string, string> { ["fluctuations.csv"] = result.ToCsv(), ["fluctuations.svg"] = result.ToSvg() },
                    result.ToJson(),
                folder => FluctuationListing.Print(result, folder));
        });
    });
}

/// <summary>A study that is ready to run.</summary>
/// <param name="Cost">What it will cost.</param>
/// <param name="Clear">Forgets what an earlier one has stored.</param>
/// <param name="Run">Does it.</param>
internal sealed record StudyWork(StudyCost Cost, Action Clear, Func<StudyOutcome> Run);
