using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorMD.Cli.Benchmarks;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Engine.Execution;
using ActorMD.Files.Inputs;
using ActorMD.Kinetic.Estimates;
using Spectre.Console;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd bench</c>.</summary>
internal sealed class BenchCommand : CommandWithExamples
{
    private const int TableWidth = 150;

    private readonly Option<int> _countMax = new("--max")
    {
        Description = $"Only cases with at most this many particles; 20000000 adds the largest (8 GiB of memory), --all means "
            + $"{BenchCase.CountMaxTable}.",
        DefaultValueFactory = _ => BenchCase.CountMaxShort,
    };

    private readonly Option<bool> _all = new("--all") { Description = "All cases but the one of 20 million particles: some ten minutes." };

    private readonly Option<string> _only = new("--only")
    {
        Description = "Only cases whose name contains this, such as dense or -4000.",
        DefaultValueFactory = _ => string.Empty,
    };

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "CPU seconds of each case's measurement, warm-up not included; more where a repeat needs them "
            + "for a whole time slice.",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<int> _repeats = new("--repeats")
    {
        Description = "Parts into which a measurement is divided: their median and spread are shown.",
        DefaultValueFactory = _ => 7,
    };

    private readonly Option<bool> _cells = new("--cells")
    {
        Description = "Measure the event loop of open sides, with linked cells and a calendar, in the same cases.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Prints the results as JSON." };

    public BenchCommand()
        : base("bench", "Measures collisions per CPU second of built-in cases, from dense fluids to the Boltzmann-Grad scaling.")
    {
        Subcommands.Add(new BenchDsmcCommand());
        Subcommands.Add(new BenchSplitCommand());
        Subcommands.Add(new BenchObservablesCommand());
        Options.Add(_countMax);
        Options.Add(_all);
        Options.Add(_only);
        Options.Add(_seconds);
        Options.Add(_repeats);
        Options.Add(_cells);
        Options.Add(_json);
        SetAction(parsed =>
        {
            using StopSignals signals = new();
            int countMax = Math.Max(parsed.GetValue(_countMax), parsed.GetValue(_all) ? BenchCase.CountMaxTable : 0);
            return Run(
                countMax, parsed.GetValue(_only)!, parsed.GetValue(_seconds), parsed.GetValue(_repeats),
                parsed.GetValue(_cells) ? SearchMethod.Cells : SearchMethod.Automatic, parsed.GetValue(_json), signals.Token);
        });
    }

    public override IReadOnlyList<string> Examples =>
        ["actormd bench", "actormd bench --only dense --max 32000", "actormd bench --all --json > bench.json"];

    private static int Run(
        int countMax, string only, double seconds, int repeatCount, SearchMethod method, bool json, CancellationToken stop)
    {
        BenchCase[] cases =
            [.. BenchCase.All.Where(c => c.ParticleCount <= countMax && c.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        string? fault = cases.Length == 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"no benchmark case up to {countMax} particles has '{only}' in its name; --max sets the limit")
            : !(seconds > 0) ? string.Create(CultureInfo.InvariantCulture, $"--seconds {seconds}: a time above 0 is needed")
            : repeatCount < 1 ? string.Create(CultureInfo.InvariantCulture, $"--repeats {repeatCount}: at least 1 is needed")
            : null;
        if (fault is not null)
        {
            Console.Error.WriteLine(fault);
            return ExitCode.WrongInput;
        }

        CostEstimate[] warmUps = [.. cases.Select(c => c.Cost(0))];
        Console.Error.WriteLine(
            CostListing.Of(cases.Length, warmUps.Max(c => c.MemoryBytes), warmUps.Sum(c => seconds + c.Seconds!.Value)));
        List<BenchResult> results = [];
        foreach (BenchCase benchCase in cases)
        {
            Console.Error.Write($"{benchCase.Name} ({results.Count + 1} of {cases.Length}): ");
            BenchResult result = BenchRunner.Run(benchCase, seconds, repeatCount, method, stop);
            Console.Error.WriteLine($"{Fixed(result.CollisionsPerCpuSecond / 1000, 0)} thousand collisions per CPU second");
            results.Add(result);
        }

        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(results, JsonStyle.Reflected));
        }
        else
        {
            Print(results);
        }

        return ExitCode.Done;
    }

    private static void Print(IEnumerable<BenchResult> results)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("case").NoWrap());
        foreach (string column in (string[])
            ["1000 coll./CPU s", "slowest - fastest", "crossings", "predictions", "candidates", "bytes/particle", "Z", "start (s)"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (BenchResult r in results)
        {
            table.AddRow(
                r.Name,
                Fixed(r.CollisionsPerCpuSecond / 1000, 0),
                $"{Fixed(r.Slowest / 1000, 0)} - {Fixed(r.Fastest / 1000, 0)}",
                Fixed(r.CrossingsPerCollision, 2),
                Fixed(r.PredictionsPerCollision, 2),
                Fixed(r.CandidatesPerCollision, 1),
                Fixed(r.BytesPerParticle, 0),
                Fixed(r.Z, 3),
                Fixed(r.StartSeconds, 2));
        }

        // A redirected output has no width of its own; a wrapped table cannot be read.
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, TableWidth);
        AnsiConsole.Write(table);
        Console.Out.WriteLine("crossings, predictions and candidates are per collision; one thread, user time");
    }

    private static string Fixed(double value, int digits) =>
        value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
