using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Kinetic.Scalings;

namespace ActorMD.Studies.Convergence;

/// <summary>The unit in which theorists count times.</summary>
internal static class MeanFreeTimes
{
    private const int ShareSampleCount = 1000;

    /// <summary>The mean free time of the fastest species at time 0, simulation time; null for a gas at rest.</summary>
    public static double? Of(Case @case)
    {
        ImmutableArray<double> temperatures = [.. @case.Initial.Velocities.Species
            .Select((v, a) => v.KineticTemperatureIn(@case.Gas.Box, @case.Gas.Species[a].Mass))];
        return temperatures.Any(t => t > 0)
            ? GasScales.Of(@case.Gas, @case.Counts, temperatures, ShareSampleCount).Species.Min(s => s.MeanFreeTime) : null;
    }
}
