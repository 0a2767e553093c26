using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Estimates;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Sessions;
using ActorMD.Studies.Boltzmann;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd boltzmann CASE.yaml</c>.</summary>
internal sealed class BoltzmannCommand : CommandWithExamples
{
    private readonly ComputationOptions _computation = new("boltzmann");

    private readonly Option<string> _runs = new("--runs")
    {
        Description = "Independent runs: their mean is the result, their scatter its error bar.",
        DefaultValueFactory = _ => "4",
        HelpName = "R",
    };

    private readonly Option<string?> _particles = new("--particles")
    {
        Description = "Simulated particles of one run, instead of the case's counts. Default: 100000, more with many cells.",
        HelpName = "N",
    };

    private readonly Option<string?> _cells = new("--cells")
    {
        Description = "Cells along each axis; 1 is homogeneous. Default: a third of a mean free path where the initial data change.",
        HelpName = "PxQ[xR]",
    };

    private readonly Option<string?> _timeStep = new("--time-step")
    {
        Description = "Length of a step. Default: a fifth of a mean free time, and less in small cells.",
        HelpName = "T",
    };

    private readonly Option<string[]> _kernel = new("--kernel")
    {
        Description = "Exponent of the kernel of an order, from 0 (Maxwell's gas) to 2; 1 is hard spheres. The rates at equilibrium stay. Can be repeated.",
        HelpName = "k=gamma",
    };

    private readonly Option<bool> _refine = new("--refine")
    {
        Description = "Also solve with half the step, half the cells' width, and both, and say what changes.",
    };

    public BoltzmannCommand()
        : base("boltzmann", "Solves the kinetic equation of a case (DSMC) and writes a run folder.")
    {
        _computation.AddTo(this, _runs, _particles, _cells, _timeStep, _kernel, _refine);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd boltzmann examples/mixture.yaml",
        "actormd boltzmann examples/density-wave.yaml --runs 16 --particles 200000 --refine",
        "actormd boltzmann case.yaml --cells 64x1x1 --time-step 0.002 --json --quiet",
    ];

    private int Run(ParseResult parsed)
    {
        string path = _computation.PathOf(parsed);
        CaseLoad load = _computation.Load(parsed);
        Case @case = FileStart.Of(load, path);
        CaseOptions.ThrowIfSampled(@case, path);
        BoltzmannPlan plan = BoltzmannPlanner.Make(@case, path, Wishes(parsed, @case.Gas.Dimension));
        string directory = _computation.DirectoryOf(parsed, @case);
        bool force = _computation.Force(parsed);
        RunFolder folder = RunSession.ThrowIfTaken(directory, force);
        BoltzmannView view = new(_computation.Quiet(parsed), _computation.Json(parsed));
        CaseOptions.ThrowIfTooLarge("--runs", plan.MemoryBytes);
        using StopSignals signals = new();
        bool refine = parsed.GetValue(_refine);
        Expected expected = Expected.Of(@case, signals.Token);
        double seconds = BoltzmannSession.Seconds(@case, plan, refine, expected);
        CaseOptions.ThrowIfHopeless(path, new CostEstimate(0, [], plan.MemoryBytes, null, seconds));
        view.ShowHeader(load, plan, expected, seconds, folder);
        return FolderFailureException.Watch(folder.Directory, () =>
        {
            using BoltzmannSession session = BoltzmannSession.Start(@case, plan, directory, force, refine);
            return view.Run(session, folder, signals.Token);
        });
    }

    private BoltzmannWishes Wishes(ParseResult parsed, int dimension)
    {
        List<InputFault> faults = [];
        BoltzmannWishes wishes = new(
            OptionNumbers.Whole(_particles, parsed.GetValue(_particles), 2, faults),
            Cells(parsed.GetValue(_cells), dimension, faults),
            Step(parsed.GetValue(_timeStep), faults),
            OptionNumbers.Whole(_runs, parsed.GetValue(_runs), 1, faults) ?? 1,
            _computation.Workers(parsed, faults),
            Exponents(parsed.GetValue(_kernel) ?? [], faults));
        return faults.Count > 0 ? throw new InputFaultException([.. faults]) : wishes;
    }

    private static ImmutableSortedDictionary<int, double> Exponents(string[] texts, List<InputFault> faults)
    {
        var exponents = ImmutableSortedDictionary.CreateBuilder<int, double>();
        foreach (string text in texts)
        {
            string[] parts = text.Split('=');
            if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int order)
                && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double exponent) && exponent is >= 0 and <= 2)
            {
                exponents[order] = exponent;
            }
            else
            {
                faults.Add(Fault("--kernel", $"'{text}' is no exponent of an order", "give for example 3=0.5, with an exponent from 0 to 2"));
            }
        }

        return exponents.ToImmutable();
    }

    private static double? Step(string? text, List<InputFault> faults)
    {
        if (text is null)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && number > 0)
        {
            return number;
        }

        faults.Add(Fault("--time-step", $"'{text}' is no time step", "give a time above 0"));
        return null;
    }

    private static ImmutableArray<int>? Cells(string? text, int dimension, List<InputFault> faults)
    {
        const int CellCountMax = 100_000_000;
        if (text is null)
        {
            return null;
        }

        int[] cells = new int[dimension];
        Array.Fill(cells, 1);
        string[] parts = text.Split('x');
        long product = 1;
        for (int axis = 0; axis < parts.Length; axis++)
        {
            int count = 0;
            bool isSound = axis < dimension
                && int.TryParse(parts[axis], NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= CellCountMax;
            product *= isSound ? count : 0;
            if (product is < 1 or > CellCountMax)
            {
                faults.Add(Fault("--cells", $"'{text}' is no number of cells", dimension == 3 ? "give for example 64x1x1, or 64" : "give for example 64x1, or 64"));
                return null;
            }

            cells[axis] = count;
        }

        return [.. cells];
    }

    private static InputFault Fault(string option, string problem, string remedy) => new(option, null, null, problem, remedy);
}
