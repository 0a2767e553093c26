using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ActorMD.Files.Events;
using ActorMD.Files.States;
using ActorMD.Files.Yaml;
using ActorMD.Kinetic.Estimates;
using ActorMD.Kinetic.Initial;
using ActorMD.Observables.Plans;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

/// <summary>Turns the tree of a case file into a <see cref="Case"/>.</summary>
/// <remarks>
/// Reading goes on after a fault, with a placeholder, so that all faults are found at once. A placeholder is never sound, and its
/// own fault hides those that it would cause.
/// </remarks>
/// <param name="values">Where faults go.</param>
/// <param name="path">The case file.</param>
/// <param name="readParticles">Whether a file of particles is read and checked.</param>
internal sealed partial class CaseReader(ValueReader values, string path, bool readParticles)
{
    /// <summary>What a name that a folder gets must be like.</summary>
    internal const string NameOfFolderRule =
        "it names the run folder: use letters, digits, spaces and '_', '-', '+', '.', with a letter or digit first";

    private const string SpeciesExample = "{ name: A, count: 1000, mass: 1, diameter: 0.01 }";
    private const string ZoneExample = "{ order: 3, distance: 0.03 }";
    internal const string NameRule = "give a letter followed by letters, digits, '_', '+' or '-', at most 32 in all";
    internal const double SampleCountMax = 1e8;

    private static readonly Dictionary<string, Boundary> Boundaries = new()
    {
        ["periodic"] = Boundary.Periodic,
        ["reflecting"] = Boundary.Reflecting,
        ["open"] = Boundary.Open,
    };

    private static readonly Dictionary<string, TrajectoryFormat> Formats = new()
    {
        ["extxyz"] = TrajectoryFormat.ExtXyz,
        ["lammps"] = TrajectoryFormat.Lammps,
        ["csv"] = TrajectoryFormat.Csv,
    };

    private readonly InitialReader _initial = new(values, path, readParticles);

    /// <summary>The particles of <c>initial.positions.file</c>, when they were read.</summary>
    public ParticleFrame? Frame => _initial.Frame;

    /// <summary>The case, or null after a fault.</summary>
    public Case? Read(YamlTree root)
    {
        MapReader map = new(values, root, root.Location, KeyPath.Root, "the examples: name, box, species, run");
        int dimension = ReadDimension(map);
        Box box = ReadBox(map, dimension);
        (ImmutableArray<Species> species, ImmutableArray<int> counts) = ReadSpecies(map);
        ImmutableArray<Zone> zones = ReadZones(map);
        Gas gas = new(box, species, zones);
        bool gasIsSound = CheckGas(gas, counts);
        string name = ReadName(map);
        ulong? seed = map.Optional("seed") is { } node ? values.Seed(node, map.PathOf("seed")) : 1;
        InitialData initial = _initial.Read(map, gas, counts, gasIsSound);
        RunPlan run = ReadRun(map);
        OutputPlan output = ReadOutput(map, gas, run, range => StructureIntervalOf(gas, counts, initial, range));
        map.Finish();
        return values.Faults.Count == 0
            ? new Case(name, seed ?? throw new InvalidOperationException("a fault is missing"), gas, counts, initial, run, output)
            : null;
    }

    private string ReadName(MapReader map)
    {
        string byFile = UnsafeNamePattern().Replace(Path.GetFileNameWithoutExtension(path), "-").TrimStart('.', '-', ' ');
        if (map.Optional("name") is not { } node)
        {
            return byFile.Length > 0 ? byFile : "case";
        }

        string? name = values.Text(node, map.PathOf("name"), "a word");
        if (name is not null && !IsSafeName(name))
        {
            values.Fault(map.PathOf("name"), node.Location, $"the name '{name}' cannot be used", NameOfFolderRule);
        }

        return name ?? byFile;
    }

    internal static bool IsSafeName(string name) =>
        name.Length is > 0 and <= 100 && !UnsafeNamePattern().IsMatch(name) && char.IsLetterOrDigit(name[0]) && name[^1] is not ('.' or ' ');

