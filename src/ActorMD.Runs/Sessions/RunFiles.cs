using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Runs.Sessions;

/// <summary>The files that grow with a run.</summary>
/// <param name="Thermo">Rows of thermo.csv.</param>
/// <param name="Trajectory">Frames; null if none are asked for.</param>
/// <param name="Followers">The event log and the observables.</param>
internal sealed record RunFiles(ThermoWriter Thermo, TrajectoryWriter? Trajectory, EventFollowers Followers) : IDisposable
{
    /// <summary>Begins the files of a new run.</summary>
    public static RunFiles Begin(Case @case, RunFolder folder, SystemState initial) => new(
        ThermoWriter.Create(folder.ThermoPath, @case.Gas),
        @case.Output.Trajectory is { } plan ? TrajectoryWriter.Create(folder.TrajectoryPath(plan.Format), plan.Format) : null,
        EventFollowers.Begin(@case, folder, initial));

    /// <summary>Cuts the files to what they were at a checkpoint. The folder is changed only when nothing can be wrong any more.</summary>
    /// <exception cref="InputFaultException">A file has lost its rows, or the checkpoint is of other intervals or observables.</exception>
    public static RunFiles Resume(Case @case, RunFolder folder, Checkpoint checkpoint)
    {
        ThrowIfIntervalsChanged(folder, @case, checkpoint);
        EventFollowers followers = EventFollowers.Resume(@case, folder, checkpoint);
        folder.Unseal();
        folder.WriteCase(@case);
        TrajectoryWriter? trajectory = @case.Output.Trajectory is { } plan
            ? TrajectoryWriter.Resume(folder.TrajectoryPath(plan.Format), plan.Format, checkpoint.Progress.TrajectoryLength)
            : null;
        return new RunFiles(ThermoWriter.Resume(folder.ThermoPath, @case.Gas, checkpoint.Progress.ThermoLength), trajectory, followers);
    }

    /// <summary>Hands everything to the disk.</summary>
    /// <returns>The progress with the lengths of the files.</returns>
    public RunProgress FlushToDisk(RunProgress progress)
    {
        Thermo.Flush(toDisk: true);
        Trajectory?.Flush(toDisk: true);
        Followers.FlushToDisk();
        return progress with
        {
            ThermoLength = Thermo.Length,
            TrajectoryLength = Trajectory?.Length ?? 0,
            EventsLength = Followers.LogLength,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Thermo.Dispose();
        Trajectory?.Dispose();
        Followers.Dispose();
    }

    // Rows and frames are counted, so the files would mix two intervals.
    private static void ThrowIfIntervalsChanged(RunFolder folder, Case @case, Checkpoint checkpoint)
    {
        RunProgress progress = checkpoint.Progress;
        double time = checkpoint.State.AbsoluteTime;
        bool isSame = new RegularTimes(@case.Run.Sample, double.MaxValue, @case.Run.Times).IsNext(progress.NextSample, time)
            && (@case.Output.Trajectory is not { } plan
                || new RegularTimes(plan.Every, double.MaxValue, plan.Times).IsNext(progress.NextFrame, time));
        if (!isSame)
        {
            throw new InputFaultException(new InputFault(
                folder.CasePath, null, "run.sample", "the intervals were changed after the run had begun",
                "restore run.sample and output.trajectory, or start the run again with --force"));
        }
    }
}
