using System.Collections.Immutable;
using System.Text;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Yaml;
using static System.FormattableString;

namespace ActorMD.Files.Studies;

/// <summary>Reads convergence studies: YAML in, a validated <see cref="Study"/> out.</summary>
public static class StudyFile
{
    private const string CaseExample = "case: ../density-wave.yaml";

    private const int ParticlesPerCellMin = 20;

    private static readonly ImmutableArray<int> LadderDefault = [1000, 3162, 10_000, 31_623, 100_000];

    private static readonly Dictionary<string, int> Axes = new() { ["x"] = 0, ["y"] = 1, ["z"] = 2 };

    /// <summary>The study.</summary>
    /// <exception cref="InputFaultException">Everything that is wrong with it, or with its case.</exception>
    public static Study Load(string path) => Load<Study>(
        path, "the examples in examples/studies/", (map, name, seed, reading) => Read(map, path, name, seed, reading));

    /// <summary>Reads a study of any kind.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="example">A file that shows how to write one.</param>
    /// <param name="read">Reads what its kind has besides name and seed; null if that is wrong.</param>
    /// <exception cref="InputFaultException">Everything that is wrong with it, or with its case.</exception>
    internal static T Load<T>(string path, string example, Func<MapReader, string, ulong, ValueReader, T?> read)
        where T : class
    {
        ValueReader reading = new(path);
        T? study = null;
        if (YamlTreeReader.Read(ReadText(path), line => new SourceLocation(path, line), reading.Faults) is { } root)
        {
            MapReader map = new(reading, root, root.Location, KeyPath.Root, example);
            string? given = map.Optional("name") is { } node ? ReadName(node, map, reading) : null;
            string name = given ?? Path.GetFileNameWithoutExtension(path);
            ulong seed = map.Optional("seed") is { } seedNode ? reading.Seed(seedNode, map.PathOf("seed")) ?? 1 : 1;
            study = read(map, name, seed, reading);
        }

        return reading.Faults.Count == 0 && study is not null ? study : throw new InputFaultException([.. reading.Faults]);
    }