    private int ReadDimension(MapReader map)
    {
        if (map.Optional("dimensions") is not { } node)
        {
            return 3;
        }

        int? dimension = values.Whole(node, map.PathOf("dimensions"), "2 or 3");
        if (dimension is int value and not (2 or 3))
        {
            values.Fault(map.PathOf("dimensions"), node.Location, Invariant($"the dimension is {value}"), "give 2 or 3");
        }

        return dimension is 2 or 3 ? dimension.Value : 0;
    }

    // A dimension of 0 stands for one that could not be read: then the list of lengths tells.
    private Box ReadBox(MapReader map, int dimension)
    {
        YamlTree? node = map.Required("box", "box: { lengths: [1, 1, 1], boundary: periodic }");
        MapReader box = new(values, node, map.LocationOf("box"), map.PathOf("box"), "box: { lengths: [1, 1, 1], boundary: periodic }");
        YamlTree? lengthsNode = box.Required("lengths", "one side length per dimension, or one number for all");
        if (dimension == 0)
        {
            dimension = lengthsNode is YamlList { Items.Length: 2 } ? 2 : 3;
        }

        Vec3? lengths = null;
        KeyPath lengthsPath = box.PathOf("lengths");
        if (lengthsNode is YamlText)
        {
            double side = values.Number(lengthsNode, lengthsPath, "a length above 0, or a list of one per dimension");
            lengths = new Vec3(side, side, dimension == 3 ? side : 0);
        }
        else if (lengthsNode is not null)
        {
            lengths = values.Vector(lengthsNode, lengthsPath, dimension, "the side lengths of the box");
        }

        ImmutableArray<Boundary> boundaries = ReadBoundaries(box, dimension);
        box.Finish();
        Vec3 sides = lengths ?? new Vec3(double.NaN, double.NaN, dimension == 3 ? double.NaN : 0);
        return new Box(dimension, sides, boundaries[0], boundaries[1], dimension == 3 ? boundaries[2] : Boundary.Open);
    }

    private ImmutableArray<Boundary> ReadBoundaries(MapReader box, int dimension)
    {
        Boundary[] boundaries = new Boundary[dimension];
        YamlTree? node = box.Optional("boundary");
        KeyPath path = box.PathOf("boundary");
        if (node is YamlList list)
        {
            if (list.Items.Length != dimension)
            {
                values.Fault(
                    path, node.Location, Invariant($"'box.boundary' has {list.Items.Length} entries in {dimension} dimensions"),
                    Invariant($"give {dimension}, one per axis, or one word for all: {string.Join(", ", Boundaries.Keys)}"));
                return [.. boundaries];
            }

            for (int axis = 0; axis < dimension; axis++)
            {
                boundaries[axis] = values.Word(list.Items[axis], path.Item(axis), Boundaries) ?? Boundary.Periodic;
            }
        }
        else if (node is not null)
        {
            Array.Fill(boundaries, values.Word(node, path, Boundaries) ?? Boundary.Periodic);
        }

        return [.. boundaries];
    }

    private (ImmutableArray<Species> Species, ImmutableArray<int> Counts) ReadSpecies(MapReader map)
    {
        List<Species> species = [];
        List<int> counts = [];
        YamlTree? node = map.Required("species", $"a list of species, each like {SpeciesExample}");
        foreach ((YamlTree item, KeyPath path) in map.Items("species", node, "name", SpeciesExample))
        {
            MapReader reader = new(values, item, item.Location, path, SpeciesExample);
            YamlTree? nameNode = reader.Required("name", "a name such as A");
            string? name = nameNode is null ? null : ReadSpeciesName(nameNode, reader.PathOf("name"));
            int? count = reader.Whole("count", "a whole number of particles, 0 or more");
            double mass = reader.Number("mass", "a mass above 0");
            name ??= Invariant($"#{species.Count}");
            species.Add(SizeReader.Read(values, reader, name, mass, count)
                ?? new Species(name, mass, reader.Number("diameter", "a diameter above 0, or a distribution")));
            reader.Finish();
            counts.Add(count ?? -1);
        }

        return ([.. species], [.. counts]);
    }

