using System.Text.Json;
using System.Text.Json.Nodes;
using ActorMD.Engine;
using ActorMD.Files.Cases;
using ActorMD.Files.Events;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.States;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Protocol.Geometry;
using ActorMD.Runs.Sessions;
using ActorMD.Runs.Simulations;
using ActorMD.Runs.Verification;

namespace ActorMD.Runs.Tests;

public sealed class RunSessionTests : IDisposable
{
    private static readonly string[] EffortKeys =
        ["wall_seconds", "cpu_seconds", "peak_rss_bytes", "collisions_per_cpu_second"];

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void A_run_that_is_interrupted_many_times_writes_the_same_files(string name)
    {
        Case @case = Cases.Named(name);
        RunFolder straight = RunStraight(@case, "straight");
        RunFolder broken = new(_temporary["broken"]);
        int sessionCount = RunInPieces(@case, broken, sliceMin: 50, sliceMax: 900);

        Assert.True(sessionCount > 5, $"only {sessionCount} sessions");
        AssertSameFiles(@case, straight, broken);
        Assert.True(RunVerifier.Verify(broken).IsSound);
    }

    [Fact]
    public void Threads_that_go_past_samples_write_the_files_of_one_thread_however_often_they_are_interrupted()
    {
        Case @case = CaseFile.Parse(
            """
            box: { lengths: [60, 60, 60], boundary: periodic }
            species: [{ name: A, count: 20480, mass: 1, diameter: 1 }]
            initial: { positions: { method: lattice }, velocities: { A: { temperature: 1 } } }
            run: { equilibrate: 0.31, until: 6, sample: 0.03, checkpoint: 2.1 }
            output: { trajectory: { every: 3, format: csv } }
            """,
            "/cases/shared.yaml", []).Case!;
        ExecutionPlan two = new(Split.One, 2);
        RunFolder straight = RunStraight(@case, "straight");
        RunFolder shared = RunFolder.Create(_temporary["shared"], force: false);
        using (RunSession session = RunSession.Start(@case, Cases.Initial(@case), shared, two))
        {
            RunOutcome outcome = session.Run(new Onlooker(), CancellationToken.None);
            Assert.True(outcome.Summary!.Sharing!.Slices > 3, $"{outcome.Summary.Sharing.Slices} slices were shared");
        }

        RunFolder broken = new(_temporary["broken"]);
        Assert.InRange(RunInPieces(@case, broken, sliceMin: 2000, sliceMax: 40_000, two), 4, 200);
        foreach (RunFolder folder in (RunFolder[])[shared, broken])
        {
            Assert.Equal(File.ReadAllText(straight.ThermoPath), File.ReadAllText(folder.ThermoPath));
            string frames = folder.TrajectoryPath(TrajectoryFormat.Csv);
            Assert.Equal(File.ReadAllText(straight.TrajectoryPath(TrajectoryFormat.Csv)), File.ReadAllText(frames));
            Assert.True(RunVerifier.Verify(folder).IsSound);
        }
    }

    [Fact]
    public void The_large_checkpoint_of_the_beginning_is_written_beside_the_run_and_its_failure_ends_it()
    {
        CaseLoad load = CaseFile.Parse(
            $$"""
            dimensions: 2
            box: { lengths: [8000, 8000], boundary: periodic }
            species: [{ name: A, count: {{RunOutputs.LargeCount}}, mass: 1, diameter: 1 }]
            initial: { positions: { method: lattice }, velocities: { A: { temperature: 1 } } }
            run: { until: 0.25, sample: 0.25 }
            """,
            "/cases/large.yaml", []);
        SystemState initial = RunStart.Build(load, null, default, workerCount: 2);
        RunFolder folder = RunFolder.Create(_temporary["large"], force: false);
        using (RunSession session = RunSession.Start(load.Case!, initial, folder, new ExecutionPlan(Split.One, 2)))
        {
            // Two checkpoints stay: that of the end waits for that of the beginning.
            Assert.NotNull(session.Run(new Onlooker(), CancellationToken.None).Summary);
        }

        Assert.Equal(2, Directory.GetFiles(folder.CheckpointDirectory).Length);
        Assert.True(RunVerifier.Verify(folder).IsSound);

        RunFolder broken = RunFolder.Create(_temporary["broken"], force: false);
        Directory.Delete(broken.CheckpointDirectory);
        File.WriteAllText(broken.CheckpointDirectory, "no folder");
        using RunSession failing = RunSession.Start(load.Case!, initial, broken, new ExecutionPlan(Split.One, 2));
        Assert.ThrowsAny<IOException>(() => failing.Run(new Onlooker(), CancellationToken.None));
    }

