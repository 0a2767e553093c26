using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorMD.Cli.Benchmarks;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd bench observables</c>.</summary>
internal sealed class BenchObservablesCommand : CommandWithExamples
{
    private readonly Option<string> _only = new("--only")
    {
        Description = "Name of the benchmark case.",
        DefaultValueFactory = _ => "fluid-32000",
    };

    private readonly Option<double> _collisions = new("--collisions")
    {
        Description = "Collisions per particle of each repeat.",
        DefaultValueFactory = _ => 20,
    };

    private readonly Option<int> _repeats = new("--repeats") { Description = "Repeats of each, in turn.", DefaultValueFactory = _ => 3 };

    private readonly Option<bool> _json = new("--json") { Description = "Prints the results as JSON." };

    public BenchObservablesCommand()
        : base("observables", "Measures what each observable adds to the time of a run on one thread, alone and together.")
    {
        Options.Add(_only);
        Options.Add(_collisions);
        Options.Add(_repeats);
        Options.Add(_json);
        SetAction(parsed =>
        {
            using StopSignals signals = new();
            return Run(parsed, signals.Token);
        });
    }

    public override IReadOnlyList<string> Examples => ["actormd bench observables", "actormd bench observables --only dense-4000 --json"];

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        string only = parsed.GetValue(_only)!;
        double collisions = parsed.GetValue(_collisions);
        int repeats = parsed.GetValue(_repeats);
        BenchCase? benchCase = BenchCase.All.FirstOrDefault(c => c.Name == only);
        string? fault = benchCase is null ? $"there is no benchmark case '{only}'"
            : repeats < 1 || !(collisions > 0) ? "--repeats and --collisions must be above 0"
            : null;
        if (fault is not null)
        {
            Console.Error.WriteLine(fault);
            return ExitCode.WrongInput;
        }

        bool isJson = parsed.GetValue(_json);
        List<ObservableBenchResult> results = [];
        if (!isJson)
        {
            Console.Out.WriteLine(
                $"{benchCase!.Name}: samples per mean free time, cost in percent of the run's processor time, and of its elapsed time "
                    + "with a core to spare, observables");
        }

        ObservableBench.Run(benchCase!, collisions, repeats, Show, stop);
        if (isJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(results, JsonStyle.Reflected));
        }

        return ExitCode.Done;

        void Show(ObservableBenchResult result)
        {
            results.Add(result);
            if (!isJson)
            {
                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.SamplesPerMeanFreeTime,8:F1} {100 * result.Cost,8:F1} {100 * result.CostApart,8:F1}  {result.Name}"));
            }
        }
    }
}
