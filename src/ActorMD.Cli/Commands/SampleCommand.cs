using System.CommandLine;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Cases;
using ActorMD.Files.States;
using ActorMD.Kinetic.Estimates;
using ActorMD.Physics;
using ActorMD.Runs.Observables;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd sample CASE --out FILE</c>.</summary>
internal sealed class SampleCommand : CommandWithExamples
{
    private readonly Argument<string> _case = PathArgument.Create("CASE", "The case file.");

    private readonly Option<string> _out = new("--out")
    {
        Description = $"The file to write; its suffix is the format: {ParticleFile.Suffixes}.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<bool> _force = OutputFile.ForceOption();
    private readonly CaseOptions _caseOptions = new();

    public SampleCommand()
        : base("sample", "Draws the initial state of a case and writes it to a file.")
    {
        Arguments.Add(_case);
        Options.Add(_out);
        Options.Add(_force);
        _caseOptions.AddTo(this);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd sample examples/mixture.yaml --out mixture.extxyz",
        "actormd sample examples/mixture.yaml --seed 7 --out start.csv",
    ];

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        OutputFile.Check(path, parsed.GetValue(_force));
        CaseLoad load = _caseOptions.Load(parsed, parsed.GetRequiredValue(_case));
        using StopSignals signals = new();
        Expected expected = CaseOptions.Estimate(load.Case!, parsed.GetRequiredValue(_case), signals.Token);
        CostEstimate cost = expected.Cost(load.Case!) with { Collisions = null, Seconds = null }; // of a run: nothing is run here
        Console.Error.Write(new Listing().WithCost(cost));
        SystemState state = new RunView(Quiet: false, Json: true).BuildInitial(load, Environment.ProcessorCount, signals.Token);
        return OutputFile.Write(() => ParticleFile.Write(path, load.Case!.Gas, state));
    }
}
