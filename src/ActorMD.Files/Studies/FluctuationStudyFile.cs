using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Kinetic.Initial;

namespace ActorMD.Files.Studies;

/// <summary>Reads studies of fluctuations: YAML in, a validated <see cref="FluctuationStudy"/> out.</summary>
public static class FluctuationStudyFile
{
    private const int WaveMax = 1000;

    /// <summary>Whether a file is a study of fluctuations: it has the key <c>waves</c>.</summary>
    /// <exception cref="InputFaultException">It cannot be read.</exception>
    public static bool IsOne(string path) => StudyFile.Has(path, "waves");

    /// <summary>The study.</summary>
    /// <exception cref="InputFaultException">Everything that is wrong with it, or with its case.</exception>
    public static FluctuationStudy Load(string path) => StudyFile.Load<FluctuationStudy>(
        path, "examples/studies/fluctuations-mixture.yaml", (map, name, seed, reading) => Read(map, path, name, seed, reading));

    private static FluctuationStudy? Read(MapReader map, string path, string name, ulong seed, ValueReader reading)
    {
        (Case? @case, string casePath) = StudyFile.ReadCase(map, path, reading);
        ImmutableArray<double> times = StudyFile.ReadTimes(map, "at time 0 the densities are compared in any case", reading);
        ImmutableArray<int> ladder =
            StudyFile.ReadLadder(map, map.Required("ladder", "a list of rising numbers of particles, such as [250, 1000]"), reading);
        ImmutableArray<int> waves =
            [.. StudyFile.Numbers(map, "waves", map.Required("waves", "a list of whole waves in the box: waves: [1, 2]"), reading)
                .Select(w => w is >= 1 and <= WaveMax && Math.Floor(w) == w ? (int)w : 0)];
        if (waves.Any(w => w == 0))
        {
            reading.Fault(map.PathOf("waves"), map.LocationOf("waves"), "a number of waves is not whole, or not from 1 to 1000",
                "write it like waves: [1, 2]");
        }

        MapReader replicas = new(
            reading, map.Optional("replicas"), map.LocationOf("replicas"), map.PathOf("replicas"), "replicas: { count: 200, origins: 8 }");
        int count = StudyFile.Whole(replicas, "count", 200, 8, reading);
        int origins = StudyFile.Whole(replicas, "origins", 8, 1, reading);
        replicas.Finish();
        map.Finish();
        if (@case is null || reading.Faults.Count > 0)
        {
            return null;
        }

        if (Problem(@case) is { } problem)
        {
            reading.Fault(map.PathOf("case"), map.LocationOf("case"), problem,
                "give a periodic box, no profiles, and Maxwellians of one temperature without mean velocity");
            return null;
        }

        return new FluctuationStudy(name, seed, @case, casePath, ladder, times, waves, count, origins);
    }

    private static string? Problem(Case @case)
    {
        if (Enumerable.Range(0, @case.Gas.Dimension).Any(axis => !@case.Gas.Box.IsPeriodic(axis)))
        {
            return "the fluctuations of a gas between walls, or in open space, are no plane waves";
        }

        if (@case.Initial.Positions.Method != PositionMethod.Conditioned || @case.Initial.Positions.Densities.Any(d => d?.Axis is not null))
        {
            return "the gas is not at equilibrium: its positions are not those of the uniform, conditioned law";
        }

        return @case.Initial.Velocities.Species.Any(v => v is not Maxwellian { Temperature: > 0 } || !v.HasNoFlow)
            || @case.Initial.Velocities.Species.OfType<Maxwellian>().Select(m => m.Temperature).Distinct().Count() > 1
                || @case.Initial.Velocities.Rescale
            ? "the gas is not at equilibrium: its velocities are not Maxwellians of one temperature at rest"
            : null;
    }
}
