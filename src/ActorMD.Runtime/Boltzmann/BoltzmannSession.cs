using System.Collections.Immutable;
using ActorMD.Files;
using ActorMD.Kinetic;
using ActorMD.Physics;
using Serilog.Core;

namespace ActorMD.Runtime;

/// <summary>Solves a case's kinetic equation by independent DSMC runs and keeps the run folder.</summary>
/// <remarks>
/// All runs advance together from sample to sample, so that the files hold means and errors at any moment. There are no checkpoints:
/// an interrupted solution keeps its rows, and is computed anew from the start.
/// </remarks>
public sealed class BoltzmannSession : IDisposable
{
    private readonly Case _case;
    private readonly BoltzmannPlan _plan;
    private readonly RunFolder _folder;
    private readonly RunLock _lock;
    private readonly ThermoWriter _thermo;
    private readonly ThermoWriter? _errors;
    private readonly ProfileWriter? _profiles;
    private readonly Logger _log;
    private readonly ResourceMeter _resources = new(0, 0);
    private readonly PaceMeter _pace;

    private BoltzmannSession(RunLock @lock, Case @case, BoltzmannPlan plan, RunFolder folder)
    {
        _lock = @lock;
        _case = @case;
        _plan = plan;
        _folder = folder;
        folder.WriteCase(@case);
        _thermo = ThermoWriter.Create(folder.ThermoPath, @case.Gas);
        _errors = plan.RunCount > 1 ? ThermoWriter.Create(folder.ThermoErrorsPath, @case.Gas) : null;
        _profiles = plan.Grid.CellCount > 1 ? new ProfileWriter(folder.ProfilesPath, @case.Gas, plan.Grid) : null;
        _log = RunLog.Open(folder.LogPath, @case.Name, Environment.MachineName);
        _pace = new PaceMeter(@case.Run.Until);
    }

    /// <summary>Simulation time that was reached.</summary>
    public double Time { get; private set; }

    /// <summary>Starts in a directory; an earlier run there is removed only under its lock, and only with force.</summary>
    /// <exception cref="InputFaultException">A run is there and force is not given, another process runs it, or nothing can be written.</exception>
    public static BoltzmannSession Start(Case @case, BoltzmannPlan plan, string directory, bool force) => RunLock.Hold(
        RunFolder.Make(directory), @lock => new BoltzmannSession(@lock, @case, plan, RunFolder.Create(directory, force)));

    /// <summary>Computes the solution.</summary>
    /// <param name="refine">Compute it again with half the time step, with half the cells' width, and with both, and compare.</param>
    /// <param name="observer">Is told how it goes on.</param>
    /// <param name="stop">Asks for an early end: the rows up to there are kept.</param>
    public RunOutcome Run(bool refine, IRunObserver observer, CancellationToken stop)
    {
        _log.Information(
            "Started {Runs} DSMC runs of {Particles} particles in {Cells} cells, seed {Seed}, version {Version}",
            _plan.RunCount, _plan.Size.Total, _plan.Grid.CellCount, _case.Seed, ProductVersion.Text);
        try
        {
            Solution main = Solve(_plan, observer, stop, isMain: true);
            ImmutableArray<RefinementSummary>? refinement = refine ? Refine(main, observer, stop) : null;
            RunSummary summary = Summarize(main, refinement);
            summary.Write(_folder.SummaryPath);
            _log.Information("Finished at {time}: digest {Digest}", Time, summary.Digest);
            return new RunOutcome(Time, summary);
        }
        catch (OperationCanceledException)
        {
            _log.Information("Interrupted at {time}", Time);
            return new RunOutcome(Time, null);
        }
    }

    public void Dispose()
    {
        _thermo.Dispose();
        _errors?.Dispose();
        _profiles?.Dispose();
        _log.Dispose();
        _lock.Dispose();
    }

    /// <summary>The plans of a refinement study: half the step, half the width of the cells, both. None changes a homogeneous equation.</summary>
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

