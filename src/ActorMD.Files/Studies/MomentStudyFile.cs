using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Yaml;
using static System.FormattableString;

namespace ActorMD.Files.Studies;

/// <summary>Reads studies of velocity moments: YAML in, a validated <see cref="MomentStudy"/> out.</summary>
public static class MomentStudyFile
{
    private const string OrdersExample = "orders: [[2], [3], [2, 3]]";

    /// <summary>Whether a file is a study of moments, and none of convergence: it has the key <c>powers</c>.</summary>
    /// <exception cref="InputFaultException">It cannot be read.</exception>
    public static bool IsOne(string path) => StudyFile.Has(path, "powers");

    /// <summary>The study.</summary>
    /// <exception cref="InputFaultException">Everything that is wrong with it, or with its cases.</exception>
    public static MomentStudy Load(string path) => StudyFile.Load<MomentStudy>(
        path, "examples/studies/moments.yaml", (map, name, seed, reading) => Read(map, path, name, seed, reading));

    private static MomentStudy? Read(MapReader map, string path, string name, ulong seed, ValueReader reading)
    {
        ImmutableArray<Case> cases = ReadCases(map, path, reading);
        ImmutableArray<ImmutableArray<int>> orders = ReadOrders(map, reading);
        ImmutableArray<ImmutableArray<double>> exponents = ReadExponents(map, orders, reading);
        ImmutableArray<int> powers =
            [.. StudyFile.Numbers(map, "powers", map.Required("powers", "a list of even numbers: powers: [4, 6, 8]"), reading)
                .Select(p => p is >= 4 and <= 20 && p % 2 == 0 ? (int)p : 0)];
        if (powers.Any(p => p == 0))
        {
            reading.Fault(map.PathOf("powers"), map.LocationOf("powers"), "a power is not even, or not from 4 to 20", "write it like powers: [4, 6, 8]");
        }

        ImmutableArray<double> times = StudyFile.ReadTimes(map, "moments at time 0 are given in any case", reading);

        MapReader reference = new(
            reading, map.Optional("reference"), map.LocationOf("reference"), map.PathOf("reference"), "reference: { runs: 8, particles: 100000 }");
        int runs = StudyFile.Whole(reference, "runs", 8, 2, reading);
        int particles = StudyFile.Whole(reference, "particles", 100_000, 1000, reading);
        reference.Finish();
        map.Finish();
        if (reading.Faults.Count > 0)
        {
            return null;
        }

        foreach (int order in orders.SelectMany(o => o).Where(o => o > 2 && cases.Any(c => c.Gas.ZoneOf(o) is null)))
        {
            reading.Fault(map.PathOf("orders"), map.LocationOf("orders"), Invariant($"a case has no zone of order {order}"), "name orders that all cases have");
        }

        return new MomentStudy(name, seed, cases, orders, powers, times, runs, particles) { Exponents = exponents };
    }

    private static ImmutableArray<Case> ReadCases(MapReader map, string path, ValueReader reading)
    {
        YamlTree? node = map.Required("cases", "a list of case files relative to the study");
        List<Case> cases = [];
        foreach ((YamlTree item, int n) in ((node as YamlList)?.Items ?? []).Select((item, n) => (item, n)))
        {
            string? relative = item is YamlMap ? "the case" : reading.Text(item, map.PathOf("cases").Item(n), "a path");
            Case? read = relative is null ? null : item is YamlMap inline ? StudyFile.ReadCase(inline, path, reading) : StudyFile.LoadCase(relative, path, reading).Case;
            if (read is not { } @case)
            {
                continue;
            }

            cases.Add(@case);
            if (@case.Gas.Species.Length != 1 || @case.Initial.Positions.Densities.Any(d => d?.Axis is not null)
                || @case.Initial.Velocities.Species.Any(v => v.Axes.Any()) || !@case.Initial.Velocities.Species.All(v => v.HasNoFlow))
            {
                reading.Fault(
                    map.PathOf("cases"), item.Location, $"{relative} has several species, or changes in space, or flows",
                    "moments are those of one species at rest, the same everywhere");
            }
        }

        if (node is not null && cases.Count == 0 && reading.Faults.Count == 0)
        {
            reading.Fault(map.PathOf("cases"), node.Location, "there is no case", "write it like cases: [moments-decay.yaml]");
        }

        return [.. cases];
    }

    private static ImmutableArray<ImmutableArray<double>> ReadExponents(MapReader map, ImmutableArray<ImmutableArray<int>> orders, ValueReader reading)
    {
        const double ExponentMax = 2;
        if (map.Optional("exponents") is not { } node)
        {
            return [];
        }

        ImmutableArray<ImmutableArray<double>> sets =
        [
            .. ((node as YamlList)?.Items ?? []).OfType<YamlList>().Select((set, n) => set.Items
                .Select((item, m) => reading.Number(item, map.PathOf("exponents").Item(n).Item(m), "an exponent from 0 to 2")).ToImmutableArray()),
        ];
        if (sets.Length != orders.Length || sets.Where((set, n) => set.Length != orders[n].Length || set.Any(e => e is < 0 or > ExponentMax)).Any())
        {
            reading.Fault(
                map.PathOf("exponents"), node.Location, "'exponents' does not give every order of every set an exponent from 0 to 2",
                "write it like orders: [[2], [2, 3]] and exponents: [[0], [0, 1]]");
        }

        return sets;
    }

    private static ImmutableArray<ImmutableArray<int>> ReadOrders(MapReader map, ValueReader reading)
    {
        YamlTree? node = map.Required("orders", "sets of orders: " + OrdersExample);
        ImmutableArray<ImmutableArray<int>> sets =
        [
            .. ((node as YamlList)?.Items ?? []).OfType<YamlList>().Select((set, n) => set.Items
                .Select((item, m) => reading.Whole(item, map.PathOf("orders").Item(n).Item(m), "an order, 2 or more") ?? 0).ToImmutableArray()),
        ];
        if (node is not null && (sets.IsEmpty || sets.Any(s => s.IsEmpty || s.Any(o => o < 2) || s.Distinct().Count() < s.Length)))
        {
            reading.Fault(map.PathOf("orders"), node.Location, "'orders' is no list of sets of orders", "write it like " + OrdersExample);
        }

        return sets;
    }
}
