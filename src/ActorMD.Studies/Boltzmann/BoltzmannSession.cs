using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;
using ActorMD.Runs;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Output;
using ActorMD.Runs.Sessions;
using Serilog.Core;

namespace ActorMD.Studies.Boltzmann;

/// <summary>Solves a case's kinetic equation by independent DSMC runs and keeps the run folder.</summary>
/// <remarks>
/// All runs advance together from sample to sample, so that the files hold means and errors at any moment. An interrupted solution writes a
/// checkpoint and goes on to the same bits; so does a killed one, from the last minute's.
/// </remarks>
public sealed class BoltzmannSession : IDisposable
{
    private readonly Case _case;
    private readonly BoltzmannPlan _plan;
    private readonly bool _refine;
    private readonly KineticCheckpoint? _resumed;
    private readonly RunFolder _folder;
    private readonly RunLock _lock;
    private readonly ThermoWriter _thermo;
    private readonly ThermoWriter? _errors;
    private readonly ProfileWriter? _profiles;
    private readonly Logger _log;
    private readonly ResourceMeter _resources;
    private readonly PaceMeter _pace;

    private BoltzmannSession(
        RunLock @lock, Case @case, BoltzmannPlan plan, bool refine, RunFolder folder, KineticCheckpoint? resumed)
    {
        _lock = @lock;
        _case = @case;
        _plan = plan;
        _refine = refine;
        _folder = folder;
        _resumed = resumed;
        if (resumed is null)
        {
            Head(isBegun: false).Write(folder, @case, state: null);
        }

        bool goesOn = resumed?.StateOffset is not null;
        _thermo = goesOn
            ? ThermoWriter.Resume(folder.ThermoPath, @case.Gas, resumed!.Lengths[0])
            : ThermoWriter.Create(folder.ThermoPath, @case.Gas);
        _errors = plan.RunCount <= 1
            ? null
            : goesOn ? ThermoWriter.Resume(folder.ThermoErrorsPath, @case.Gas, resumed!.Lengths[1]) : ThermoWriter.Create(
                folder.ThermoErrorsPath, @case.Gas);
        _profiles = plan.Grid.CellCount > 1
            ? new ProfileWriter(folder.ProfilesPath, @case.Gas, plan.Grid, goesOn ? resumed!.Lengths[2] : null)
            : null;
        _log = RunLog.Open(folder.LogPath, @case.Name, Environment.MachineName);
        _pace = new PaceMeter(@case.Run.Until);
        _resources = new ResourceMeter(resumed?.WallSeconds ?? 0, resumed?.CpuSeconds ?? 0);
    }

    /// <summary>Simulation time that was reached.</summary>
    public double Time { get; private set; }

    /// <summary>Starts in a directory; an earlier run there is removed only under its lock, and only with force.</summary>
    /// <param name="case">What is solved.</param>
    /// <param name="plan">How.</param>
    /// <param name="directory">Of the run.</param>
    /// <param name="force">Overwrite a run that is there.</param>
    /// <param name="refine">Compute it again with half the time step, with half the cells' width, and with both, and compare.</param>
    /// <exception cref="InputFaultException">
    /// A run is there and force is not given, another process runs it, or nothing can be written.
    /// </exception>
    public static BoltzmannSession Start(Case @case, BoltzmannPlan plan, string directory, bool force, bool refine = false) => RunLock.Hold(
        RunFolder.Make(directory),
        @lock => new BoltzmannSession(
            @lock, @case, plan, refine, RunFolder.Begin(directory, force, @case, plan.Command(refine)), resumed: null));

    /// <summary>Goes on with an interrupted solution.</summary>
    /// <param name="case">Of the folder.</param>
    /// <param name="folder">Of the run; it has a kinetic checkpoint.</param>
    /// <param name="workers">Threads; no result depends on them.</param>
    /// <exception cref="InputFaultException">
    /// The checkpoint is missing, damaged or of another case, or another process runs the solution.
    /// </exception>
    public static BoltzmannSession Resume(Case @case, RunFolder folder, int workers) => RunLock.Hold(folder, @lock =>
    {
        KineticCheckpoint checkpoint = KineticCheckpoint.Read(folder, @case);
        folder.Unseal();
        return new BoltzmannSession(@lock, @case, checkpoint.Plan(@case, workers), checkpoint.Refine, folder, checkpoint);
    });

    /// <summary>Memory, and wall time of one thread, of the whole solution with its refinement, about.</summary>
    public (double Bytes, double Seconds) Cost(Expected expected) => (_plan.MemoryBytes, Seconds(_case, _plan, _refine, expected));

    /// <summary>Wall time of one thread, about.</summary>
    public static double Seconds(Case @case, BoltzmannPlan plan, bool refine, Expected expected) =>
        plan.Seconds(@case, expected) + (refine ? Refined(plan).Sum(p => p.Seconds(@case, expected)) : 0);

