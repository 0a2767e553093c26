using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;
using ActorMD.Runs.Sessions;

namespace ActorMD.Examples.Tests;

/// <summary>One run of an example by the code of <c>actormd run</c>, shared by all tests of its class.</summary>
public sealed class ExampleRun<TExample> : ExampleRun
    where TExample : IExample
{
    public ExampleRun()
        : base(TExample.Name)
    {
    }
}

/// <inheritdoc cref="ExampleRun{TExample}"/>
public abstract class ExampleRun : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actormd-example-");

    private protected ExampleRun(string name)
    {
        Name = name;
        Load = CaseFile.Load(Path.Combine(Repository.ExamplesDirectory, name + ".yaml"), []);
        Assert.Empty(Load.Faults);
        Assert.Empty(Load.Warnings);
        Case = Load.Case!;
        long started = Stopwatch.GetTimestamp();
        Initial = RunStart.Build(Load, progress: null, CancellationToken.None);
        // A run goes on with the particles that it was given.
        Folder = RunFolder.Create(Temporary("straight"), force: false);
        using (RunSession session = RunSession.Start(Case, Copy(Initial), Folder))
        {
            Summary = session.Run(new Onlooker(), CancellationToken.None).Summary!;
        }

        WallSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Final = new CheckpointStore(Folder.CheckpointDirectory).ReadNewestSound(out _).State;
        Rows = ThermoReader.Read(Folder.ThermoPath, Case.Gas);
    }

    public string Name { get; }

    public CaseLoad Load { get; }

    public Case Case { get; }

    /// <summary>The state at time 0.</summary>
    public SystemState Initial { get; }

    /// <summary>The state at the end.</summary>
    public SystemState Final { get; }

    public RunFolder Folder { get; }

    public RunSummary Summary { get; }

    /// <summary>Of thermo.csv.</summary>
    public ImmutableArray<ThermoRow> Rows { get; }

    /// <summary>From the case file to summary.json.</summary>
    public double WallSeconds { get; }

    /// <summary>Simulation time of the averages in summary.json.</summary>
    public double AveragedTime => Case.Run.Until - Case.Run.Equilibrate;

    /// <summary>A folder that is gone after the tests of the class.</summary>
    public string Temporary(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>The state at time 0 with an array of its own.</summary>
    public static SystemState Copy(SystemState state) => new([.. state.Particles], state.EpochLength, state.Epoch, state.Time);

    public void Dispose() => _directory.Delete(recursive: true);
}
