using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Series;
using ActorMD.Files.Whole;
using ActorMD.Kinetic.Hierarchy;
using ActorMD.Runs;
using ActorMD.Runs.Output;
using ActorMD.Runs.Sessions;
using Serilog.Core;

namespace ActorMD.Studies.Hierarchy;

/// <summary>Computes a Duhamel series and keeps its run folder: <c>terms.csv</c>, <c>terms.svg</c>, <c>summary.json</c>.</summary>
public sealed class HierarchySession : IDisposable
{
    private const string SeriesName = "series";
    private const string NormalisationName = "normalisation";
    private const int NormalisationBlock = 20_000;

    private readonly RunLock _lock;
    private readonly Case _case;
    private readonly HierarchyPlan _plan;
    private readonly RunFolder _folder;
    private readonly string _command;
    private readonly Logger _log;
    private readonly ResourceMeter _resources = new(0, 0);
    private readonly bool _resumes;

    private HierarchySession(RunLock @lock, Case @case, HierarchyPlan plan, RunFolder folder, string command)
    {
        _lock = @lock;
        _case = @case;
        _plan = plan;
        _folder = folder;
        _command = command;
        _resumes = IsIn(folder);
        _log = RunLog.Open(folder.LogPath, @case.Name, Environment.MachineName);
    }

    /// <summary>Starts in a directory; an earlier run there is removed only under its lock, and only with force.</summary>
    /// <param name="case">Its gas and initial data.</param>
    /// <param name="plan">What is computed.</param>
    /// <param name="directory">Of the run.</param>
    /// <param name="force">Overwrite a run that is there.</param>
    /// <param name="command">With the options that the case does not hold.</param>
    /// <exception cref="InputFaultException">
    /// A run is there and force is not given, another process runs it, or nothing can be written.
    /// </exception>
    public static HierarchySession Start(Case @case, HierarchyPlan plan, string directory, bool force, string command) => RunLock.Hold(
        RunFolder.Make(directory),
        @lock => new HierarchySession(@lock, @case, plan, RunFolder.Begin(directory, force, @case, command), command));

    /// <summary>Goes on with an interrupted or killed one.</summary>
    /// <param name="case">Of the folder.</param>
    /// <param name="plan">Of its command.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="command">Its command.</param>
    /// <exception cref="InputFaultException">Another process runs it.</exception>
    public static HierarchySession Resume(Case @case, HierarchyPlan plan, RunFolder folder, string command) => RunLock.Hold(folder, @lock =>
    {
        folder.Unseal();
        Directory.CreateDirectory(folder.CheckpointDirectory);
        return new HierarchySession(@lock, @case, plan, folder, command);
    });

    /// <summary>Whether a run folder holds an unfinished one with a checkpoint.</summary>
    public static bool IsIn(RunFolder folder) => File.Exists(folder.HierarchyCheckpointPath);

    /// <summary>Computes everything.</summary>
    /// <param name="advanced">Is told how it goes on.</param>
    /// <param name="stop">Asks for an early end, which leaves a checkpoint.</param>
    /// <returns>The result; null when it was interrupted.</returns>
    public HierarchySummary? Run(Action<WorkPace> advanced, CancellationToken stop)
    {
        _log.Information(
            "{What} a series of {Terms} terms, seed {Seed}, version {Version}", _resumes ? "Resumed" : "Started", _plan.Terms, _case.Seed,
            ProductVersion.Text);
        SeriesSampler sampler = new(_plan.Model, _plan.Times, _plan.Terms, _plan.Samples, _case.Seed);
        int blocks = (_plan.NormalisationDraws + NormalisationBlock - 1) / NormalisationBlock;
        IHierarchyPart[] parts = [.. Parts()];
        BlockWork[] works =
        [
            new BlockWork(
                NormalisationName, "initial law", blocks, n => [ConditionedLaw.CountFree(_plan.Model, _case.Seed, n, NormalisationBlock)]),
            new BlockWork(SeriesName, "trees", sampler.Blocks.Length, n => sampler.Draw(n).ToArray()),
            .. parts.SelectMany(part => part.Works),
        ];
        BlockStore store = new(_folder.HierarchyCheckpointPath, $"{CaseFingerprint.OfAll(_case)}\n{_command}");
        try
        {
            IReadOnlyDictionary<string, double[][]> sums = new BlockRunner(works, store, _plan.Workers, advanced).Run(_resumes, stop);
            MeasuredValue? normalisation = Normalisation(sums[NormalisationName]);
            ImmutableArray<SeriesTerm> terms = sampler.Terms(
                [.. sums[SeriesName].Select(block => TreeSums.Of(block))], normalisation?.Value ?? 1, normalisation?.Error ?? 0);
            HierarchySummary summary = Summarize(terms, normalisation);
            Dictionary<string, string> files = new()
            {
                ["terms.csv"] = TermsTable.Csv(terms),
                ["terms.svg"] = TermsPicture.Svg(_case.Name, terms),
            };
            foreach (IHierarchyPart part in parts)
            {
                summary = part.Finish(sums, files, summary);
            }

            foreach ((string name, string text) in files)
            {
                WholeFile.Write(Path.Combine(_folder.Directory, name), text);
            }

            _log.Information("Finished: {Trees} trees", terms.Sum(t => t.Samples));
            _log.Dispose();
            _folder.Finish(ProductVersion.Text, summary.ToJson());
            File.Delete(_folder.HierarchyCheckpointPath);
            return summary;
        }
        catch (OperationCanceledException)
        {
            _log.Information("Interrupted");
            _log.Dispose();
            _folder.Seal(ProductVersion.Text);
            return null;
        }
    }

