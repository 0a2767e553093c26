using System.Collections.Immutable;
using ActorMD.Files.Yaml;
using ActorMD.Observables.Plans;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

/// <summary>Reads <c>output.observables</c>.</summary>
/// <param name="values">Where faults go.</param>
/// <param name="gas">What is simulated.</param>
/// <param name="run">The times of the run.</param>
/// <param name="structureInterval">What lies between two states whose pairs are counted, by their largest distance; 0: not known.</param>
internal sealed class ObservableReader(ValueReader values, Gas gas, RunPlan run, Func<double, double> structureInterval)
{
    private const int StructureSampleMin = 20;


    private const string ObservableExample = "{ kind: rdf, every: 0.1 }";
    private const int BinCountMax = 100_000, WaveCountMax = 64, HBinCountMax = 64, LagCountMax = 1_000_000;

    /// <summary>The observables; a fault leaves one out.</summary>
    public ImmutableArray<ObservablePlan> Read(MapReader output)
    {
        ImmutableArray<ObservablePlan>.Builder plans = ImmutableArray.CreateBuilder<ObservablePlan>();
        HashSet<string> names = [];
        foreach ((YamlTree item, KeyPath path) in output.Items("observables", output.Optional("observables"), "name", ObservableExample))
        {
            MapReader map = new(values, item, item.Location, path, ObservableExample);
            YamlTree? kindNode = map.Required("kind", "one of " + string.Join(", ", ObservableWords.Kinds.Keys));
            ObservableKind? kind = kindNode is null ? null : values.Word(kindNode, map.PathOf("kind"), ObservableWords.Kinds);
            string name = ReadObservableName(map, kind, names, item.Location);
            double every = map.NumberOrNull("every", "a time interval above 0") ?? run.Sample;
            TimeList? times = TimesReader.Read(values, map, run.Until);
            ObservablePlan? plan = kind is { } known ? ReadObservable(map, new ObservablePlan(name, known, every) { Times = times }) : null;
            if (kind is not null)
            {
                map.Finish();
            }

            if (plan is not null)
            {
                plans.Add(plan);
            }
        }

        return plans.ToImmutable();
    }

    private string ReadObservableName(MapReader map, ObservableKind? kind, HashSet<string> names, SourceLocation place)
    {
        string name = kind is { } known ? ObservableWords.Of(known) : "";
        if (map.Optional("name") is { } node)
        {
            name = values.Text(node, map.PathOf("name"), "a word") ?? name;
            if (name.Length > 0 && !SpeciesKeys.IsName(name.Replace('_', '-')))
            {
                values.Fault(map.PathOf("name"), node.Location, $"the name '{name}' cannot be used in file names", CaseReader.NameRule);
            }
        }

        if (name.Length > 0 && !names.Add(name))
        {
            values.Fault(
                map.PathOf("name"), place, $"two observables are called '{name}'",
                "give each a name of its own: it names the file observable-(name).csv");
        }

        return name;
    }

