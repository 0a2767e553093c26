using System.Collections.Immutable;
using ActorMD.Files.Inputs;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.Checkpoints;

/// <summary>
/// Whether what a checkpoint or state holds can be the state of a run: a right checksum says only that it was written so.
/// </summary>
internal static class CheckpointCheck
{
    /// <summary>Larger coordinates and velocities are refused, like those of particle files.</summary>
    private const double NumberMax = 1e50;

    private const double BoxesMax = 1e9;

    /// <summary>What makes gas and particles impossible; null when nothing does.</summary>
    public static string? Problem(Gas gas, SystemState state)
    {
        if (gas.Species.Any(species => species.Name.Length == 0))
        {
            return "a species has no name";
        }

        ImmutableArray<GasFault> faults = GasValidation.CheckForm(gas);
        return !faults.IsEmpty ? faults[0].Problem
            : gas.Species.Any(species => !IsUsable(species.Mass) || !IsUsable(species.Diameter))
                || Enumerable.Range(0, gas.Dimension).Any(axis => !IsUsable(gas.Box.Lengths[axis]))
                    ? "a length or a mass is too large or too small to calculate with"
            : state.Particles.Length == 0 ? "there are no particles"
            : ClockProblem(state) ?? ParticleProblem(gas, state);
    }

    /// <summary>What makes counts of events impossible; null when nothing does.</summary>
    public static string? Problem(EventTally tally)
    {
        bool areCounts = !tally.PairCounts.Any(count => count < 0) && !tally.OrderCounts.Any(count => count < 0)
            && tally.MultipleCount >= 0 && tally.GrazingCount >= 0;
        return areCounts ? null : "a number of events is negative";
    }

    /// <summary>Whether these words can be an exact sum's.</summary>
    public static bool IsSum(ReadOnlySpan<long> words)
    {
        foreach (long word in words[..^1])
        {
            if (word is < 0 or > uint.MaxValue)
            {
                return false;
            }
        }

        return words[^1] is >= int.MinValue and <= int.MaxValue;
    }

    /// <summary>What makes the progress of a run impossible; null when nothing does.</summary>
    public static string? Problem(RunProgress progress)
    {
        double[] numbers =
        [
            progress.InitialEnergy, progress.EnergyDriftMax, progress.MomentumDriftMax, progress.AngularMomentumDriftMax,
            progress.WallSeconds,
            progress.CpuSeconds, progress.Baseline?.Time ?? 0, progress.LastSample?.Time ?? 0,
        ];
        long[] counts =
        [
            progress.NextSample, progress.NextFrame, progress.ThermoLength, progress.TrajectoryLength, progress.EventsLength,
            progress.CrossingCount,
        ];
        bool isSound = numbers.All(number => double.IsFinite(number) && number >= 0) && counts.All(count => count >= 0)
            && IsFinite(progress.InitialMomentum) && IsFinite(progress.InitialAngularMomentum);
        return isSound ? null : "the progress of the run has a number that is negative or not finite";
    }

    private static string? ClockProblem(SystemState state)
    {
        bool isSound = state.EpochLength > 0 && state.Epoch >= 0 && (state.Epoch == 0 || double.IsFinite(state.EpochLength))
            && state.Time >= 0 && state.Time <= state.EpochLength && double.IsFinite(state.AbsoluteTime);
        return isSound
            ? null
            : Invariant($"the time {state.Time} in epoch {state.Epoch} of length {state.EpochLength} is no time of a run");
    }

    private static string? ParticleProblem(Gas gas, SystemState state)
    {
        for (int id = 0; id < state.Particles.Length; id++)
        {
            ref readonly ParticleState particle = ref state.Particles[id];
            string? problem = !(IsFinite(particle.Velocity) && Largest(particle.Velocity) <= NumberMax)
                ? "has no finite velocity, or one too large to calculate with"
                : !(double.IsFinite(particle.Time) && particle.Time <= state.Time) ? "has its last event after the state's time"
                : gas.Dimension == 2 && (particle.Position.Z != 0 || particle.Velocity.Z != 0) ? "has a z component in two dimensions"
                : !IsPlaced(gas.Box, particle.Position, particle.PositionAt(state.Time))
                ? "has no position, or one too far away to calculate with"
                : null;
            if (problem is not null)
            {
                return Invariant($"particle {id} {problem}");
            }
        }

        return null;
    }

    // On periodic axes wrapped as of the last event; the boxes flown through since are counted in integers.
    private static bool IsPlaced(Box box, Vec3 last, Vec3 now)
    {
        for (int axis = 0; axis < box.Dimension; axis++)
        {
            bool isPlaced = box.IsPeriodic(axis)
                ? last[axis] >= 0 && last[axis] < box.Lengths[axis] && Math.Abs(now[axis]) <= BoxesMax * box.Lengths[axis]
                : Math.Abs(last[axis]) <= NumberMax && Math.Abs(now[axis]) <= NumberMax;
            if (!isPlaced)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsUsable(double value) => value is >= FileNumber.PositiveMin and <= FileNumber.Max;

    private static double Largest(Vec3 vector) => Math.Max(Math.Abs(vector.X), Math.Max(Math.Abs(vector.Y), Math.Abs(vector.Z)));

    private static bool IsFinite(Vec3 vector) => double.IsFinite(vector.X) && double.IsFinite(vector.Y) && double.IsFinite(vector.Z);
}
