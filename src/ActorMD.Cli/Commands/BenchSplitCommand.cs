using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorMD.Actors.Hosting;
using ActorMD.Cli.Benchmarks;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using ActorMD.Kinetic.Estimates;
using ActorMD.Protocol.Geometry;
using ActorMD.Runs.Simulations;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd bench split</c>.</summary>
internal sealed class BenchSplitCommand : CommandWithExamples
{
    private readonly Option<string> _only = new("--only")
    {
        Description = "Only cases whose name contains this.",
        DefaultValueFactory = _ => "fluid-256000",
    };

    private readonly Option<string> _domains = new("--domains")
    {
        Description = "Split of the box, PxQxR; 1x1x1: the threads share one domain.",
        DefaultValueFactory = _ => "1x1x1",
        HelpName = "PxQxR",
    };

    private readonly Option<string[]> _blocks = new("--blocks")
    {
        Description = "Counts, on one thread, the work of workers that share time slices over PxQxR blocks, instead of measuring. "
            + "More than one grid may be given.",
        HelpName = "PxQxR",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int[]> _depth = new("--depth")
    {
        Description = "Cells on either side of a face that are close to it (edges: twice, corners: three times as many); "
            + $"{BlockCount.ListedDepth} with lists of neighbours, else {BlockCount.GasDepth}.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double[]> _slice = new("--slice")
    {
        Description = $"Length of counted slices in units of one worker's; {BlockCount.ListedShare} with lists of neighbours, else 1.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _workers = new("--workers")
    {
        Description = "Threads.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<double> _collisions = new("--collisions")
    {
        Description = "Collisions per particle of each repeat.",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<int> _repeats = new("--repeats") { Description = "Repeats of each, in turn.", DefaultValueFactory = _ => 3 };

    private readonly Option<bool> _json = new("--json") { Description = "Prints the results as JSON." };

    public BenchSplitCommand()
        : base("split", "Measures the wall time of one thread against that of several, in turn, on the same stretch of a trajectory.")
    {
        Options.Add(_only);
        Options.Add(_domains);
        Options.Add(_blocks);
        Options.Add(_depth);
        Options.Add(_slice);
        Options.Add(_workers);
        Options.Add(_collisions);
        Options.Add(_repeats);
        Options.Add(_json);
        SetAction(parsed =>
        {
            using StopSignals signals = new();
            return Run(parsed, signals.Token);
        });
    }

    public override IReadOnlyList<string> Examples =>
        [
            "actormd bench split",
            "actormd bench split --only dense-1048576 --domains 2x1x1 --workers 2 --json",
            "actormd bench split --only fluid-1048576 --blocks 2x2x2 --collisions 2",
        ];

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        string only = parsed.GetValue(_only)!, domains = parsed.GetValue(_domains)!;
        BenchCase[] cases = [.. BenchCase.All.Where(c => c.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        if (parsed.GetValue(_blocks) is { Length: > 0 } blocks)
        {
            return Count(cases, only, blocks, parsed, stop);
        }

        int workers = parsed.GetValue(_workers), repeats = parsed.GetValue(_repeats);
        double collisions = parsed.GetValue(_collisions);
        string? fault = cases.Length == 0 ? $"no benchmark case has '{only}' in its name"
            : !Split.TryParse(domains, out Split split) ? $"--domains {domains}: this is no split; give counts per axis such as 2x1x1"
            : split.Count * workers < 2
                ? "one thread in one domain is what the others are compared with: give more --workers or --domains"
            : workers < 1 || repeats < 1 || !(collisions > 0) ? "--workers, --repeats and --collisions must be above 0"
            : cases.FirstOrDefault(c => Enumerable.Range(0, 3).Any(axis => split[axis] > DomainRoom.MostAlong(c.Gas, axis))) is { } small
                ? $"{small.Name} has no room for {domains} domains"
            : null;
        if (fault is not null)
        {
            Console.Error.WriteLine(fault);
            return ExitCode.WrongInput;
        }

        Split.TryParse(domains, out Split plan);
        CostEstimate[] costs = [.. cases.Select(c => c.Cost((1 + 2 * repeats) * collisions))];
        Console.Error.WriteLine(CostListing.Of(cases.Length, costs.Max(c => c.MemoryBytes), costs.Sum(c => c.Seconds!.Value)));
        List<SplitBenchResult> results = [];
        foreach (BenchCase benchCase in cases)
        {
            Console.Error.WriteLine($"{benchCase.Name} ({results.Count + 1} of {cases.Length}) ...");
            SplitBenchResult r = SplitBench.Run(benchCase, PlanOf(plan, workers), collisions, repeats, stop);
            results.Add(r);
            if (!parsed.GetValue(_json))
            {
                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{r.Name}: one thread {Seconds(r.SerialSeconds)} s, {r.Domains} on {r.Workers} threads {Seconds(r.SplitSeconds)} s: {r.SpeedUp:F2} times as fast; CPU time {r.CpuRatio:F2} times, {Details(r)}, events undone {100 * r.UndoneFraction:F1} percent; {(r.HasSameDigest ? "same digest" : "DIFFERENT DIGESTS")}"));
            }
        }

        if (parsed.GetValue(_json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(results, JsonStyle.Reflected));
        }

        return results.All(r => r.HasSameDigest) ? ExitCode.Done : ExitCode.PhysicsViolated;
    }

    private int Count(BenchCase[] cases, string only, string[] blocks, ParseResult parsed, CancellationToken stop)
    {
        int[] depths = parsed.GetValue(_depth) ?? [];
        double[] shares = parsed.GetValue(_slice) ?? [];
        double collisions = parsed.GetValue(_collisions);
        string? fault = cases.Length == 0 ? $"no benchmark case has '{only}' in its name"
            : blocks.FirstOrDefault(text => !Split.TryParse(text, out Split _)) is { } wrong
                ? $"--blocks {wrong}: this is no grid of blocks; give counts per axis such as 2x2x1"
            : depths.Any(depth => depth < 1) ? "--depth must be at least 1"
            : shares.Any(share => !(share > 0 && share <= 10)) ? "--slice must be above 0 and at most 10"
            : !(collisions > 0) ? "--collisions must be above 0"
            : null;
        if (fault is not null)
        {
            Console.Error.WriteLine(fault);
            return ExitCode.WrongInput;
        }

        Split[] grids = [.. blocks.Select(text => Split.TryParse(text, out Split grid) ? grid : default)];
        List<BlockCountResult> results = [];
        foreach (BenchCase benchCase in cases)
        {
            Console.Error.WriteLine($"{benchCase.Name} ...");
            foreach (BlockCountResult result in BlockCount.Run(benchCase, grids, depths, shares, collisions, stop))
            {
                results.Add(result);
                if (!parsed.GetValue(_json))
                {
                    BlockCountListing.Print(Console.Out, result);
                }
            }
        }

        if (parsed.GetValue(_json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(results, JsonStyle.Reflected));
        }

        return results.All(result => result.Work is not null) ? ExitCode.Done : ExitCode.WrongInput;
    }

    private static ExecutionPlan PlanOf(Split split, int workers) =>
        split.Count == 1 ? new ExecutionPlan(split, workers)
        : new ActorExecution(split, workers);

    private static string Details(SplitBenchResult r) =>
        r.Slices > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{r.Slices} slices, {r.VoidSlices} run again, {r.SentBytes / 1e6 / r.Slices:F2} MB sent in each")
            : $"{r.SharedSlices} shared slices, {r.RolledBackSlices} rolled back, "
                + $"{Percent(r.StripEventFraction)} of events in strips, {Percent(r.DeferredFraction)} deferred";

    private static string Percent(double fraction) => (100 * fraction).ToString("F2", CultureInfo.InvariantCulture) + " percent";

    private static string Seconds(IEnumerable<double> values) =>
        string.Join(", ", values.Select(value => value.ToString("F2", CultureInfo.InvariantCulture)));
}