    [Fact]
    public void A_run_that_is_killed_between_checkpoints_writes_the_same_files()
    {
        Case @case = Cases.Mixture;
        RunFolder straight = RunStraight(@case, "straight");
        RunFolder killed = RunFolder.Create(_temporary["killed"], force: false);
        using (RunSession session = RunSession.Start(@case, Cases.Initial(@case), killed))
        {
            session.SliceStepCount = 100;
            Assert.Throws<KilledException>(() => session.Run(new Killer(afterTime: 0.85), CancellationToken.None));
        }

        // Rows and frames beyond the checkpoint of 0.6 are there and have to be cut.
        Assert.Contains("\n0.8,", File.ReadAllText(killed.ThermoPath), StringComparison.Ordinal);
        using (RunSession session = RunSession.Resume(killed, @case))
        {
            Assert.True(session.Time < 0.65);
            Assert.True(session.Run(new Onlooker(), CancellationToken.None).IsFinished);
        }

        AssertSameFiles(@case, straight, killed);
    }

    [Theory]
    [InlineData(0.3, 0.9)]
    [InlineData(0.25, 0.75)]
    public void A_damaged_newest_checkpoint_is_passed_over(double interval, double previous)
    {
        Case @case = Cases.Mixture with { Run = Cases.Mixture.Run with { Checkpoint = interval } };
        RunFolder straight = RunStraight(@case, "straight");
        RunFolder damaged = RunStraight(@case, "damaged");
        string newest = Directory.GetFiles(damaged.CheckpointDirectory).Order(StringComparer.Ordinal).Last();
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(newest, bytes);
        using (RunSession session = RunSession.Resume(damaged, @case))
        {
            Assert.Equal(previous, session.Time, 1e-12);
            Assert.Contains(Path.GetFileName(newest), Assert.Single(session.Complaints), StringComparison.Ordinal);
            Assert.True(session.Run(new Onlooker(), CancellationToken.None).IsFinished);
        }

        AssertSameFiles(@case, straight, damaged);
    }

    [Fact]
    public void Rows_are_at_multiples_of_the_interval_and_averages_start_after_equilibrate()
    {
        Case @case = Cases.Mixture;
        RunFolder folder = RunStraight(@case, "run");
        var rows = ThermoReader.Read(folder.ThermoPath, @case.Gas);
        RunSummary summary = RunSummary.Read(folder.SummaryPath);

        Assert.Equal([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], rows.Select(row => row.Time));
        Assert.Equal(rows.Skip(2).Average(row => row.Temperature!.Value), summary.Temperature.Overall!.Value, 1e-14);
        Assert.Equal(rows.Skip(2).Average(row => row.TemperatureBySpecies[1]!.Value), summary.Temperature.BySpecies["B"]!.Value, 1e-14);
        Assert.Null(rows[0].Pressure);

        // The summary's numbers from the engine alone.
        using Simulator simulator = new(@case.Gas, Cases.Initial(@case));
        Assert.True(simulator.Advance(0.13));
        EventTally start = simulator.Tally.Clone();
        Assert.True(simulator.Advance(1));
        long unlike = simulator.Tally.PairCount(0, 1) - start.PairCount(0, 1);
        double virial = simulator.Tally.Virial.Value - start.Virial.Value;
        Assert.Equal(unlike / (150 * (1 - 0.13)), summary.CollisionFrequency["AB"]!.Value, 1e-12);
        Assert.Equal(
            200 * summary.Temperature.Overall!.Value + virial / (3 * (1 - 0.13)), summary.Pressure.Value!.Value, 1e-10);
        Assert.Equal(simulator.Tally.OrderCounts[2], summary.Events["order2"]);
        Assert.Equal(StateDigest.Of(simulator.Capture()), summary.Digest);
    }