    private ObservablePlan? ReadObservable(MapReader map, ObservablePlan plan)
    {
        string word = ObservableWords.Of(plan.Kind);
        bool isSound = true;
        void Fault(string key, string problem, string remedy)
        {
            values.Fault(map.PathOf(key), map.LocationOf(key), problem, remedy);
            isSound = false;
        }

        if (!(plan.Every > 0))
        {
            Fault("every", Invariant($"the interval is {plan.Every}"), "give a time above 0");
        }
        else if (run.Until / plan.Every > CaseReader.SampleCountMax)
        {
            Fault("every", Invariant($"an interval of {plan.Every} would give {run.Until / plan.Every:G3} samples"), "give a longer one");
        }

        if (plan.Times is not null && (!plan.SamplesStates || map.Optional("every") is not null))
        {
            Fault(
                "times", plan.SamplesStates ? "there are both 'every' and 'times'" : $"'{word}' has no times of its own",
                plan.SamplesStates ? "keep one of them" : "leave them out; time correlations have lags: { spacing: logarithmic }");
        }

        if (plan.NeedsPeriodicBox && Enumerable.Range(0, gas.Dimension).Any(axis => !gas.Box.IsPeriodic(axis)))
        {
            Fault("kind", $"'{word}' needs a box that is periodic on all sides", "make box.boundary periodic, or leave it out");
        }

        if (plan.Kind == ObservableKind.MutualDiffusion && gas.Species.Length != 2)
        {
            Fault("kind", Invariant($"'{word}' needs two species, and the gas has {gas.Species.Length}"), "leave it out");
        }

        switch (plan.Kind)
        {
            case ObservableKind.Rdf:
                plan = plan with { Bins = Bins("bins", 200, BinCountMax), Max = Max("a distance above all contact distances") };
                if (isSound && plan.DistanceMax(gas) <= gas.DiameterMax)
                {
                    Fault(
                        "max",
                        Invariant($"distances up to {plan.DistanceMax(gas)} do not exceed the largest contact distance {gas.DiameterMax}"),
                        "give a larger one; half of the shortest side is the limit");
                }

                if (isSound && map.Optional("every") is null && plan.Times is null)
                {
                    plan = plan with { Every = StructureEvery(plan.DistanceMax(gas)) };
                }

                break;
            case ObservableKind.StructureFactor:
                plan = plan with { Bins = Bins("waves", 8, WaveCountMax) };
                break;
            case ObservableKind.Msd or ObservableKind.Vacf or ObservableKind.Helfand or ObservableKind.MutualDiffusion:
                plan = plan with { Lags = Lags() };
                break;
            case ObservableKind.Collisions:
                plan = plan with { Bins = Bins("bins", 100, BinCountMax) };
                break;
            case ObservableKind.Velocities:
                plan = plan with { Bins = Bins("bins", 100, BinCountMax), Max = Max("a number of thermal speeds") };
                break;
            case ObservableKind.HFunction:
                plan = plan with { Bins = Bins("bins", 12, HBinCountMax), Max = Max("a number of thermal speeds") };
                break;
            default:
                plan = plan with { Bins = Bins("bins", 50, BinCountMax), Axis = Axis() };
                break;
        }

        return isSound ? plan : null;

        // Samples of the run from one to the next: as many as pay, and few enough for errors.
        double StructureEvery(double range)
        {
            double samples = Math.Ceiling(structureInterval(range) / run.Sample);
            double most = Math.Floor((run.Until - run.Equilibrate) / (StructureSampleMin * run.Sample));
            return run.Sample * Math.Max(1, Math.Min(samples, most));
        }

        int Bins(string key, int standard, int most)
        {
            int count = map.Optional(key) is { } node
                ? values.Whole(node, map.PathOf(key), Invariant($"a whole number from 2 to {most}")) ?? -1
                : standard;
            if (count is not -1 && (count < 2 || count > most))
            {
                Fault(key, Invariant($"the number is {count}"), Invariant($"give a whole number from 2 to {most}"));
            }

            isSound &= count != -1;
            return count;
        }

        double? Max(string what)
        {
            double? max = map.NumberOrNull("max", what);
            if (max <= 0)
            {
                Fault("max", Invariant($"the end of the range is {max}"), "give " + what);
            }

            isSound &= max is not double.NaN;
            return max;
        }

        int Axis()
        {
            string text = map.Optional("axis") is { } node ? values.Text(node, map.PathOf("axis"), "x, y or z") ?? "" : "x";
            int axis = text.Length == 1 ? "xyz".IndexOf(text[0], StringComparison.Ordinal) : -1;
            if (text.Length > 0 && (axis < 0 || axis >= gas.Dimension))
            {
                Fault("axis", $"the gas has no axis '{text}'", gas.Dimension == 2 ? "give x or y" : "give x, y or z");
            }

            isSound &= text.Length > 0;
            return axis;
        }

        LagPlan Lags()
        {
            const string Example = "lags: { max: 10, spacing: linear }";
            MapReader lags = new(values, map.Optional("lags"), map.LocationOf("lags"), map.PathOf("lags"), Example);
            double max = lags.NumberOrNull("max", "the largest delay, above 0")
                ?? Math.Max(plan.Every, Math.Min(100 * plan.Every, 0.5 * (run.Until - run.Equilibrate)));
            bool isLogarithmic = lags.Optional("spacing") is { } node
                && (values.Word(node, lags.PathOf("spacing"), ObservableWords.Spacings) ?? false);
            double origins = lags.NumberOrNull("origins", "the time between two origins, above 0") ?? max / 10;
            lags.Finish();
            if (!(max >= plan.Every) || max / plan.Every > LagCountMax)
            {
                Fault(
                    "lags", Invariant($"the largest delay is {max}, and 'every' is {plan.Every}"),
                    Invariant($"give from 1 to {LagCountMax} times 'every'"));
            }
            else if (!(origins > 0))
            {
                Fault("lags", Invariant($"the time between two origins is {origins}"), "give a time above 0");
            }
            else if (max > run.Until - run.Equilibrate)
            {
                Fault(
                    "lags",
                    Invariant($"the largest delay is {max}, longer than the run after run.equilibrate ({run.Until - run.Equilibrate})"),
                    "give a smaller one, or a later run.until");
            }

            return new LagPlan(max, isLogarithmic, origins);
        }
    }
}