    private string? ReadSpeciesName(YamlTree node, KeyPath path)
    {
        string? name = values.Text(node, path, "a name such as A");
        if (name is null || SpeciesKeys.IsName(name))
        {
            return name;
        }

        values.Fault(path, node.Location, $"the species name '{name}' cannot be used in column names", NameRule);
        return null;
    }

    private ImmutableArray<Zone> ReadZones(MapReader map)
    {
        List<Zone> zones = [];
        foreach ((YamlTree item, KeyPath path) in map.Items("zones", map.Optional("zones"), "order", ZoneExample))
        {
            MapReader reader = new(values, item, item.Location, path, ZoneExample);
            int? order = reader.Whole("order", "a whole number from 3 to 16");
            double distance = reader.Number("distance", "a distance above 0");
            reader.Finish();
            zones.Add(new Zone(order ?? -1 - zones.Count, distance));
        }

        return [.. zones];
    }

    private bool CheckGas(Gas gas, ImmutableArray<int> counts)
    {
        if (!gas.Species.IsEmpty || !values.IsFaulty("species"))
        {
            foreach (GasFault fault in GasValidation.Check(gas, counts))
            {
                values.Fault(fault);
            }
        }

        if (gas.HasOwnSizes && !gas.Zones.IsEmpty)
        {
            values.Fault(
                "zones", "interaction zones and particles with a distribution of sizes do not go together",
                "remove the zones, or give every species a diameter");
        }

        CheckPairNames(gas);
        return values.Faults.Count == 0;
    }

    // summary.json names pairs by joining the names of the species.
    private void CheckPairNames(Gas gas)
    {
        Dictionary<string, string> pairOf = [];
        for (int a = 0; a < gas.Species.Length; a++)
        {
            for (int b = a; b < gas.Species.Length; b++)
            {
                string pair = $"{gas.Species[a].Name} and {gas.Species[b].Name}";
                string key = SummaryKeys.Pair(gas, a, b);
                bool isOrder = gas.Zones.Any(z => SummaryKeys.Order(z.Order) == key);
                if ((isOrder || !pairOf.TryAdd(key, pair)) && gas.Species.Select(s => s.Name).Distinct().Count() == gas.Species.Length)
                {
                    values.Fault(
                        Invariant($"species[{b}].name"),
                        $"the collisions of {pair} would be named '{key}' in summary.json, like those of {(isOrder ? "a zone" : pairOf[key])}",
                        "choose other species names");
                    return;
                }
            }
        }
    }

    private RunPlan ReadRun(MapReader map)
    {
        const string Example = "run: { until: 1.0, sample: 0.01 }";
        YamlTree? node = map.Required("run", Example);
        MapReader run = new(values, node, map.LocationOf("run"), map.PathOf("run"), Example);
        double until = run.Number("until", "the simulation time at which the run ends, above 0");
        double equilibrate = run.NumberOrNull("equilibrate", "a time, 0 or more") ?? 0;
        double sample = run.NumberOrNull("sample", "a time interval above 0") ?? until / 100;
        double? checkpoint = run.NumberOrNull("checkpoint", "a time interval above 0");
        TimeList? times = TimesReader.Read(values, run, until);
        RefuseBoth(run, "sample", times);
        run.Finish();
        RequirePositive("run.until", "the end of the run", until);
        RequirePositive("run.sample", "the sampling interval", sample);
        RequirePositive("run.checkpoint", "the checkpoint interval", checkpoint);
        if (equilibrate < 0)
        {
            values.Fault("run.equilibrate", Invariant($"the time of equilibration is {equilibrate}"), "give a time, 0 or more");
        }
        else if (equilibrate >= until && until > 0)
        {
            values.Fault(
                "run.equilibrate", Invariant($"averages would start at {equilibrate}, and the run ends at {until}"),
                "give a time of equilibration below run.until");
        }

        LimitCount("run.sample", "rows of thermo.csv", until, sample);
        LimitCount("run.checkpoint", "checkpoints", until, checkpoint);
        return new RunPlan(equilibrate, until, sample, checkpoint) { Times = times };
    }

