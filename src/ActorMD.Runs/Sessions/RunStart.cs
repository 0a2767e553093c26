using ActorMD.Files.Cases;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Runs.Sessions;

/// <summary>The state at time 0 of a case.</summary>
public static class RunStart
{
    /// <summary>Builds the state, or takes it from the particles that were read with the case.</summary>
    /// <param name="load">A case without faults.</param>
    /// <param name="progress">Gets the share of the work that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="workerCount">Largest number of threads; the result does not depend on it.</param>
    /// <exception cref="InitialStateException">There is no such state, or none was found.</exception>
    public static SystemState Build(CaseLoad load, IProgress<double>? progress, CancellationToken cancellation, int workerCount = 1)
    {
        Case @case = load.Case ?? throw new ArgumentException("the case has faults", nameof(load));
        return load.Frame is { } frame
            ? InitialState.Build(@case.Gas, frame.ToParticles(@case.Gas), @case.Initial, @case.Seed, cancellation, workerCount)
            : InitialState.Build(@case.Gas, @case.Counts, @case.Initial, @case.Seed, progress, cancellation, workerCount);
    }
}
