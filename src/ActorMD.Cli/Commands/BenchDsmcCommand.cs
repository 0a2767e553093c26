using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorMD.Cli.Benchmarks;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using Spectre.Console;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd bench dsmc</c>.</summary>
internal sealed class BenchDsmcCommand : CommandWithExamples
{
    private readonly Option<string> _only = new("--only")
    {
        Description = "Only cases whose name contains this, such as collide or -10000.",
        DefaultValueFactory = _ => string.Empty,
    };

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "CPU seconds of each case's measurement, warm-up not included.",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Prints the results as JSON." };

    public BenchDsmcCommand()
        : base("dsmc", "Measures the kinetic solver: moves and candidates of collisions per second, on one thread.")
    {
        Options.Add(_only);
        Options.Add(_seconds);
        Options.Add(_json);
        SetAction(parsed =>
        {
            using StopSignals signals = new();
            return Run(parsed.GetValue(_only)!, parsed.GetValue(_seconds), parsed.GetValue(_json), signals.Token);
        });
    }

    public override IReadOnlyList<string> Examples => ["actormd bench dsmc", "actormd bench dsmc --only collide --json"];

    private static int Run(string only, double seconds, bool json, CancellationToken stop)
    {
        DsmcBenchCase[] cases = [.. DsmcBenchCase.All.Where(c => c.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        if (cases.Length == 0 || !(seconds > 0))
        {
            Console.Error.WriteLine(cases.Length == 0
                ? $"no case of the kinetic solver has '{only}' in its name"
                : string.Create(CultureInfo.InvariantCulture, $"--seconds {seconds}: a time above 0 is needed"));
            return ExitCode.WrongInput;
        }

        const double BytesPerParticle = 120, WarmUpSeconds = 1;
        Console.Error.WriteLine(
            CostListing.Of(cases.Length, BytesPerParticle * cases.Max(c => c.Count), cases.Length * (seconds + WarmUpSeconds)));
        DsmcBenchResult[] results = [.. cases.Select(c => DsmcBench.Run(c, seconds, stop))];
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(results, JsonStyle.Reflected));
            return ExitCode.Done;
        }

        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("case").NoWrap());
        foreach (string column in (string[])["moves/s", "cand./s", "coll./s", "accepted", "cand./move"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (DsmcBenchResult r in results)
        {
            table.AddRow(
                r.Name, Numbers.Rate(r.MovesPerSecond), Numbers.Rate(r.AttemptsPerSecond), Numbers.Rate(r.CollisionsPerSecond),
                Numbers.Share(r.AcceptedShare), Numbers.Short(r.AttemptsPerParticleStep));
        }

        AnsiConsole.Write(table);
        Console.Out.WriteLine(
            "moves: particles times whole steps; candidates and collisions: in the time of the collisions alone; one thread, user time");
        return ExitCode.Done;
    }
}
