using ActorMD.Files.Yaml;
using ActorMD.Observables.Plans;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

/// <summary>Reads <c>times</c>: a list of moments, or the rule of a logarithmic one.</summary>
internal static class TimesReader
{
    private const string Key = "times", Example = "times: [0.1, 1, 10], or times: { from: 0.01, per_decade: 10 }";
    private const int CountMax = 100_000, PerDecadeMax = 1000, PerDecadeStandard = 10;
    private const double RangeMax = 1e30;

    /// <summary>The moments; null without the key, or after a fault.</summary>
    /// <param name="values">Where faults go.</param>
    /// <param name="map">That may have the key.</param>
    /// <param name="until">End of the run.</param>
    public static TimeList? Read(ValueReader values, MapReader map, double until)
    {
        YamlTree? node = map.Optional(Key);
        MapReader rule = new(values, node is YamlList ? null : node, map.LocationOf(Key), map.PathOf(Key), Example);
        double from = rule.Number("from", "the first time after 0, above 0");
        YamlTree? perDecade = rule.Optional("per_decade");
        int count = perDecade is null ? PerDecadeStandard
            : values.Whole(perDecade, rule.PathOf("per_decade"), Invariant($"a whole number from 1 to {PerDecadeMax}")) ?? 0;
        rule.Finish();
        return node switch
        {
            YamlList list => Listed(values, map, list, until),
            YamlMap => Logarithmic(values, map, from, count, until),
            _ => null,
        };
    }

    private static TimeList? Logarithmic(ValueReader values, MapReader map, double from, int perDecade, double until)
    {
        if (double.IsNaN(from) || perDecade == 0)
        {
            return null; // told already
        }

        string? problem = !(from > 0) ? Invariant($"the first time is {from}")
            : !(until / from < RangeMax) ? Invariant($"the first time, {from}, is too small a part of the run")
            : perDecade is < 1 or > PerDecadeMax ? Invariant($"there are {perDecade} times per factor of ten")
            : null;
        if (problem is null)
        {
            return TimeList.Logarithmic(from, perDecade, until);
        }

        values.Fault(map.PathOf(Key), map.LocationOf(Key), problem, "write it like " + Example);
        return null;
    }

    private static TimeList? Listed(ValueReader values, MapReader map, YamlList list, double until)
    {
        List<double> times = [];
        for (int k = 0; k < list.Items.Length; k++)
        {
            double time = values.Number(list.Items[k], map.PathOf(Key).Item(k), "a time from 0 on");
            string? problem = list.Items.Length > CountMax ? Invariant($"there are {list.Items.Length} times, and {CountMax} are possible")
                : time < 0 || time > until ? Invariant($"the time {time} is not within the run, from 0 to {until}")
                : k > 0 && time <= times[^1] ? Invariant($"the time {time} does not come after {times[^1]}")
                : null;
            if (problem is not null)
            {
                values.Fault(map.PathOf(Key), map.LocationOf(Key), problem, "give ascending times: " + Example);
            }

            if (problem is not null || double.IsNaN(time))
            {
                return null;
            }

            times.Add(time);
        }

        return new TimeList(times);
    }
}