    private Solution Solve(BoltzmannPlan plan, IRunObserver observer, CancellationToken stop, bool isMain)
    {
        Gas gas = _case.Gas;
        BoltzmannRuns runs = new(_case, plan, stop);
        RegularTimes samples = new(_case.Run.Sample, _case.Run.Until);
        List<ThermoRow>[] averaged = [.. runs.Solvers.Select(_ => new List<ThermoRow>())];
        DsmcTally[]? before = null;
        double? initialEnergy = null;
        long next = 0;
        while (true)
        {
            double due = Math.Min(_case.Run.Until, samples[next]);
            due = before is null ? Math.Min(due, _case.Run.Equilibrate) : due;
            if (!runs.AdvanceTo(due, time => observer.Advanced(_pace.Measure(isMain ? time : _case.Run.Until, runs.CollisionCount)), stop))
            {
                throw new OperationCanceledException(stop);
            }

            if (before is null && due >= _case.Run.Equilibrate)
            {
                before = [.. runs.Solvers.Select(s => s.Tally)];
            }

            if (due >= samples[next])
            {
                DsmcMoments[] moments = runs.Measure();
                ThermoRow[] rows = [.. moments.Select(m => BoltzmannObservables.Row(gas, due, _case.ParticleCount, m))];
                for (int run = 0; run < rows.Length && due >= _case.Run.Equilibrate; run++)
                {
                    averaged[run].Add(rows[run]);
                }

                initialEnergy ??= rows.Average(r => r.Energy);
                next++;
                if (isMain)
                {
                    Write(rows, moments);
                }
            }

            if (due >= _case.Run.Until)
            {
                double span = _case.Run.Until - _case.Run.Equilibrate;
                return new Solution(
                    plan, runs, initialEnergy ?? 0,
                    [.. averaged],
                    [.. runs.Solvers.Select((s, run) => BoltzmannObservables.Frequencies(
                        gas, plan.Size, plan.Channels, s.Tally - before![run], span))]);
            }
        }
    }

    private void Write(ThermoRow[] rows, DsmcMoments[] moments)
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
        _log.Information("Sampled at {time}: temperature {Temperature}", mean.Time, mean.Temperature);
    }

    private ImmutableArray<RefinementSummary> Refine(Solution main, IRunObserver observer, CancellationToken stop)
    {
        List<RefinementSummary> refined = [];
        foreach (BoltzmannPlan plan in Refined(_plan))
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
        }

        return [.. refined];
    }

    private RunSummary Summarize(Solution solution, ImmutableArray<RefinementSummary>? refinement)
    {
        Gas gas = _case.Gas;
        ImmutableSortedDictionary<string, RunMean> observables = solution.Observables(_case);
        DsmcTally[] tallies = [.. solution.Runs.Solvers.Select(s => s.Tally)];
        long attempts = tallies.Sum(t => t.Attempts.Sum()), collisions = tallies.Sum(t => t.Collisions.Sum());
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
                solution.InitialEnergy, finalEnergy, solution.InitialEnergy > 0 ? finalEnergy / solution.InitialEnergy - 1 : null),
            MomentumDrift = null,
            Temperature = new TemperatureSummary(
                observables["temperature"].Value,
                gas.Species.ToImmutableSortedDictionary(s => s.Name, s => observables[$"temperature_{s.Name}"].Value, StringComparer.Ordinal)),
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
        double InitialEnergy,
        ImmutableArray<List<ThermoRow>> Rows,
        ImmutableArray<ImmutableSortedDictionary<string, double?>> Frequencies)
    {
        /// <summary>Averages over the time after <c>equilibrate</c>, their means over the runs and errors.</summary>
        public ImmutableSortedDictionary<string, RunMean> Observables(Case @case)
        {
            var observables = ImmutableSortedDictionary.CreateBuilder<string, RunMean>(StringComparer.Ordinal);
            Add("temperature", row => row.Temperature);
            Add("pressure", row => row.Pressure);
            Add("Z", row => row.Z);
            for (int a = 0; a < @case.Gas.Species.Length; a++)
            {
                int index = a;
                Add($"temperature_{@case.Gas.Species[a].Name}", row => row.TemperatureBySpecies[index]);
            }

            foreach (string key in Frequencies[0].Keys)
            {
                observables[$"frequency_{key}"] = RunMean.Of(Frequencies.Select(f => f[key]));
            }

            return observables.ToImmutable();

            void Add(string name, Func<ThermoRow, double?> value) => observables[name] = RunMean.Of(
                Rows.Select(rows => rows.Count == 0 ? null : rows.Select(value).Average()));
        }
    }
}
