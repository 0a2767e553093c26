using System.Collections.Immutable;
using System.CommandLine;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Scalings;
using ActorMD.Physics;
using Spectre.Console;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd scale</c>.</summary>
internal sealed class ScaleCommand : CommandWithExamples
{
    private const int CaseMeanFreeTimes = 10;
    private const int CaseSampleCount = 20;

    // A pipe has no width of its own; tables must not be broken to fit one.
    private const int RedirectedWidth = 160;

    private readonly Argument<string?> _case = new("CASE")
    {
        Description = "A case file whose scales are wanted, instead of --species or --order.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _species = new("--species")
    {
        Description = "What is known of a species in N eps^(d-1) = c. Keys: count, diameter, c, b (diameter over that of the last "
            + "species), mass, temperature. Repeat for a mixture.",
        HelpName = "NAME,key=value,...",
    };

    private readonly Option<string[]> _orders = new("--order")
    {
        Description = "What is known of order K = l+1 in N^l eps^(ld-1) = c. Keys: c, distance. Repeat; order 2 is the sphere itself.",
        HelpName = "K,key=value,...",
    };

    private readonly Option<string?> _count = new("--count") { Description = "N, for --order.", HelpName = "N" };
    private readonly Option<string> _dimension = new("--dimension")
    {
        Description = "2 or 3.",
        DefaultValueFactory = _ => "3",
        HelpName = "d",
    };
    private readonly Option<string> _volume = new("--volume")
    {
        Description = "Of the box.",
        DefaultValueFactory = _ => "1",
        HelpName = "V",
    };

    private readonly Option<string> _temperature = new("--temperature")
    {
        Description = "Of species that have none of their own.",
        DefaultValueFactory = _ => "1",
        HelpName = "T",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON instead of tables." };

    private readonly Option<string?> _csv = new("--csv")
    {
        Description = "Write the full tables of species and pairs as CSV into this folder; those of many species are summed up on screen.",
        HelpName = "DIR",
    };
    private readonly Option<string?> _ladder = new("--ladder")
    {
        Description = "Write the solved gas with these total numbers of particles, limit constants kept, and a study of convergence.",
        HelpName = "N,N,...",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "Folder of the ladder.",
        DefaultValueFactory = _ => "ladder",
        HelpName = "DIR",
    };

    private readonly Option<bool> _asCase = new("--case") { Description = "Print a case file of the solved gas instead of tables." };

    public ScaleCommand()
        : base("scale", "Solves the scalings: counts, diameters, zones, limit constants, mean free paths, collision rates.")
    {
        Arguments.Add(_case);
        Options.Add(_species);
        Options.Add(_orders);
        Options.Add(_count);
        Options.Add(_dimension);
        Options.Add(_volume);
        Options.Add(_temperature);
        Options.Add(_json);
        Options.Add(_csv);
        Options.Add(_asCase);
        Options.Add(_ladder);
        Options.Add(_out);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd scale --species A,c=1,b=0.7 --species B,c=1,count=4000,mass=4",
        "actormd scale --count 10000 --order 2,c=0.2 --order 3,c=0.05 --order 4,c=0.33",
        "actormd scale --species A,count=1000,c=1 --dimension 2 --case > disks.yaml",
        "actormd scale examples/mixture.yaml --json",
        "actormd scale examples/density-wave.yaml --ladder 1500,3000,6000,12000 --out ladders/wave",
    ];

    private int Run(ParseResult parsed)
    {
        ScaledCase scaled = Solve(parsed);
        if (scaled.Counts.Sum(count => (long)count) is var total and (> int.MaxValue or < 1))
        {
            throw Fault(
                "actormd scale", $"the gas would have {Numbers.Count(total)} particles",
                FormattableString.Invariant($"1 to {int.MaxValue} can be simulated: give other counts or constants"));
        }

        if (parsed.GetValue(_asCase))
        {
            string text = CaseFile.Write(AsCase(scaled));
            CaseLoad load = CaseFile.Parse(text, "(the solved case)", []);
            if (load.Case is null)
            {
                throw new InputFaultException(load.Faults);
            }

            Console.Out.Write(text);
            return ExitCode.Done;
        }

        if (parsed.GetValue(_ladder) is { } ladder)
        {
            Case @case = parsed.GetValue(_case) is { } path ? CaseFile.Load(path, []).Case! : AsCase(scaled);
            LadderFiles.Write(@case, LadderCounts(ladder), parsed.GetRequiredValue(_out), Console.Out, Console.Error);
            return ExitCode.Done;
        }

        using StopSignals signals = new();
        GasScales scales = GasScales.Of(scaled.Gas, scaled.Counts, scaled.Temperatures, cancellation: signals.Token);
        if (parsed.GetValue(_csv) is { } directory)
        {
            ScaleTables.Write(RunFolder.Make(directory).Directory, scaled.Gas, scales);
        }

        if (parsed.GetValue(_json))
        {
            Console.Out.WriteLine(ScaleReport.ToJson(scaled.Gas, scaled.Counts, scales));
        }
        else
        {
            if (Console.IsOutputRedirected)
            {
                AnsiConsole.Profile.Width = RedirectedWidth;
            }

            AnsiConsole.Write(ScaleReport.ToTables(scaled.Gas, scaled.Counts, scales));
        }

        return ExitCode.Done;
    }

    private static ImmutableArray<int> LadderCounts(string text)
    {
        ImmutableArray<int> counts = [.. text.Split(',').Select(part => Quantities.Whole("--ladder", part.Trim()))];
        return counts.Length >= 2 && counts[0] >= 10 && counts.Zip(counts.Skip(1)).All(pair => pair.First < pair.Second)
            ? counts
            : throw Fault(
                "--ladder", $"'{text}' is no ladder", "give two rising numbers of particles or more, of 10 and up: 1000,3000,10000");
    }

    private ScaledCase Solve(ParseResult parsed)
    {
        string[] species = parsed.GetValue(_species) ?? [], orders = parsed.GetValue(_orders) ?? [];
        string? path = parsed.GetValue(_case);
        if ((path is null ? 0 : 1) + Math.Min(species.Length, 1) + Math.Min(orders.Length, 1) != 1)
        {
            throw Fault(
                "actormd scale", "one kind of gas is needed: a case file, --species or --order",
                "see 'actormd scale --help' for examples");
        }

        double temperature = Quantities.Number("--temperature", parsed.GetValue(_temperature)!);
        if (!(temperature > 0))
        {
            throw Fault("--temperature", FormattableString.Invariant($"the temperature is {temperature}"), "give a number above 0");
        }

        if (path is not null)
        {
            return OfCase(path, temperature);
        }

        int dimension = Quantities.Whole("--dimension", parsed.GetValue(_dimension)!);
        double volume = Quantities.Number("--volume", parsed.GetValue(_volume)!);
        try
        {
            return species.Length > 0
                ? OfMixture([.. species.Select(s => Quantities.Parse("--species", s))], dimension, volume, temperature)
                : OfOrders(
                    [.. orders.Select(o => Quantities.Parse("--order", o))], parsed.GetValue(_count), dimension, volume, temperature);
        }
        catch (ScalingException error)
        {
            throw Fault("actormd scale", error.Message, "see 'actormd scale --help' for examples");
        }
        catch (OverflowException)
        {
            throw Fault(
                "actormd scale", "the numbers lead to a gas that is too large to be counted", "give smaller counts, constants or volumes");
        }
    }

    private static ScaledCase OfCase(string path, double temperature)
    {
        CaseLoad load = CaseFile.Load(path, []);
        Case @case = load.Case ?? throw new InputFaultException(load.Faults);
        ImmutableArray<double> temperatures = [.. @case.Initial.Velocities.Species
            .Select((v, a) => v.KineticTemperatureIn(@case.Gas.Box, @case.Gas.Species[a].Mass))];
        return new ScaledCase(
            @case.Gas, @case.Counts, temperatures.Any(t => t > 0) ? temperatures : [.. temperatures.Select(_ => temperature)]);
    }

    private static ScaledCase OfMixture(ImmutableArray<Quantities> species, int dimension, double volume, double temperature)
    {
        ImmutableArray<MixtureMember> members =
        [
            .. species.Select(s => new MixtureMember(
                s.Name, s.Take("mass") ?? 1, s.Take("count"), s.Take("diameter"), s.Take("c"), s.Take("b"))),
        ];
        ImmutableArray<double> temperatures = [.. species.Select(s => s.Take("temperature") ?? temperature)];
        if (species.Select(s => s.Name).Distinct().Count() < species.Length)
        {
            throw Fault("--species", "two species have the same name", "give each species a name of its own");
        }

        Quantities.ThrowIfLeft(species, "count, diameter, c, b, mass, temperature");
        if (temperatures.Any(t => t < 0) || !temperatures.Any(t => t > 0))
        {
            throw Fault("--species", "the temperatures are below 0, or all 0", "give temperatures of 0 or more, one of them above 0");
        }

        ScaledGas solved = MixtureScaling.Solve(dimension, members, volume);
        return new ScaledCase(solved.Gas, solved.Counts, temperatures);
    }

    private static ScaledCase OfOrders(
        ImmutableArray<Quantities> orders, string? count, int dimension, double volume, double temperature)
    {
        ImmutableArray<ScaledOrder> known =
        [
            .. orders.Select(o => new ScaledOrder(Quantities.Whole("--order", o.Name), o.Take("c"), o.Take("distance"))),
        ];
        Quantities.ThrowIfLeft(orders, "c, distance");
        ScaledGas solved = HigherOrderScaling.Solve(
            dimension, known, count is null ? null : Quantities.Number("--count", count), volume);
        return new ScaledCase(solved.Gas, solved.Counts, [temperature]);
    }

    private static Case AsCase(ScaledCase scaled)
    {
        GasScales scales = GasScales.Of(scaled.Gas, scaled.Counts, scaled.Temperatures);
        double meanFreeTime = scales.Species.Max(s => s.MeanFreeTime) ?? 1;
        double until = Math.ScaleB(1, Math.ILogB(CaseMeanFreeTimes * meanFreeTime));
        return new Case(
            "scaled",
            Seed: 1,
            scaled.Gas,
            scaled.Counts,
            new InitialData(
                new PositionPlan(PositionMethod.Conditioned),
                new VelocityPlan(
                    [.. scaled.Temperatures.Select(t => new Maxwellian(t, Vec3.Zero))],
                    TotalMomentum: scaled.Counts.Sum() > 1 ? Vec3.Zero : null)),
            new RunPlan(Equilibrate: 0, until, until / CaseSampleCount, Checkpoint: null),
            new OutputPlan(Trajectory: null));
    }

    private static InputFaultException Fault(string source, string problem, string remedy) =>
        new(new InputFault(source, null, null, problem, remedy));

    private sealed record ScaledCase(Gas Gas, ImmutableArray<int> Counts, ImmutableArray<double> Temperatures);
}