    /// <summary>Whether a run folder holds an unfinished kinetic solution.</summary>
    public static bool IsIn(RunFolder folder) => File.Exists(folder.KineticCheckpointPath);

    /// <summary>Computes the solution.</summary>
    /// <param name="observer">Is told how it goes on.</param>
    /// <param name="stop">Asks for an early end, which leaves a checkpoint.</param>
    public RunOutcome Run(IRunObserver observer, CancellationToken stop)
    {
        _log.Information(
            _resumed is null
                ? "Started {Runs} DSMC runs of {Particles} particles in {Cells} cells, seed {Seed}, version {Version}"
                : "Resumed {Runs} DSMC runs of {Particles} particles in {Cells} cells, seed {Seed}, version {Version}",
            _plan.RunCount, _plan.Size.Total, _plan.Grid.CellCount, _case.Seed, ProductVersion.Text);
        try
        {
            Solution main = Solve(_plan, observer, stop, isMain: true);
            ImmutableArray<RefinementSummary>? refinement = _refine ? Refine(main, observer, stop) : null;
            RunSummary summary = Summarize(main, refinement);
            _log.Information("Finished at {time}: digest {Digest}", Time, summary.Digest);
            CloseFiles();
            WideTables.Write(_folder, summary);
            _folder.Finish(ProductVersion.Text, summary);
            File.Delete(_folder.KineticCheckpointPath);
            return new RunOutcome(Time, summary);
        }
        catch (OperationCanceledException)
        {
            _log.Information("Interrupted at {time}", Time);
            CloseFiles();
            _folder.Seal(ProductVersion.Text);
            return new RunOutcome(Time, null);
        }
    }

    public void Dispose()
    {
        CloseFiles();
        _lock.Dispose();
    }

    private void CloseFiles()
    {
        _thermo.Dispose();
        _errors?.Dispose();
        _profiles?.Dispose();
        _log.Dispose();
    }

    /// <summary>
    /// The plans of a refinement study: half the step, half the width of the cells, both. None changes a homogeneous equation.
    /// </summary>
    public static ImmutableArray<BoltzmannPlan> Refined(BoltzmannPlan plan)
    {
        DsmcGrid grid = plan.Grid;
        DsmcGrid fine = grid with
        {
            CountX = grid.CountX > 1 ? 2 * grid.CountX : 1,
            CountY = grid.CountY > 1 ? 2 * grid.CountY : 1,
            CountZ = grid.CountZ > 1 ? 2 * grid.CountZ : 1,
        };
        BoltzmannPlan halfStep = plan with { TimeStep = 0.5 * plan.TimeStep };
        return fine == grid ? [halfStep] : [halfStep, plan with { Grid = fine }, halfStep with { Grid = fine }];
    }

    private KineticCheckpoint Head(bool isBegun, ImmutableArray<RefinementSummary> refinements = default) => new()
    {
        Cells = _plan.Cells,
        Size = _plan.Size,
        TimeStep = _plan.TimeStep,
        RunCount = _plan.RunCount,
        Refine = _refine,
        Exponents = _plan.Exponents,
        WallSeconds = _resources?.WallSeconds ?? 0,
        CpuSeconds = _resources?.CpuSeconds ?? 0,
        Lengths = !isBegun ? [0, 0, 0] : [_thermo.Length, _errors?.Length ?? 0, _profiles?.Length ?? 0],
        Refinements = refinements.IsDefault ? [] : refinements,
    };

    private void Save(BoltzmannRuns runs, SolutionProgress progress, ImmutableArray<RefinementSummary> refinements = default)
    {
        _thermo.Flush();
        _errors?.Flush();
        Head(isBegun: true, refinements).Write(_folder, _case, writer =>
        {
            writer.Write(Time);
            progress.Save(writer);
            runs.Save(writer);
        });
    }

    private (BoltzmannRuns Runs, SolutionProgress Progress) Begin(BoltzmannPlan plan, CancellationToken stop, bool isMain)
    {
        if (!isMain || _resumed?.StateOffset is not { } offset)
        {
            return (new BoltzmannRuns(_case, plan, stop), new SolutionProgress(plan.RunCount));
        }

        BoltzmannRuns runs = new(_case, plan, stop, isRestored: true);
        using BinaryReader reader = new(File.OpenRead(_folder.KineticCheckpointPath));
        reader.BaseStream.Position = offset;
        try
        {
            Time = reader.ReadDouble();
            SolutionProgress progress = SolutionProgress.Read(reader, plan.RunCount, AveragesOf(_case.Gas).Length);
            runs.Restore(reader);
            return (runs, progress);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException)
        {
            throw new InputFaultException(new InputFault(
                _folder.KineticCheckpointPath, null, null, "the checkpoint holds what no solution can have",
                "start the solution again with --force"));
        }
    }