    private static string ReadText(string path)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new InputFaultException(new InputFault(
                path, null, null, $"the study cannot be read: {error.Message.TrimEnd('.')}", "give the path of a study; examples are in examples/studies/"));
        }
    }

    private static Study? Read(MapReader map, string path, string name, ulong seed, ValueReader reading)
    {
        (Case? @case, string casePath) = ReadCase(map, path, reading);
        ImmutableArray<double> times = ReadTimes(map, "at time 0 both systems have the same initial data", reading);
        YamlTree? ladderNode = map.Optional("ladder");
        ImmutableArray<int> ladder = ladderNode is null ? LadderDefault : ReadLadder(map, ladderNode, reading);

        MapReader bins = new(reading, map.Optional("bins"), map.LocationOf("bins"), map.PathOf("bins"), "bins: { axis: x, count: 16 }");
        int axis = bins.Optional("axis") is { } axisNode ? reading.Word(axisNode, bins.PathOf("axis"), Axes) ?? 0 : 0;
        int binCount = Whole(bins, "count", 16, 2, reading);
        bins.Finish();
        if (axis >= @case?.Gas.Dimension)
        {
            reading.Fault(bins.PathOf("axis"), bins.LocationOf("axis"), "there is no axis z in two dimensions", "give x or y");
        }

        MapReader replicas = new(
            reading, map.Optional("replicas"), map.LocationOf("replicas"), map.PathOf("replicas"), "replicas: { min: 16, max: 400, particles: 10000000 }");
        int replicaMin = Whole(replicas, "min", 16, 4, reading);
        int replicaMax = Whole(replicas, "max", 1000, replicaMin, reading);
        int replicaParticles = Whole(replicas, "particles", 10_000_000, 1, reading);
        replicas.Finish();

        MapReader reference = new(
            reading, map.Optional("reference"), map.LocationOf("reference"), map.PathOf("reference"), "reference: { runs: 8, particles: 400000 }");
        int runs = Whole(reference, "runs", 8, 2, reading);
        int particles = Whole(reference, "particles", 400_000, 1000, reading);
        int cells = Whole(reference, "cells", 0, 0, reading);
        reference.Finish();
        if (cells > 0 && particles / cells < ParticlesPerCellMin)
        {
            reading.Fault(
                reference.PathOf("cells"), reference.LocationOf("cells"),
                Invariant($"{cells} cells for {particles} particles of the kinetic solver leave {particles / cells} for each"),
                Invariant($"give at most {particles / ParticlesPerCellMin} cells, or more particles"));
        }

        map.Finish();
        if (@case?.Initial.Velocities.Rescale == true)
        {
            reading.Fault(
                map.PathOf("case"), map.LocationOf("case"), "scaled velocities (initial.rescale) are no independent draws of the initial law, which a study is about",
                "remove initial.rescale from the case");
        }

        return @case is null || reading.Faults.Count > 0
            ? null
            : new Study(name, seed, @case, casePath, ladder, times, axis, binCount, replicaMin, replicaMax, replicaParticles, runs, particles)
            {
                ReferenceCells = cells,
            };
    }

    /// <summary>Whether the file of a study has a key: tells the kinds of studies.</summary>
    /// <exception cref="InputFaultException">It cannot be read.</exception>
    internal static bool Has(string path, string key) =>
        YamlTreeReader.Read(ReadText(path), line => new SourceLocation(path, line), []) is YamlMap map && map.Find(key) is not null;

    /// <summary>Times above 0 that rise.</summary>
    internal static ImmutableArray<double> ReadTimes(MapReader map, string ofZero, ValueReader reading)
    {
        ImmutableArray<double> times = Numbers(map, "times", map.Required("times", "a list of rising times, such as [0.05, 0.1]"), reading);
        CheckRising(map, "times", times, reading);
        if (times.Any(t => t <= 0))
        {
            reading.Fault(map.PathOf("times"), map.LocationOf("times"), "a time is not above 0", ofZero);
        }

        return times;
    }

    /// <summary>Two numbers of particles or more that rise.</summary>
    internal static ImmutableArray<int> ReadLadder(MapReader map, YamlTree? node, ValueReader reading)
    {
        ImmutableArray<int> ladder =
            [.. Numbers(map, "ladder", node, reading).Select(n => n is >= 10 and <= int.MaxValue && Math.Floor(n) == n ? (int)n : -1)];
        if (node is not null && (ladder.Any(n => n < 0) || ladder.Length < 2))
        {
            reading.Fault(map.PathOf("ladder"), map.LocationOf("ladder"), "the ladder has too few rungs, or one that is no number of particles", "give two whole numbers or more, of 10 and up");
        }

        CheckRising(map, "ladder", [.. ladder.Select(n => (double)n)], reading);
        return ladder;
    }

    /// <summary>A name that can be that of a folder.</summary>
    private static string? ReadName(YamlTree node, MapReader map, ValueReader reading)
    {
        string? name = reading.Text(node, map.PathOf("name"), "a word");
        if (name is not null && !CaseReader.IsSafeName(name))
        {
            reading.Fault(map.PathOf("name"), node.Location, $"the name '{name}' cannot be used", CaseReader.NameOfFolderRule);
        }

        return name;
    }

    /// <summary>The case of a study: a path relative to it, or the case itself.</summary>
    internal static (Case? Case, string Path) ReadCase(MapReader map, string path, ValueReader reading)
    {
        YamlTree? node = map.Required("case", "the path of a case file relative to the study: " + CaseExample);
        if (node is YamlMap inline)
        {
            return (ReadCase(inline, path, reading), path);
        }

        string? relative = node is null ? null : reading.Text(node, map.PathOf("case"), "a path: " + CaseExample);
        if (relative is null)
        {
            return (null, "");
        }

        return LoadCase(relative, path, reading);
    }

    /// <summary>A case that stands in the study itself.</summary>
    internal static Case? ReadCase(YamlMap node, string path, ValueReader reading)
    {
        ValueReader own = new(path);
        Case? @case = new CaseReader(own, path, readParticles: false).Read(node);
        reading.Faults.AddRange(own.Faults);
        ThrowOutSizes(@case, path, reading);
        return @case;
    }

    // The theorems are about species with one mass and diameter each, and so are the solvers of the equations.
    private static void ThrowOutSizes(Case? @case, string path, ValueReader reading)
    {
        if (@case?.Gas.HasOwnSizes == true)
        {
            reading.Faults.Add(new InputFault(
                path, null, "species", "a study needs species of one mass and diameter each, and the case has a distribution of sizes",
                "give every species a diameter, or use 'actormd run'"));
        }
    }

    /// <summary>A case by its path relative to the study.</summary>
    internal static (Case? Case, string Path) LoadCase(string relative, string path, ValueReader reading)
    {
        if (PathCheck.Problem(relative) is { } problem)
        {
            reading.Faults.Add(new InputFault(path, null, "case", problem, "give the path of a case file relative to the study"));
            return (null, "");
        }

        string casePath = Path.GetFullPath(relative, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        CaseLoad load = CaseFile.Load(casePath, []);
        reading.Faults.AddRange(load.Faults);
        ThrowOutSizes(load.Case, casePath, reading);
        return (load.Case, casePath);
    }

    internal static ImmutableArray<double> Numbers(MapReader map, string key, YamlTree? node, ValueReader reading)
    {
        KeyPath path = map.PathOf(key);
        if (node is not (null or YamlList { Items.Length: > 0 }))
        {
            reading.Fault(path, node.Location, $"'{key}' is {node.Kind}, not a list of numbers", $"write it like {key}: [0.05, 0.1]");
        }

        return node is YamlList list ? [.. list.Items.Select((item, n) => reading.Number(item, path.Item(n), "a number"))] : [];
    }

    internal static void CheckRising(MapReader map, string key, ImmutableArray<double> values, ValueReader reading)
    {
        if (values.Zip(values.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            reading.Fault(map.PathOf(key), map.LocationOf(key), $"'{key}' does not rise", "sort the numbers; each must be larger than the last");
        }
    }

    internal static int Whole(MapReader map, string key, int normal, int least, ValueReader reading)
    {
        string expected = Invariant($"a whole number, at least {least}");
        if (map.Optional(key) is not { } node || reading.Whole(node, map.PathOf(key), expected) is not { } value)
        {
            return Math.Max(normal, least);
        }

        if (value < least)
        {
            reading.Fault(map.PathOf(key), node.Location, Invariant($"'{key}' is {value}"), $"give {expected}");
        }

        return value;
    }
}