    private void RefuseBoth(MapReader map, string interval, TimeList? times)
    {
        if (times is not null && map.Optional(interval) is { } node)
        {
            values.Fault(map.PathOf(interval), node.Location, $"there are both '{interval}' and 'times'", "keep one of them");
        }
    }

    private double StructureIntervalOf(Gas gas, ImmutableArray<int> counts, InitialData initial, double range)
    {
        if (values.Faults.Count > 0 || initial.VelocitiesFromFile)
        {
            return 0;
        }

        double energy = initial.Velocities.Species
            .Select((v, a) => counts[a] * v.KineticTemperatureIn(gas.Box, gas.Species[a].Mass)).Sum();
        return StructureInterval.Of(gas, counts, energy / counts.Sum(n => (double)n), range);
    }

    private OutputPlan ReadOutput(MapReader map, Gas gas, RunPlan run, Func<double, double> structureInterval)
    {
        MapReader output = new(
            values, map.Optional("output"), map.LocationOf("output"), map.PathOf("output"), "output: { trajectory: { every: 0.1 } }");
        YamlTree? node = output.Optional("trajectory");
        MapReader trajectory = new(
            values, node, output.LocationOf("trajectory"), output.PathOf("trajectory"), "trajectory: { every: 0.1, format: extxyz }");
        TimeList? times = TimesReader.Read(values, trajectory, run.Until);
        RefuseBoth(trajectory, "every", times);
        double every = times is null ? trajectory.Number("every", "the time between two frames, above 0") : double.PositiveInfinity;
        TrajectoryFormat format = trajectory.Optional("format") is { } word
            ? values.Word(word, trajectory.PathOf("format"), Formats) ?? TrajectoryFormat.ExtXyz
            : TrajectoryFormat.ExtXyz;
        trajectory.Finish();
        OutputPlan plan = new(null, ReadEvents(output, run.Until))
        {
            Observables = new ObservableReader(values, gas, run, structureInterval).Read(output),
            Parquet = output.Optional("parquet") is { } parquet
                && (values.Word(parquet, output.PathOf("parquet"), InitialReader.Truths) ?? false),
        };
        output.Finish();
        if (node is not null)
        {
            RequirePositive("output.trajectory.every", "the time between two frames", every);
            LimitCount("output.trajectory.every", "frames", run.Until, every);
        }

        return node is null ? plan : plan with { Trajectory = new TrajectoryPlan(every, format) { Times = times } };
    }

    private EventPlan? ReadEvents(MapReader output, double until)
    {
        YamlTree? node = output.Optional("events");
        MapReader events = new(
            values, node, output.LocationOf("events"), output.PathOf("events"), "events: {} for all of them, or events: { from: 0.5, until: 0.6 }");
        double from = events.NumberOrNull("from", "a time, 0 or more") ?? 0;
        double? last = events.NumberOrNull("until", "a time after output.events.from");
        events.Finish();
        if (node is null)
        {
            return null;
        }

        if (from < 0)
        {
            values.Fault("output.events.from", Invariant($"the event log would start at {from}"), "give a time, 0 or more");
        }
        else if (from >= until && until > 0)
        {
            values.Fault(
                "output.events.from", Invariant($"the event log would start at {from}, and the run ends at {until}"),
                "give a time below run.until");
        }

        if (last <= from)
        {
            values.Fault(
                "output.events.until", Invariant($"the event log would end at {last}, and it starts at {from}"),
                "give a time after output.events.from");
        }

        return new EventPlan(from, last);
    }

    private void RequirePositive(string subject, string what, double? value)
    {
        if (value <= 0)
        {
            values.Fault(subject, Invariant($"{what} is {value}"), "give a number above 0");
        }
    }

    private void LimitCount(string subject, string what, double until, double? interval)
    {
        if (interval > 0 && until / interval > SampleCountMax)
        {
            values.Fault(
                subject, Invariant($"an interval of {interval} would give {until / interval:G3} {what}"),
                Invariant($"give an interval of at least {until / SampleCountMax:G3}"));
        }
    }

    [GeneratedRegex(@"[^\p{L}\p{Nd}_+. -]")]
    private static partial Regex UnsafeNamePattern();
}