    public void Dispose()
    {
        _log.Dispose();
        _lock.Dispose();
    }

    private IEnumerable<IHierarchyPart> Parts()
    {
        HierarchyWishes wishes = _plan.Wishes;
        if (wishes.Trajectories > 0)
        {
            SeriesModel model = new(
                _case.Gas, _case.Counts, _case.Initial, _plan.Model.Tracked, _plan.Model.Observables, _plan.Model.Scales.ThermalSpeeds,
                SeriesFlow.Free);
            yield return new TrajectoryDrawing(
                model, _case.Name, _plan.Times[^1], Math.Max(_plan.Terms, 1), wishes.Trajectories, _case.Seed);
        }

        if (wishes.Recollisions)
        {
            yield return new RecollisionStudy(_case, Math.Min(_plan.Terms, 3));
        }

        if (wishes.BadSets)
        {
            yield return new BadSetStudy(_case);
        }
    }

    private MeasuredValue? Normalisation(double[][] blocks)
    {
        if (blocks.Length == 0)
        {
            return null;
        }

        double draws = (double)blocks.Length * NormalisationBlock, share = blocks.Sum(b => b[0]) / draws;
        return share >= ConditionedLaw.NormalisationMin
            ? new MeasuredValue(share, Math.Sqrt(share * (1 - share) / draws))
            : throw new InputFaultException(new InputFault(
                _folder.CasePath, null, "species",
                FormattableString.Invariant($"only {share:G2} of independent draws of all particles do not overlap: ")
                    + "too few for the marginals of the conditioned law",
                "give fewer or smaller particles, or --flow boltzmann"));
    }

    private HierarchySummary Summarize(ImmutableArray<SeriesTerm> terms, MeasuredValue? normalisation)
    {
        SeriesModel model = _plan.Model;
        double limit = _plan.Bound.Limit();
        return new HierarchySummary
        {
            Name = _case.Name,
            Version = ProductVersion.Text,
            Workers = _plan.Workers,
            WallSeconds = _resources.WallSeconds,
            CpuSeconds = _resources.CpuSeconds,
            Flow = model.Flow.ToString().ToLowerInvariant(),
            Particles = [.. model.Gas.Species.Select((_, a) => model.Tracked.Count(b => b == a))],
            Rate = _plan.Bound.Rate(model.Tracked[0]),
            OutOfReachFrom = double.IsFinite(limit) && !_plan.IsWhole ? limit : null,
            Normalisation = normalisation,
            Series = [.. terms.Select(Entry)],
            Sums = [.. terms.GroupBy(t => (t.Time, t.Observable)).Select(Sum)],
            Notes = _plan.Notes,
        };
    }

    private TermEntry Entry(SeriesTerm term)
    {
        double mass = _plan.Bound.Terms(_plan.Model.Tracked, term.Time, term.K)[term.K];
        return new TermEntry(
            term.Time, term.Observable, term.K, term.Estimate, term.Error, term.Unsigned, term.UnsignedError,
            _plan.Model.Flow == SeriesFlow.Boltzmann ? mass : null,
            double.IsFinite(_plan.Model.EnergyMax) ? term.CutByEnergy : null, _plan.Model.Separation > 0 ? term.CutBySeparation : null,
            term.Samples);
    }

    private SumEntry Sum(IGrouping<(double Time, string Observable), SeriesTerm> terms)
    {
        double total = _plan.Bound.Total(_plan.Model.Tracked, terms.Key.Time);
        double left = total - _plan.Bound.Terms(_plan.Model.Tracked, terms.Key.Time, _plan.Terms).Sum();
        return new SumEntry(
            terms.Key.Time, terms.Key.Observable, _plan.Terms, terms.Sum(t => t.Estimate), Math.Sqrt(terms.Sum(t => t.Error * t.Error)),
            _plan.IsWhole ? 0 : Math.Max(left, 0));
    }
}