    [Fact]
    public void The_pressures_of_the_rows_average_to_that_of_the_summary()
    {
        Case @case = Cases.Channel;
        RunFolder folder = RunStraight(@case, "run");
        var rows = ThermoReader.Read(folder.ThermoPath, @case.Gas);
        RunSummary summary = RunSummary.Read(folder.SummaryPath);

        double virial = rows.Skip(1).Average(row => row.Pressure!.Value * 2 - 120 * row.Temperature!.Value);
        Assert.Equal((120 * summary.Temperature.Overall!.Value + virial) / 2, summary.Pressure.Value!.Value, 1e-10);
        Assert.True(summary.Pressure.Walls > 0);
        Assert.Null(summary.AngularMomentumDrift);
        Assert.True(summary.Events["walls"] > 0);
    }

    [Fact]
    public void In_open_space_there_is_no_pressure_but_angular_momentum()
    {
        RunSummary summary = RunSummary.Read(RunStraight(Cases.Cloud, "run").SummaryPath);

        Assert.Null(summary.Pressure.Value);
        Assert.Null(summary.Pressure.Z);
        Assert.True(summary.AngularMomentumDrift < 1e-13);
        Assert.True(summary.MomentumDrift < 1e-13);
        Assert.True(summary.Events["order2"] > 0);
    }

    [Fact]
    public void The_summary_is_json_with_all_its_keys()
    {
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(RunStraight(Cases.Ternary, "run").SummaryPath)).RootElement;
        string[] keys =
        [
            "schema", "name", "version", "runtime", "domains", "workers", "particles", "time", "wall_seconds", "cpu_seconds",
            "peak_rss_bytes", "events", "collisions_per_cpu_second", "energy", "momentum_drift", "temperature", "pressure",
            "collision_frequency", "pathologies", "windows", "digest",
        ];

