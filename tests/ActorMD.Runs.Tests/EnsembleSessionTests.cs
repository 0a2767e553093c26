using System.Globalization;
using ActorMD.Files.Cases;
using ActorMD.Files.Ensembles;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.States;
using ActorMD.Observables.Plans;
using ActorMD.Physics;
using ActorMD.Runs.Ensembles;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Sessions;
using ActorMD.Runs.Verification;

namespace ActorMD.Runs.Tests;

public sealed class EnsembleSessionTests : IDisposable
{
    private const int ReplicaCount = 7;
    private static readonly string[] Tables = ["thermo.csv", "thermo_errors.csv", "replicas.csv"];

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void The_number_of_workers_changes_no_byte(string name)
    {
        Case @case = Cases.Named(name);
        RunFolder one = Run(@case, "one", ReplicaCount, workers: 1), many = Run(@case, "many", ReplicaCount, workers: 5);
        AssertSame(one, many);
        RunVerdict verdict = RunVerifier.Verify(many);
        Assert.True(verdict.IsSound, string.Join('\n', verdict.Problems));
    }

    [Fact]
    public void A_replica_is_the_run_of_its_seed_and_the_means_and_errors_are_those_of_the_runs()
    {
        Case @case = Cases.Mixture;
        RunFolder folder = Run(@case, "ensemble", ReplicaCount, workers: 2);
        RunSummary[] runs = new RunSummary[ReplicaCount];
        double?[] pressures = new double?[ReplicaCount];
        for (int replica = 0; replica < ReplicaCount; replica++)
        {
            Case single = ReplicaSeeds.CaseOf(@case, replica);
            RunFolder run = RunFolder.Create(_temporary[$"run-{replica}"], force: false);
            using RunSession session = RunSession.Start(single, RunStart.Build(Load(single), null, default), run);
            runs[replica] = session.Run(new Onlooker(), default).Summary!;
            pressures[replica] = ThermoReader.Read(run.ThermoPath, @case.Gas)[4].Pressure;
        }

        Assert.Equal(runs.Select(r => r.Digest), ReplicaList.ReadDigests(folder.ReplicasPath));
        Assert.Equal(ReplicaCount, runs.Select(r => r.Digest).Distinct().Count());
        RunSummary summary = RunSummary.Read(folder.SummaryPath);
        AssertMean(RunMean.Of(runs.Select(r => r.Pressure.Z)), summary.Pressure.Z, summary.Ensemble!.StandardErrors["Z"]);
        AssertMean(
            RunMean.Of(runs.Select(r => r.Temperature.BySpecies["B"])), summary.Temperature.BySpecies["B"],
            summary.Ensemble.StandardErrors["temperature_B"]);
        AssertMean(
            RunMean.Of(runs.Select(r => r.CollisionFrequency["AB"])), summary.CollisionFrequency["AB"],
            summary.Ensemble.StandardErrors["frequency_AB"]);
        AssertMean(
            RunMean.Of(pressures), ThermoReader.Read(folder.ThermoPath, @case.Gas)[4].Pressure,
            ThermoReader.Read(folder.ThermoErrorsPath, @case.Gas)[4].Pressure);
        Assert.Equal(runs.Sum(r => r.Events["order2"]), summary.Events["order2"]);
        Assert.Equal(runs.Max(r => r.OverlapMax), summary.OverlapMax);
        Assert.Equal(ReplicaCount, summary.Ensemble.Replicas);
    }

    [Fact]
    public void An_ensemble_that_is_interrupted_many_times_writes_the_same_files()
    {
        Case @case = Cases.Mixture with { Run = Cases.Mixture.Run with { Until = 15 } };
        const int Replicas = 20;
        RunFolder straight = Run(@case, "straight", Replicas, workers: 2);
        RunFolder broken = RunInSessions(@case, Replicas, sessionCountMin: 4);
        AssertSame(straight, broken);
    }

    [Fact]
    public void The_tables_of_observables_are_means_over_the_replicas_with_errors_from_their_scatter()
    {
        Case @case = Observed(Cases.Mixture);
        RunFolder one = Run(@case, "one", ReplicaCount, workers: 1), two = Run(@case, "two", ReplicaCount, workers: 2);
        foreach (string path in Directory.GetFiles(one.Directory, "observable-*.csv"))
        {
            Assert.Equal(File.ReadAllText(path), File.ReadAllText(Path.Combine(two.Directory, Path.GetFileName(path))));
        }

        List<double[]> displacements = [];
        for (int replica = 0; replica < ReplicaCount; replica++)
        {
            Case own = ReplicaSeeds.CaseOf(@case, replica);
            RunFolder folder = RunFolder.Create(_temporary[$"replica{replica}"], force: false);
            using RunSession session = RunSession.Start(own, RunStart.Build(Load(own), null, default), folder);
            session.Run(new Onlooker(), default);
            Assert.Equal(TablesOf(folder), TablesOf(one));
            displacements.Add([.. Cells(folder, "msd").Select(row => double.Parse(row[2], CultureInfo.InvariantCulture))]);
        }

        string[][] means = [.. Cells(one, "msd")];
        Assert.Equal(displacements[0].Length, means.Length);
        Assert.Equal("time,origins,msd_A,msd_A_error", string.Join(',', Header(one, "msd").Take(4)));
        for (int row = 1; row < means.Length; row++)
        {
            double[] values = [.. displacements.Select(replica => replica[row])];
            double mean = values.Average(), squares = values.Sum(v => (v - mean) * (v - mean));
            double error = Math.Sqrt(squares / (values.Length - 1) / values.Length);
            Assert.Equal(mean, double.Parse(means[row][2], CultureInfo.InvariantCulture), 1e-12 * mean);
            Assert.Equal(error, double.Parse(means[row][3], CultureInfo.InvariantCulture), 1e-9 * mean);
        }
    }