    private Solution Solve(BoltzmannPlan plan, IRunObserver observer, CancellationToken stop, bool isMain)
    {
        const double SecondsPerCheckpoint = 60;
        Gas gas = _case.Gas;
        (BoltzmannRuns runs, SolutionProgress progress) = Begin(plan, stop, isMain);
        RegularTimes samples = new(_case.Run.Sample, _case.Run.Until);
        long saved = Stopwatch.GetTimestamp();
        while (!(runs.Time >= _case.Run.Until && progress.Next > 0))
        {
            double due = Math.Min(_case.Run.Until, samples[progress.Next]);
            due = progress.Before is null ? Math.Min(due, _case.Run.Equilibrate) : due;
            if (!runs.AdvanceTo(due, time => observer.Advanced(_pace.Measure(isMain ? time : _case.Run.Until, runs.CollisionCount)), stop))
            {
                if (isMain)
                {
                    Save(runs, progress);
                }

                throw new OperationCanceledException(stop);
            }

            if (progress.Before is null && due >= _case.Run.Equilibrate)
            {
                progress.Before = [.. runs.Solvers.Select(s => s.Tally)];
            }

            if (due >= samples[progress.Next])
            {
                DsmcMoments[] moments = runs.Measure();
                ThermoRow[] rows = [.. moments.Select(m => BoltzmannObservables.Row(gas, due, _case.ParticleCount, m))];
                for (int run = 0; run < rows.Length && due >= _case.Run.Equilibrate; run++)
                {
                    ThermoRow row = rows[run];
                    progress.Averaged[run].Add(new ThermoAverages([row.Temperature, row.Pressure, row.Z, .. row.TemperatureBySpecies]));
                }

                progress.InitialEnergy ??= rows.Average(r => r.Energy);
                progress.Next++;
                if (isMain)
                {
                    Write(rows, moments, runs.CollisionCount);
                    if (Stopwatch.GetElapsedTime(saved).TotalSeconds > SecondsPerCheckpoint)
                    {
                        Save(runs, progress);
                        observer.Checkpointed(due);
                        saved = Stopwatch.GetTimestamp();
                    }
                }
            }
        }

        if (isMain && _refine)
        {
            Save(runs, progress, _resumed?.Refinements ?? []);
        }

        double span = _case.Run.Until - _case.Run.Equilibrate;
        return new Solution(
            plan, runs, progress,
            [.. runs.Solvers.Select((s, run) => BoltzmannObservables.Frequencies(
                gas, plan.Size, plan.Channels, s.Tally - progress.Before![run], span))]);
    }

    private static ImmutableArray<string> AveragesOf(Gas gas) =>
        ["temperature", "pressure", "Z", .. gas.Species.Select(s => $"temperature_{s.Name}")];

    private void Write(ThermoRow[] rows, DsmcMoments[] moments, long collisions)
    {
        (ThermoRow mean, ThermoRow error) = BoltzmannObservables.Average(_case.Gas, rows);
        _thermo.Append(mean);
        _thermo.Flush();
        if (_errors is not null)
        {
            _errors.Append(error);
            _errors.Flush();
        }

        _profiles?.Append(mean.Time, moments);
        Time = mean.Time;
        _log.Information(
            "Sampled at {time}: temperature {Temperature}, {Collisions} collisions in {Runs} runs", mean.Time, mean.Temperature, collisions,
            _plan.RunCount);
    }

    private ImmutableArray<RefinementSummary> Refine(Solution main, IRunObserver observer, CancellationToken stop)
    {
        List<RefinementSummary> refined = [.. _resumed?.Refinements ?? []];
        foreach (BoltzmannPlan plan in Refined(_plan).Skip(refined.Count))
        {
            _log.Information("Refining: time step {Step}, {Cells} cells", plan.TimeStep, plan.Grid.CellCount);
            Solution other = Solve(plan, observer, stop, isMain: false);
            ImmutableSortedDictionary<string, RunMean> mine = main.Observables(_case), theirs = other.Observables(_case);
            var differences = ImmutableSortedDictionary.CreateBuilder<string, RefinedValue>(StringComparer.Ordinal);
            foreach ((string name, RunMean value) in theirs)
            {
                if (value.Value is { } refinedValue && mine[name].Value is { } mainValue)
                {
                    double? error = value.Error is { } e1 && mine[name].Error is { } e2 ? Math.Sqrt(e1 * e1 + e2 * e2) : null;
                    differences[name] = new RefinedValue(refinedValue, refinedValue - mainValue, error);
                }
            }

            refined.Add(new RefinementSummary(plan.TimeStep, plan.Cells, differences.ToImmutable()));
            Save(main.Runs, main.Progress, [.. refined]);
        }

        return [.. refined];
    }

