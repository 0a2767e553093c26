using System.Text.Json.Nodes;
using ActorMD.Actors.Hosting;
using ActorMD.Actors.Networks;
using ActorMD.Engine;
using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;
using ActorMD.Protocol.Geometry;
using ActorMD.Runs.Sessions;
using ActorMD.Runs.Simulations;

namespace ActorMD.Actors.Tests.Hosting;

/// <summary>Domains as actors of one process give what one domain gives.</summary>
public sealed class LocalActorTests : IDisposable
{
    private static readonly string[] ExecutionKeys =
        ["wall_seconds", "cpu_seconds", "peak_rss_bytes", "collisions_per_cpu_second", "domains", "workers", "windows", "sharing"];

    private static readonly RunContext Silent = new("silent", "", Serilog.Core.Logger.None, new RunRequests());

    private readonly TemporaryFolder _temporary = new();

    public static TheoryData<string, string, int> Plans => new()
    {
        { "logged long gas", "2x1x1", 2 },
        { "logged long gas", "1x3x1", 1 },
        { "mixture", "2x2x1", 2 },
        { "ternary", "2x1x1", 2 },
        { "channel", "2x3", 2 },
        { "cloud", "2x2x2", 2 },
    };

    public void Dispose() => _temporary.Dispose();

    [Theory, MemberData(nameof(Plans))]
    public void Domains_and_workers_do_not_change_what_a_run_writes(string name, string domains, int workers)
    {
        Case @case = Cases.Named(name);
        RunFolder serial = Run(@case, "serial", ExecutionPlan.Serial);
        RunFolder split = Run(@case, "split", Plan(domains, workers));

        AssertSameFiles(@case, serial, split);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(split.SummaryPath))!;
        Assert.Equal(domains, summary["domains"]!.GetValue<string>());
        JsonNode sharing = summary["sharing"]!;
        bool isShared = name == "logged long gas";
        Assert.Equal(isShared ? workers : 1, summary["workers"]!.GetValue<int>());
        Assert.Equal(isShared ? "slices" : null, sharing["method"]?.GetValue<string>());
        Assert.Equal(isShared, sharing["bytes_sent"]!.GetValue<long>() > 0);
        Assert.NotEqual(isShared && domains == "2x1x1", sharing["reason"] is not null);
        Assert.StartsWith(isShared ? domains == "2x1x1" ? "2x1" : "3x1" : "1x1", sharing["blocks"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(summary["windows"]!["committed"]!.GetValue<long>() > 0);
        Assert.True(summary["windows"]!["mean_length"]!.GetValue<double>() > 0);
        Assert.InRange(summary["windows"]!["redundant_event_fraction"]!.GetValue<double>(), 0, 1);
    }

    [Fact]
    public void A_run_is_resumed_with_another_split()
    {
        Case @case = Cases.LoggedLongGas;
        RunFolder serial = Run(@case, "serial", ExecutionPlan.Serial);
        RunFolder folder = RunFolder.Create(_temporary["pieces"], force: false);
        using (RunSession session = RunSession.Start(@case, Cases.Initial(@case), folder, Plan("3x1x1", 2)))
        {
            Assert.False(RunUntil(session, 1.5).IsFinished);
        }

        using (RunSession session = RunSession.Resume(folder, @case, Plan("2x1x1", 2)))
        {
            Assert.False(RunUntil(session, 2.5).IsFinished);
        }

        using (RunSession session = RunSession.Resume(folder, @case))
        {
            Assert.True(session.Run(new Onlooker(), CancellationToken.None).IsFinished);
        }

        AssertSameFiles(@case, serial, folder);
    }

    [Fact]
    public void It_is_said_when_one_domain_goes_on_alone()
    {
        (Gas gas, SystemState state) = Gases.Ties(96, 24);
        using ISimulation simulation = Plan("2x1", 2).Begin(gas, state, null, Silent);
        while (!simulation.Advance(6, long.MaxValue))
        {
        }

        using Simulator straight = new(gas, state);
        straight.Advance(6);
        Assert.Equal(StateDigest.Of(straight.Capture()), StateDigest.Of(simulation.Capture()));
        Assert.Contains("one domain went on alone", simulation.SharingObstacle, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_can_be_captured_between_two_times_that_were_asked_for()
    {
        Case @case = Cases.Channel;
        SystemState initial = Cases.Initial(@case);
        using ISimulation simulation = Plan("2x2", 2).Begin(@case.Gas, initial, null, Silent);
        while (simulation.Time < 3)
        {
            Assert.False(simulation.Advance(1e6, long.MaxValue));
        }

        SystemState captured = simulation.Capture();
        Assert.True(captured.AbsoluteTime >= 3);
        Assert.Equal(captured.AbsoluteTime, simulation.Time);
        double later = captured.AbsoluteTime + 2;
        using Simulator straight = new(@case.Gas, initial);
        straight.Advance(later);
        using Simulator continued = new(@case.Gas, captured, simulation.Tally);
        continued.Advance(later);
        Assert.Equal(StateDigest.Of(straight.Capture()), StateDigest.Of(continued.Capture()));
        Assert.Equal(straight.Tally.OrderCounts, continued.Tally.OrderCounts);

        // And the domains go on from there, too.
        while (!simulation.Advance(later, long.MaxValue))
        {
        }

        Assert.Equal(StateDigest.Of(straight.Capture()), StateDigest.Of(simulation.Capture()));
    }

    [Fact]
    public void A_violation_in_a_domain_reaches_the_caller()
    {
        Case @case = Cases.Mixture;
        SystemState initial = Cases.Initial(@case);
        initial.Particles[1].Position = initial.Particles[0].Position + new Vec3(1e-3, 0, 0);
        initial.Particles[1].Velocity = initial.Particles[0].Velocity + new Vec3(-1, 0, 0);
        using ISimulation simulation = Plan("2x2x2", 2).Begin(@case.Gas, initial, null, Silent);
        Assert.Throws<PhysicsViolationException>(() =>
        {
            while (!simulation.Advance(0.01, long.MaxValue))
            {
            }
        });
    }

    [Fact]
    public void What_a_domain_cannot_handle_reaches_the_caller()
    {
        Case @case = Cases.Channel;
        SystemState initial = Cases.Initial(@case);
        using ISimulation simulation = Plan("2x2", 2).Begin(@case.Gas, initial, null, Silent);
        initial.Particles[7].Kind = 3;
        ClusterException error = Assert.Throws<ClusterException>(() =>
        {
            while (!simulation.Advance(1, long.MaxValue))
            {
            }
        });
        Assert.Contains("has no place in this gas", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Domains_end_while_they_are_at_work()
    {
        Case @case = Cases.Channel;
        ISimulation simulation = Plan("2x2", 2).Begin(@case.Gas, Cases.Initial(@case), null, Silent);
        Assert.False(simulation.Advance(1e6, long.MaxValue));
        simulation.Dispose();
    }

    private static ActorExecution Plan(string domains, int workers)
    {
        Assert.True(Split.TryParse(domains, out Split split));
        return new ActorExecution(split, workers);
    }

    private static RunOutcome RunUntil(RunSession session, double time)
    {
        using CancellationTokenSource stop = new();
        return session.Run(new Stopper(stop, time), stop.Token);
    }

    private static void AssertSameFiles(Case @case, RunFolder expected, RunFolder actual)
    {
        Assert.True(
            File.ReadAllBytes(expected.EventsPath).AsSpan().SequenceEqual(File.ReadAllBytes(actual.EventsPath)), "event logs differ");
        Assert.Equal(File.ReadAllText(expected.ThermoPath), File.ReadAllText(actual.ThermoPath));
        Assert.Equal(Physics(expected), Physics(actual));
        if (@case.Output.Trajectory is { } plan)
        {
            Assert.Equal(File.ReadAllText(expected.TrajectoryPath(plan.Format)), File.ReadAllText(actual.TrajectoryPath(plan.Format)));
        }
    }

    // The summary without what depends on how it was computed.
    private static string Physics(RunFolder folder)
    {
        JsonObject summary = JsonNode.Parse(File.ReadAllText(folder.SummaryPath))!.AsObject();
        foreach (string key in ExecutionKeys)
        {
            Assert.True(summary.Remove(key), key);
        }

        Assert.True(summary["events"]!.AsObject().Remove(SummaryKeys.Crossings));
        return summary.ToJsonString();
    }

    private RunFolder Run(Case @case, string name, ExecutionPlan plan)
    {
        RunFolder folder = RunFolder.Create(_temporary[name], force: false);
        using RunSession session = RunSession.Start(@case, Cases.Initial(@case), folder, plan);
        Assert.True(session.Run(new Onlooker(), CancellationToken.None).IsFinished);
        return folder;
    }

    private sealed class Stopper(CancellationTokenSource stop, double time) : Onlooker
    {
        public override void Advanced(RunPace pace)
        {
            if (pace.Time >= time)
            {
                stop.Cancel();
            }
        }
    }
}