    [Fact]
    public void An_ensemble_with_observables_that_is_interrupted_writes_the_same_files()
    {
        Case @case = Observed(Cases.Mixture with { Run = Cases.Mixture.Run with { Until = 15 } });
        const int Replicas = 8;
        RunFolder straight = Run(@case, "straight", Replicas, workers: 2);
        RunFolder broken = RunInSessions(@case, Replicas, sessionCountMin: 3);
        AssertSame(straight, broken);
        string[] tables = [.. Directory.GetFiles(straight.Directory, "observable-*.csv").Select(path => Path.GetFileName(path)!)];
        Assert.Equal(9, tables.Length);
        foreach (string table in tables)
        {
            string expected = File.ReadAllText(Path.Combine(straight.Directory, table));
            Assert.Equal(expected, File.ReadAllText(Path.Combine(broken.Directory, table)));
        }

        RunVerdict verdict = RunVerifier.Verify(broken);
        Assert.True(verdict.IsSound, string.Join('\n', verdict.Problems));
    }

    [Fact]
    public void An_ensemble_that_is_killed_writes_the_same_files()
    {
        Case @case = Cases.Ternary;
        RunFolder straight = Run(@case, "straight", ReplicaCount, workers: 2);
        RunFolder killed = new(_temporary["killed"]);
        using (EnsembleSession session = EnsembleSession.Start(Load(@case), ReplicaCount, 2, killed.Directory, force: false))
        {
            Assert.Throws<KilledException>(() => session.Run(new Stopper(() => throw new KilledException()), default));
        }

        using (EnsembleSession session = EnsembleSession.Resume(killed, Load(@case), null, 2))
        {
            Assert.NotNull(session.Run(new Watcher(), default));
        }

        AssertSame(straight, killed);
    }

