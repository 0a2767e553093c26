using System.Collections.Immutable;
using ActorMD.Actors.Hosting;
using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Observables.Plans;
using ActorMD.Protocol.Geometry;
using ActorMD.Runs.Sessions;
using ActorMD.Runs.Simulations;

namespace ActorMD.Observables.Tests;

/// <summary>Tables of observables are the same bytes however the run was computed, and the run is the same with and without them.</summary>
public sealed class SameBitsTests : IDisposable
{
    private const int InterruptionCount = 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("mixture"), InlineData("ternary")]
    public void Sampling_changes_no_bit_of_the_trajectory(string name)
    {
        Case with = Observed(name);
        string plain = Run(with with { Output = new OutputPlan(null) }, "plain", ExecutionPlan.Serial).Digest;
        Assert.Equal(plain, Run(with, "observed", ExecutionPlan.Serial).Digest);
    }

    [Theory]
    [InlineData("mixture", 2)]
    [InlineData("mixture", 3)]
    [InlineData("ternary", 2)]
    public void Tables_are_the_same_with_several_threads(string name, int workers) =>
        AssertSame(name, new ExecutionPlan(Split.One, workers));

    [Theory]
    [InlineData("mixture", "2x1x1")]
    [InlineData("ternary", "2x1x1")]
    public void Tables_are_the_same_in_domains(string name, string domains)
    {
        Assert.True(Split.TryParse(domains, out Split split));
        AssertSame(name, new ActorExecution(split, 2));
    }

    [Theory, InlineData("mixture"), InlineData("ternary")]
    public void Tables_are_the_same_after_ten_interruptions(string name)
    {
        Case @case = Observed(name);
        Run(@case, "straight", ExecutionPlan.Serial);
        RunFolder folder = RunFolder.Create(_folder["broken"], force: false);
        bool isFinished = false;
        int interruptions = 0;
        for (RunSession session = RunSession.Start(@case, Cases.Initial(@case), folder); !isFinished; session = RunSession.Resume(folder,
            @case))
        {
            using (session)
            {
                using CancellationTokenSource stop = new();
                session.SliceStepCount = 50;
                isFinished = session.Run(new Interrupter(stop, interruptions < InterruptionCount ? 3 : int.MaxValue),
                    stop.Token).IsFinished;
                interruptions += isFinished ? 0 : 1;
            }

            if (isFinished)
            {
                break;
            }
        }

        Assert.Equal(InterruptionCount, interruptions);
        AssertSameTables("straight", "broken");
    }

    [Fact]
    public void Other_observables_are_refused_when_a_run_goes_on()
    {
        Case @case = Observed("mixture");
        Run(@case, "run", ExecutionPlan.Serial);
        Case other = @case with { Output = @case.Output with { Observables = [.. @case.Output.Observables.Skip(1)] } };
        var refused = Assert.Throws<ActorMD.Files.Inputs.InputFaultException>(() =>
            RunSession.Resume(RunFolder.Open(_folder["run"]), other));
        Assert.Contains("other observables", refused.Message, StringComparison.Ordinal);
    }

    private static Case Observed(string name)
    {
        Case @case = Cases.Named(name);
        LagPlan lags = new(0.2, false, 0.05);
        ImmutableArray<ObservablePlan> plans =
        [
            new("rdf", ObservableKind.Rdf, 0.1) { Bins = 50 },
            new("structure_factor", ObservableKind.StructureFactor, 0.1) { Bins = 3 },
            new("msd", ObservableKind.Msd, 0.01) { Lags = lags },
            new("vacf", ObservableKind.Vacf, 0.01) { Lags = lags },
            new("helfand", ObservableKind.Helfand, 0.01) { Lags = new LagPlan(0.2, true, 0.01) },
            new("collisions", ObservableKind.Collisions, 0.1) { Bins = 20 },
            new("velocities", ObservableKind.Velocities, 0.1) { Bins = 20 },
            new("h_function", ObservableKind.HFunction, 0.1) { Bins = 6 },
            new("profile", ObservableKind.Profile, 0.1) { Bins = 5, Axis = 2 },
        ];
        if (@case.Gas.Species.Length == 2)
        {
            plans = plans.Add(new("mutual_diffusion", ObservableKind.MutualDiffusion, 0.01) { Lags = lags });
        }

        return @case with { Output = new OutputPlan(null) { Observables = plans } };
    }

    private void AssertSame(string name, ExecutionPlan execution)
    {
        Case @case = Observed(name);
        Run(@case, "straight", ExecutionPlan.Serial);
        Run(@case, "other", execution);
        AssertSameTables("straight", "other");
    }

    private RunSummary Run(Case @case, string folder, ExecutionPlan execution)
    {
        using RunSession session = RunSession.Start(@case, Cases.Initial(@case), RunFolder.Create(_folder[folder], force: false),
            execution);
        return session.Run(new Onlooker(), CancellationToken.None).Summary!;
    }

    private void AssertSameTables(string expected, string actual)
    {
        string[] names = [.. Directory.GetFiles(_folder[expected], "observable-*.csv").Select(path =>
            Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.True(names.Length >= 14);
        Assert.Equal(names, Directory.GetFiles(_folder[actual], "observable-*.csv").Select(path =>
            Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        foreach (string name in names)
        {
            string text = File.ReadAllText(Path.Combine(_folder[expected], name));
            Assert.True(text.Split('\n').Count(line => line.Length > 0 && line[0] != '#') > 1, name + " has no rows");
            Assert.Equal(text, File.ReadAllText(Path.Combine(_folder[actual], name)));
        }
    }

    private sealed class Interrupter(CancellationTokenSource stop, int slices) : Onlooker
    {
        private int _seen;

        public override void Advanced(RunPace pace)
        {
            if (++_seen == slices)
            {
                stop.Cancel();
            }
        }
    }
}
