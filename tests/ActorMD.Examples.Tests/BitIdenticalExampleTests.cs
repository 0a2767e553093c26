using ActorMD.Engine;
using ActorMD.Engine.Execution;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Runs.Sessions;

namespace ActorMD.Examples.Tests;

/// <summary>Examples whose trajectory is also shown not to depend on stops, checkpoints and caches.</summary>
public abstract class BitIdenticalExampleTests(ExampleRun run) : ExampleTests(run)
{
    private const int StopCount = 5;

    [Fact]
    public void Stopped_and_resumed_at_random_times_it_ends_in_the_same_digest()
    {
        RunFolder folder = RunFolder.Create(Run.Temporary("stopped"), force: false);
        Queue<double> stops = new(RandomTimes(StopCount));
        int sessionCount = 0;
        while (true)
        {
            using RunSession session = sessionCount++ == 0
                ? RunSession.Start(Run.Case, ExampleRun.Copy(Run.Initial), folder)
                : RunSession.Resume(folder, Run.Case);
            session.SliceStepCount = 1000;
            using CancellationTokenSource stop = new();
            double at = stops.TryDequeue(out double time) ? time : double.PositiveInfinity;
            RunOutcome outcome = session.Run(new Stopper(stop, at), stop.Token);
            if (outcome.Summary is { } summary)
            {
                Assert.Equal(StopCount + 1, sessionCount);
                Assert.Equal(Run.Summary.Digest, summary.Digest);
                Assert.Equal(File.ReadAllText(Run.Folder.ThermoPath), File.ReadAllText(folder.ThermoPath));
                return;
            }

            Assert.InRange(outcome.Time, at, Run.Case.Run.Until);
        }
    }

    /// <summary>The engine alone: other cells than the run's, thrown away and built again at random times.</summary>
    [Fact]
    public void With_other_cells_that_are_rebuilt_at_random_times_it_ends_in_the_same_digest() =>
        AssertSameDigestWith(new SearchSettings(SearchMethod.Cells, CellWidth: 1.7));

    private protected void AssertSameDigestWith(SearchSettings settings)
    {
        using Simulator simulator = new(Run.Case.Gas, ExampleRun.Copy(Run.Initial), settings: settings);
        foreach (double time in RandomTimes(StopCount))
        {
            Assert.True(simulator.Advance(time));
            simulator.Rebuild();
        }

        Assert.True(simulator.Advance(Run.Case.Run.Until));
        Assert.Equal(Run.Summary.Digest, StateDigest.Of(simulator.Capture()));
        for (int order = 2; order <= Run.Case.Gas.OrderMax; order++)
        {
            Assert.Equal(Run.Summary.Events[$"order{order}"], simulator.Tally.OrderCounts[order]);
        }
    }

    // Not later than 0.95 of the run: a slice after the last one must not reach its end.
    private IEnumerable<double> RandomTimes(int count)
    {
        CounterRandom random = new(seed: 17, RandomStream.Testing);
        return Enumerable.Range(0, count).Select(_ => 0.95 * Run.Case.Run.Until * random.NextUniform()).Order().ToArray();
    }

    private sealed class Stopper(CancellationTokenSource stop, double at) : Onlooker
    {
        public override void Advanced(RunPace pace)
        {
            if (pace.Time >= at)
            {
                stop.Cancel();
            }
        }
    }
}