        Assert.All(keys, key => Assert.True(summary.TryGetProperty(key, out _), key));
        Assert.True(summary.GetProperty("events").GetProperty("order3").GetInt64() > 0);
        Assert.True(summary.GetProperty("collision_frequency").GetProperty("order3").GetDouble() > 0);
        Assert.Equal(1, summary.GetProperty("workers").GetInt32());
        Assert.True(summary.GetProperty("cpu_seconds").GetDouble() > 0);
        Assert.True(summary.GetProperty("peak_rss_bytes").GetInt64() > 1_000_000);
    }

    [Fact]
    public void The_log_tells_start_samples_and_end_as_json_lines()
    {
        RunFolder folder = RunStraight(Cases.Mixture, "run");
        JsonElement[] lines = [.. File.ReadLines(folder.LogPath).Select(line => JsonDocument.Parse(line).RootElement)];

        Assert.All(lines, line => Assert.Equal("mixture", line.GetProperty("run").GetString()));
        Assert.All(lines, line => Assert.NotEqual("", line.GetProperty("node").GetString()));
        Assert.Equal(11, lines.Count(line => line.GetProperty("@mt").GetString()!.StartsWith("Sampled", StringComparison.Ordinal)));
        Assert.StartsWith("Finished", lines[^1].GetProperty("@mt").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, lines[^1].GetProperty("time").GetDouble());
    }

    [Fact]
    public void A_run_at_time_0_can_be_resumed()
    {
        Case @case = Cases.Ternary;
        RunFolder folder = RunFolder.Create(_temporary["run"], force: false);
        using (RunSession session = RunSession.Start(@case, Cases.Initial(@case), folder))
        {
            Assert.Equal(0, session.Time);
        }

        using (RunSession session = RunSession.Resume(folder, @case))
        {
            Assert.True(session.Run(new Onlooker(), CancellationToken.None).IsFinished);
        }

        AssertSameFiles(@case, RunStraight(@case, "straight"), folder);
    }

    [Fact]
    public void A_later_end_goes_on_from_the_old_one()
    {
        Case longer = Cases.Channel;
        Case shorter = longer with { Run = longer.Run with { Until = 1.3 } };
        RunFolder folder = RunStraight(shorter, "extended");
        File.WriteAllText(folder.CasePath, CaseFile.Write(longer));
        using (RunSession session = RunSession.Resume(folder, longer))
        {
            Assert.True(session.Run(new Onlooker(), CancellationToken.None).IsFinished);
        }

        AssertSameFiles(longer, RunStraight(longer, "straight"), folder);
    }

    [Fact]
    public void The_event_log_has_every_event_in_order_with_its_contact_vector_and_velocities()
    {
        Case @case = Cases.Mixture;
        RunFolder folder = RunStraight(@case, "run");
        ParticleState[] particles = Cases.Initial(@case).Particles;
        Vec3[] velocities = [.. particles.Select(p => p.Velocity)];
        long count = 0;
        double time = 0;
        EventLogHeader header = EventLogReader.ReadHeader(folder.EventsPath);
        EventLogReader.Read(folder.EventsPath, _ => { }, happened =>
        {
            count++;
            Assert.True(header.TimeOf(happened) >= time);
            time = header.TimeOf(happened);
            int a = happened.Id(0), b = happened.Id(1);
            Assert.Equal((velocities[a], velocities[b]), (happened.VelocityBefore(0), happened.VelocityBefore(1)));
            (velocities[a], velocities[b]) = (happened.VelocityAfter(0), happened.VelocityAfter(1));
            Vec3 normal = happened.Impact(0), change = velocities[a] - happened.VelocityBefore(0);
            Assert.Equal(
                @case.Gas.ContactDistance(particles[a].Kind, particles[b].Kind), Math.Sqrt(normal.LengthSquared), 1e-12);
            Assert.True(Math.Sqrt(Vec3.Cross(normal, change).LengthSquared) <= 1e-12 * Math.Sqrt(change.LengthSquared));
        });
        Assert.Equal(RunSummary.Read(folder.SummaryPath).Events["order2"], count);
    }

    [Fact]
    public void Only_the_events_of_the_span_that_was_asked_for_are_logged()
    {
        Case part = Cases.Mixture with { Output = new OutputPlan(null, new EventPlan(0.2, 0.35)) };
        byte[] whole = File.ReadAllBytes(RunStraight(Cases.Mixture, "whole").EventsPath);
        RunFolder folder = RunStraight(part, "part");
        byte[] logged = File.ReadAllBytes(folder.EventsPath)[EventLogHeader.Size..];
        Assert.InRange(logged.Length, 1000, whole.Length / 4);
        Assert.True(whole.AsSpan().IndexOf(logged) > 0);
        Assert.True(RunVerifier.Verify(folder).IsSound);
    }

    [Fact]
    public void A_changed_event_is_found()
    {
        RunFolder folder = RunStraight(Cases.Mixture, "run");
        byte[] bytes = File.ReadAllBytes(folder.EventsPath);
        bytes[^9] ^= 1; // a velocity after the last event
        File.WriteAllBytes(folder.EventsPath, bytes);
        Assert.Collection(
            RunVerifier.Verify(folder).Problems,
            problem => Assert.StartsWith($"{folder.EventsPath}: the file is not what the run wrote", problem, StringComparison.Ordinal),
            problem => Assert.Contains("does not conserve", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_cannot_begin_in_the_middle_of_a_run()
    {
        Case silent = Cases.Channel with { Output = new OutputPlan(null) };
        RunFolder folder = RunStraight(silent, "run");
        Assert.False(File.Exists(folder.EventsPath));
        Assert.Contains(
            "without an event log", Assert.Throws<InputFaultException>(() => RunSession.Resume(folder, Cases.Channel)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_interval_is_refused()
    {
        Case @case = Cases.Mixture;
        RunFolder folder = RunStraight(@case, "run");
        Case otherRows = @case with { Run = @case.Run with { Sample = 0.2 } };
        Case otherFrames = @case with { Output = new OutputPlan(new TrajectoryPlan(0.3, TrajectoryFormat.ExtXyz)) };

        Assert.All(
            [otherRows, otherFrames],
            other => Assert.Contains(
                "intervals were changed",
                Assert.Throws<InputFaultException>(() => RunSession.Resume(folder, other)).Message,
                StringComparison.Ordinal));
    }

    [Fact]
    public void A_violation_leaves_a_diagnosis()
    {
        Case @case = Cases.Mixture;
        SystemState initial = Cases.Initial(@case);
        initial.Particles[1].Position = initial.Particles[0].Position + new Vec3(1e-3, 0, 0);
        initial.Particles[1].Velocity = initial.Particles[0].Velocity;
        RunFolder folder = RunFolder.Create(_temporary["run"], force: false);
        using RunSession session = RunSession.Start(@case with { Run = @case.Run with { Until = 1e-3 } }, initial, folder);

        PhysicsViolationException violation =
            Assert.Throws<PhysicsViolationException>(() => session.Run(new Onlooker(), CancellationToken.None));
        JsonElement diagnosis = JsonDocument.Parse(File.ReadAllText(folder.DiagnosisPath)).RootElement;
        Assert.Equal(violation.Message, diagnosis.GetProperty("message").GetString());
        Assert.Equal(11u, diagnosis.GetProperty("seed").GetUInt64());
        Assert.False(File.Exists(folder.SummaryPath));
    }

    private RunFolder RunStraight(Case @case, string name)
    {
        RunFolder folder = RunFolder.Create(_temporary[name], force: false);
        using RunSession session = RunSession.Start(@case, Cases.Initial(@case), folder);
        Assert.True(session.Run(new Onlooker(), CancellationToken.None).IsFinished);
        return folder;
    }

    private static int RunInPieces(Case @case, RunFolder folder, int sliceMin, int sliceMax, ExecutionPlan? execution = null)
    {
        CounterRandom random = new(seed: 5, RandomStream.Testing);
        RunFolder.Create(folder.Directory, force: false);
        int sessionCount = 0;
        while (true)
        {
            using RunSession session = sessionCount == 0
                ? RunSession.Start(@case, Cases.Initial(@case), folder, execution)
                : RunSession.Resume(folder, @case, execution);
            session.SliceStepCount = sliceMin + random.NextInteger(sliceMax - sliceMin);
            sessionCount++;
            using CancellationTokenSource stop = new();
            if (session.Run(new Stopper(stop, sliceCount: 1 + random.NextInteger(3)), stop.Token).IsFinished)
            {
                return sessionCount;
            }

            Assert.False(File.Exists(folder.SummaryPath));
        }
    }

    private static void AssertSameFiles(Case @case, RunFolder expected, RunFolder actual)
    {
        Assert.Equal(File.ReadAllText(expected.ThermoPath), File.ReadAllText(actual.ThermoPath));
        Assert.Equal(Physics(expected), Physics(actual));
        Assert.True(
            File.ReadAllBytes(expected.EventsPath).AsSpan().SequenceEqual(File.ReadAllBytes(actual.EventsPath)), "event logs differ");
        if (@case.Output.Trajectory is { } plan)
        {
            Assert.Equal(File.ReadAllText(expected.TrajectoryPath(plan.Format)), File.ReadAllText(actual.TrajectoryPath(plan.Format)));
        }
    }

    // The summary without what depends on the machine and the search structure.
    private static string Physics(RunFolder folder)
    {
        JsonObject summary = JsonNode.Parse(File.ReadAllText(folder.SummaryPath))!.AsObject();
        foreach (string key in EffortKeys)
        {
            Assert.True(summary.Remove(key), key);
        }

        Assert.True(summary["events"]!.AsObject().Remove(SummaryKeys.Crossings));
        return summary.ToJsonString();
    }

    private sealed class Stopper(CancellationTokenSource stop, int sliceCount) : Onlooker
    {
        private int _sliceCount;

        public override void Advanced(RunPace pace)
        {
            if (++_sliceCount == sliceCount)
            {
                stop.Cancel();
            }
        }
    }

    private sealed class Killer(double afterTime) : Onlooker
    {
        public override void Advanced(RunPace pace)
        {
            if (pace.Time >= afterTime)
            {
                throw new KilledException();
            }
        }
    }

    private sealed class KilledException : Exception;
}