    [Fact]
    public void More_replicas_can_be_added_and_fewer_are_refused()
    {
        Case @case = Cases.Channel;
        RunFolder folder = Run(@case, "grown", replicas: 3, workers: 2);
        long checkpointSize = CheckpointSize(folder);
        using (EnsembleSession session = EnsembleSession.Resume(folder, Load(@case), 40, 2))
        {
            Assert.NotNull(session.Run(new Watcher(), default));
        }

        AssertSame(Run(@case, "straight", replicas: 40, workers: 2), folder);
        Assert.Equal(checkpointSize, CheckpointSize(folder)); // memory: nothing grows with the number of replicas
        Assert.Contains(
            "begun with 40 replicas",
            Assert.Throws<InputFaultException>(() => EnsembleSession.Resume(folder, Load(@case), 39, 2)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_case_is_refused()
    {
        RunFolder folder = Run(Cases.Channel, "channel", replicas: 2, workers: 2);
        Case later = Cases.Channel with { Run = Cases.Channel.Run with { Until = 3 } };
        Assert.Contains(
            "another case", Assert.Throws<InputFaultException>(() => EnsembleSession.Resume(folder, Load(later), null, 2)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("thermo.csv")]
    [InlineData("thermo_errors.csv")]
    [InlineData("replicas.csv")]
    [InlineData("summary.json")]
    public void A_changed_digit_is_found(string file)
    {
        RunFolder folder = Run(Cases.Mixture, "changed", replicas: 3, workers: 2);
        string path = Path.Combine(folder.Directory, file), text = File.ReadAllText(path);
        int digit = text.LastIndexOfAny(['3', '4', '5']);
        File.WriteAllText(path, text[..digit] + '7' + text[(digit + 1)..]);
        RunVerdict verdict = RunVerifier.Verify(folder);
        Assert.NotEmpty(verdict.Problems);
        Assert.All(verdict.Problems, problem => Assert.Contains(file, problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_violation_in_a_replica_leaves_a_diagnosis_with_its_seed()
    {
        Case @case = Cases.Mixture with { Run = new RunPlan(0, 1e-3, 1e-3, null) };
        CaseLoad load = new(@case, [], [], Overlapping(@case));
        string directory = _temporary["violated"];
        using EnsembleSession session = EnsembleSession.Start(load, 2, 1, directory, force: false);
        Assert.Throws<PhysicsViolationException>(() => session.Run(new Watcher(), default));
        Assert.Contains(
            ReplicaSeeds.CaseOf(@case, 0).Seed.ToString(System.Globalization.CultureInfo.InvariantCulture),
            File.ReadAllText(new RunFolder(directory).DiagnosisPath), StringComparison.Ordinal);
    }

    private static ParticleFrame Overlapping(Case @case)
    {
        SystemState state = Cases.Initial(@case);
        state.Particles[1].Position = state.Particles[0].Position + new Vec3(1e-3, 0, 0);
        return ParticleFrame.Of(@case.Gas, state);
    }

    private static long CheckpointSize(RunFolder folder) =>
        new FileInfo(Path.Combine(folder.CheckpointDirectory, "ensemble.state")).Length;

    private static CaseLoad Load(Case @case) => new(@case, [], []);

    private static void AssertMean(RunMean expected, double? mean, double? error)
    {
        Assert.Equal(expected.Value!.Value, mean!.Value, 1e-12);
        Assert.Equal(expected.Error!.Value, error!.Value, 1e-12);
    }

    private static void AssertSame(RunFolder expected, RunFolder actual)
    {
        Assert.All(
            Tables, name => Assert.Equal(
                File.ReadAllText(Path.Combine(expected.Directory, name)), File.ReadAllText(Path.Combine(actual.Directory, name))));
        RunSummary a = RunSummary.Read(expected.SummaryPath), b = RunSummary.Read(actual.SummaryPath);
        Assert.Equal(a.Digest, b.Digest);
        Assert.Equal(a.Pressure, b.Pressure);
        Assert.Equal(a.Ensemble!.StandardErrors, b.Ensemble!.StandardErrors);
    }

    // Interrupts an ensemble again and again; it goes on with other numbers of threads.
    private RunFolder RunInSessions(Case @case, int replicas, int sessionCountMin)
    {
        RunFolder folder = new(_temporary["broken"]);
        int sessionCount = 0;
        RunSummary? summary = null;
        while (summary is null)
        {
            using EnsembleSession session = sessionCount++ == 0
                ? EnsembleSession.Start(Load(@case), replicas, 2, folder.Directory, force: false)
                : EnsembleSession.Resume(folder, Load(@case), null, 1 + sessionCount % 3);
            using CancellationTokenSource stop = new();
            summary = session.Run(new Stopper(stop.Cancel), stop.Token);
            Assert.Equal(summary is not null, File.Exists(folder.SummaryPath));
        }

        Assert.True(sessionCount >= sessionCountMin, $"only {sessionCount} sessions");
        return folder;
    }

    private RunFolder Run(Case @case, string name, int replicas, int workers)
    {
        using EnsembleSession session = EnsembleSession.Start(Load(@case), replicas, workers, _temporary[name], force: false);
        Assert.NotNull(session.Run(new Watcher(), CancellationToken.None));
        return new RunFolder(_temporary[name]);
    }

    private class Watcher : IEnsembleObserver
    {
        public virtual void Advanced(EnsemblePace pace) => Assert.InRange(pace.Pace.Fraction, 0, 1);
    }

    // Acts when something has been done that was not done before.
    private sealed class Stopper(Action act) : Watcher
    {
        private double _first = double.NaN;

        public override void Advanced(EnsemblePace pace)
        {
            base.Advanced(pace);
            _first = double.IsNaN(_first) ? pace.Pace.Time : _first;
            if (pace.Pace.Time > _first)
            {
                act();
            }
        }
    }

    private sealed class KilledException : Exception;

    private static Case Observed(Case @case) => @case with
    {
        Output = new OutputPlan(null)
        {
            Observables =
            [
                new("rdf", ObservableKind.Rdf, 1) { Bins = 20 },
                new("msd", ObservableKind.Msd, 0.1) { Lags = new LagPlan(1, false, 0.5) },
                new("helfand", ObservableKind.Helfand, 0.1) { Lags = new LagPlan(1, true, 0.1) },
                new("collisions", ObservableKind.Collisions, 1) { Bins = 10 },
                new("h_function", ObservableKind.HFunction, 1) { Bins = 6 },
            ],
        },
    };

    private static IEnumerable<string> TablesOf(RunFolder folder) =>
        Directory.GetFiles(folder.Directory, "observable-*.csv").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private static string[] Header(RunFolder folder, string table) =>
        File.ReadLines(folder.ObservablePath(table)).First(line => !line.StartsWith('#')).Split(',');

    private static IEnumerable<string[]> Cells(RunFolder folder, string table) =>
        File.ReadLines(folder.ObservablePath(table)).Where(line => !line.StartsWith('#')).Skip(1).Select(line => line.Split(','));
}
