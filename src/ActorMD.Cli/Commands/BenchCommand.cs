using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMD.Runtime;
using Spectre.Console;

namespace ActorMD.Cli;

/// <summary><c>actormd bench</c>.</summary>
internal sealed class BenchCommand : CommandWithExamples
{
    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.Strict };

    private const int TableWidth = 132;

    private readonly Option<int> _countMax = new("--max")
    {
        Description = "Largest number of particles.",
        DefaultValueFactory = _ => 256_000,
    };

    private readonly Option<string> _only = new("--only")
    {
        Description = "Only cases whose name contains this, such as dense or -4000.",
        DefaultValueFactory = _ => string.Empty,
    };

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "CPU seconds of each measurement, warm-up not included.",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Prints the results as JSON." };

    public BenchCommand()
        : base("bench", "Measures collisions per CPU second of the built-in cases, from dense fluids to the Boltzmann-Grad scaling.")
    {
        Options.Add(_countMax);
        Options.Add(_only);
        Options.Add(_seconds);
        Options.Add(_json);
        SetAction((parsed, stop) => Task.FromResult(Run(
            parsed.GetValue(_countMax), parsed.GetValue(_only)!, parsed.GetValue(_seconds), parsed.GetValue(_json), stop)));
    }

    public override IReadOnlyList<string> Examples =>
        ["actormd bench", "actormd bench --only dense --max 32000", "actormd bench --max 1048576 --seconds 10 --json > bench.json"];

    private static int Run(int countMax, string only, double seconds, bool json, CancellationToken stop)
    {
        BenchCase[] cases = [.. BenchCase.All(countMax).Where(c => c.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        if (cases.Length == 0 || !(seconds > 0))
        {
            Console.Error.WriteLine(cases.Length == 0
                ? $"no benchmark case up to {countMax} particles has '{only}' in its name; the smallest cases have 4000"
                : $"--seconds {seconds}: a time above 0 is needed");
            return ExitCode.WrongInput;
        }

        List<BenchResult> results = [];
        foreach (BenchCase benchCase in cases)
        {
            Console.Error.WriteLine($"measuring {benchCase.Name} ({results.Count + 1} of {cases.Length})");
            results.Add(BenchRunner.Run(benchCase, seconds, stop));
        }

        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(results, Format));
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
        table.AddColumn("case");
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
        value.ToString("F" + digits.ToString(System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