    private RunSummary Summarize(Solution solution, ImmutableArray<RefinementSummary>? refinement)
    {
        Gas gas = _case.Gas;
        ImmutableSortedDictionary<string, RunMean> observables = solution.Observables(_case);
        DsmcTally[] tallies = [.. solution.Runs.Solvers.Select(s => s.Tally)];
        long attempts = tallies.Sum(t => t.Attempts.Sum()), collisions = tallies.Sum(t => t.Collisions.Sum());
        double initialEnergy = solution.Progress.InitialEnergy ?? 0;
        double finalEnergy = solution.Runs.Measure().Average(m => m.Energy);
        double cpuSeconds = _resources.CpuSeconds;
        return new RunSummary
        {
            Name = _case.Name,
            Version = ProductVersion.Text,
            Runtime = "local",
            Domains = gas.Dimension == 2 ? "1x1" : "1x1x1",
            Workers = _plan.WorkerCount,
            Particles = _case.ParticleCount,
            Time = _case.Run.Until,
            WallSeconds = _resources.WallSeconds,
            CpuSeconds = cpuSeconds,
            PeakRssBytes = ResourceMeter.PeakRssBytes,
            Events = CountEvents(tallies),
            CollisionsPerCpuSecond = cpuSeconds > 0 ? collisions / cpuSeconds : null,
            Energy = new EnergySummary(
                initialEnergy, finalEnergy, initialEnergy > 0 ? finalEnergy / initialEnergy - 1 : null),
            MomentumDrift = null,
            Temperature = new TemperatureSummary(
                observables["temperature"].Value,
                gas.Species.ToImmutableSortedDictionary(
                    s => s.Name, s => observables[$"temperature_{s.Name}"].Value, StringComparer.Ordinal)),
            Pressure = new PressureSummary(observables["pressure"].Value, observables["Z"].Value),
            CollisionFrequency = solution.Frequencies[0].Keys.ToImmutableSortedDictionary(
                key => key, key => observables[$"frequency_{key}"].Value, StringComparer.Ordinal),
            Pathologies = new PathologySummary(0, 0),
            Windows = new WindowSummary(0, 0, null, null),
            Digest = Digest(solution.Runs.Solvers),
            Kinetic = new KineticSummary(
                "dsmc", _plan.RunCount, _plan.Size.Total, _plan.Size.Weight, _plan.Cells, _plan.TimeStep, solution.Runs.StepCount,
                BoltzmannObservables.Coefficients(_case), attempts, attempts > 0 ? (double)collisions / attempts : null,
                tallies.Sum(t => t.Raises),
                _plan.RunCount > 1
                    ? observables.ToImmutableSortedDictionary(o => o.Key, o => o.Value.Error, StringComparer.Ordinal)
                    : null,
                refinement),
        };
    }

    private ImmutableSortedDictionary<string, long> CountEvents(DsmcTally[] tallies)
    {
        var events = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        for (int c = 0; c < _plan.Channels.Length; c++)
        {
            string key = SummaryKeys.Order(_plan.Channels[c].Order);
            events[key] = events.GetValueOrDefault(key) + tallies.Sum(t => t.Collisions[c]);
        }

        return events.ToImmutable();
    }

    // Of all particles of all runs, one after the other.
    private string Digest(IReadOnlyList<DsmcSolver> solvers)
    {
        ParticleState[] all = new ParticleState[solvers.Sum(s => s.ParticleCount)];
        int start = 0;
        foreach (DsmcSolver solver in solvers)
        {
            solver.CopyTo(all.AsSpan(start, solver.ParticleCount));
            start += solver.ParticleCount;
        }

        return StateDigest.Of(new SystemState(all, double.PositiveInfinity, 0, _case.Run.Until));
    }

    /// <summary>What one set of runs gave: rows after <c>equilibrate</c> and frequencies, run by run.</summary>
    private sealed record Solution(
        BoltzmannPlan Plan,
        BoltzmannRuns Runs,
        SolutionProgress Progress,
        ImmutableArray<ImmutableSortedDictionary<string, double?>> Frequencies)
    {
        /// <summary>Averages over the time after <c>equilibrate</c>, their means over the runs and errors.</summary>
        public ImmutableSortedDictionary<string, RunMean> Observables(Case @case)
        {
            var observables = ImmutableSortedDictionary.CreateBuilder<string, RunMean>(StringComparer.Ordinal);
            foreach ((string name, int n) in AveragesOf(@case.Gas).Select((name, n) => (name, n)))
            {
                observables[name] = RunMean.Of(
                    Progress.Averaged.Select(rows => rows.Count == 0 ? null : rows.Select(row => row.Values[n]).Average()));
            }

            foreach (string key in Frequencies[0].Keys)
            {
                observables[$"frequency_{key}"] = RunMean.Of(Frequencies.Select(f => f[key]));
            }

            return observables.ToImmutable();
        }
    }
}
