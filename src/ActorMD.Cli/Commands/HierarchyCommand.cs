using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Series;
using ActorMD.Runs.Sessions;
using ActorMD.Studies.Hierarchy;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd hierarchy CASE.yaml</c>.</summary>
internal sealed class HierarchyCommand : CommandWithExamples
{
    private const string Word = "hierarchy";
    private const long SamplesDefault = 200_000;

    private readonly Argument<string> _case = PathArgument.Create("CASE", "The case file (YAML), the same as for 'actormd run'.");
    private readonly Option<string?> _out = new("--out") { Description = "Run folder; default runs/NAME-hierarchy.", HelpName = "DIR" };
    private readonly Option<bool> _force = new("--force") { Description = "Overwrite a run that is already in the folder." };

    private readonly Option<string?> _times = new("--times")
    {
        Description = "Times of the observables. Default: 0.3 of the time from which on the series is out of reach.",
        HelpName = "T,...",
    };

    private readonly Option<string> _terms = new("--terms")
    {
        Description = "Largest number of additions k.",
        DefaultValueFactory = _ => "2",
        HelpName = "K",
    };

    private readonly Option<string?> _samples = new("--samples")
    {
        Description = "Trees of each k and time. Default: 200000.",
        HelpName = "n",
    };

    private readonly Option<string> _flow = new("--flow")
    {
        Description = "boltzmann: the limit, points; free, true: N particles, put at contact, which fly freely or "
            + "collide between additions.",
        DefaultValueFactory = _ => "boltzmann",
        HelpName = "boltzmann|free|true",
    };

    private readonly Option<string?> _particles = new("--particles")
    {
        Description = "s: particles of each species in the observables. Default: one.",
        HelpName = "S1[,S2...]",
    };

    private readonly Option<string[]> _observable = new("--observable")
    {
        Description = "density, velocity_x, energy, energy_x, fourth, slow or wave, with _NAME of a species behind it or "
            + "without. Can be repeated.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _energy = new("--energy")
    {
        Description = "Say what the truncation of the energy cuts off: trees whose sum of M v^2 is above this (R^2).",
        HelpName = "R2",
    };

    private readonly Option<string?> _separation = new("--separation")
    {
        Description = "Say what the separation of times cuts off: trees with two times closer than this (delta).",
        HelpName = "T",
    };

    private readonly Option<string?> _trajectories = new("--trajectories")
    {
        Description = "Also draw n pseudo-trajectories of both hierarchies, as JSON and as space-time pictures.",
        HelpName = "n",
    };

    private readonly Option<bool> _recollisions = new("--recollisions")
    {
        Description = "Also count recollisions against eps along the scaling, by kind, with fits.",
    };

    private readonly Option<bool> _badSets = new("--bad-sets")
    {
        Description = "Also measure the bad sets and geometric lemmas of the proofs, with fitted exponents beside the proved ones.",
    };

    private readonly Option<string?> _workers = new("--workers")
    {
        Description = "Largest number of threads; default all cores. No result depends on it.",
        HelpName = "N",
    };
    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Print no progress and no result; warnings and errors go to standard error all the same.",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print summary.json on standard output at the end; everything else goes to standard error.",
    };

    private readonly CaseOptions _caseOptions = new();

    public HierarchyCommand()
        : base(Word, "Computes the Duhamel series of the Boltzmann or the BBGKY hierarchy of a case, term by term, by pseudo-trajectories.")
    {
        Arguments.Add(_case);
        foreach (
            Option option in (Option[])[_out, _force, _times, _terms, _samples, _flow, _particles, _observable, _energy, _separation,
                _trajectories, _recollisions, _badSets, _workers, _quiet, _json])
        {
            Options.Add(option);
        }

        _caseOptions.AddTo(this);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd hierarchy examples/density-wave.yaml",
        "actormd hierarchy examples/mixture.yaml --times 0.01,0.02 --terms 3 --particles 1,1 --observable energy",
        "actormd hierarchy examples/ternary.yaml --trajectories 4 --recollisions --bad-sets",
    ];

    /// <summary>Whether a run folder was begun by this command.</summary>
    public static bool IsOf(RunFolder folder) => folder.Command?.Split(' ')[0] == Word;

    /// <summary>Goes on with the series of a folder; one that is finished is only reported.</summary>
    /// <param name="case">Of the folder.</param>
    /// <param name="folder">Its run folder.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="view">Shows it.</param>
    /// <param name="stop">Ends the work.</param>
    public static int Continue(Case @case, RunFolder folder, int workers, HierarchyView view, CancellationToken stop)
    {
        if (File.Exists(folder.SummaryPath))
        {
            File.Delete(folder.HierarchyCheckpointPath); // of one that was killed in its last moment
            Console.Error.WriteLine("The series is already finished; nothing was changed.");
            if (HierarchySummary.TryParse(File.ReadAllText(folder.SummaryPath)) is { } summary)
            {
                view.ShowEnd(summary, folder);
            }

            return ExitCode.Done;
        }

        HierarchyCommand command = new();
        string text = folder.Command!;
        ParseResult parsed = command.Parse([.. text.Split(' ').Skip(1), folder.CasePath]);
        HierarchyPlan plan = HierarchyPlanner.Make(@case, folder.CasePath, command.Wishes(parsed) with { Workers = workers });
        using HierarchySession session = HierarchySession.Resume(@case, plan, folder, text);
        return view.Run(session, folder, stop);
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_case);
        CaseLoad load = _caseOptions.Load(parsed, path);
        Case @case = load.Case!;
        CaseOptions.ThrowIfRescaled(@case, path);
        CaseOptions.ThrowIfObserved(@case, path);
        CaseOptions.ThrowIfTimed(@case, path);
        HierarchyWishes wishes = Wishes(parsed);
        HierarchyPlan plan = HierarchyPlanner.Make(@case, path, wishes);
        string directory = parsed.GetValue(_out) is { Length: > 0 } given ? given : Path.Combine("runs", @case.Name + "-hierarchy");
        bool force = parsed.GetValue(_force);
        RunFolder.ThrowIfTaken(directory, force);
        RunFolder folder = new(directory);
        RunSession.ThrowIfRunning(folder);
        HierarchyView view = new(parsed.GetValue(_quiet), parsed.GetValue(_json));
        using StopSignals signals = new();
        view.ShowHeader(load, plan, folder);
        return FolderFailureException.Watch(folder.Directory, () =>
        {
            using HierarchySession session = HierarchySession.Start(@case, plan, directory, force, Text(plan, wishes));
            return view.Run(session, folder, signals.Token);
        });
    }

    // The command with all that the case does not hold: what 'resume' reads.
    private string Text(HierarchyPlan plan, HierarchyWishes wishes)
    {
        List<string> parts =
        [
            Word, _times.Name, string.Join(',', plan.Times.Select(t => t.ToString("R", CultureInfo.InvariantCulture))),
            _terms.Name, Invariant(plan.Terms), _samples.Name, Invariant(plan.Samples), _flow.Name, wishes.Flow,
        ];
        Add(_particles, wishes.Particles is { } numbers ? string.Join(',', numbers) : null);
        Add(_energy, wishes.EnergyMax?.ToString("R", CultureInfo.InvariantCulture));
        Add(_separation, wishes.Separation?.ToString("R", CultureInfo.InvariantCulture));
        Add(_trajectories, wishes.Trajectories > 0 ? Invariant(wishes.Trajectories) : null);
        foreach (string name in wishes.Observables)
        {
            Add(_observable, name);
        }

        (Option Option, bool IsGiven)[] flags = [(_recollisions, wishes.Recollisions), (_badSets, wishes.BadSets)];
        parts.AddRange(flags.Where(f => f.IsGiven).Select(f => f.Option.Name));

        return string.Join(' ', parts);

        void Add(Option option, string? value)
        {
            if (value is not null)
            {
                parts.Add(option.Name);
                parts.Add(value);
            }
        }

        static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private HierarchyWishes Wishes(ParseResult parsed)
    {
        List<InputFault> faults = [];
        HierarchyWishes wishes = new(
            Numbers(_times, parsed.GetValue(_times), faults),
            (int)(Whole(_terms, parsed.GetValue(_terms), 0, int.MaxValue, faults) ?? 0),
            Whole(_samples, parsed.GetValue(_samples), 2, 1_000_000_000_000, faults) ?? SamplesDefault,
            parsed.GetValue(_flow)!,
            parsed.GetValue(_particles)?.Split(',').Select(text => (int)(Whole(_particles, text, 0, 100, faults) ?? 0)).ToImmutableArray(),
            [.. parsed.GetValue(_observable) ?? []],
            Numbers(_energy, parsed.GetValue(_energy), faults)?[0],
            Numbers(_separation, parsed.GetValue(_separation), faults)?[0],
            (int)(Whole(_workers, parsed.GetValue(_workers), 1, 4096, faults) ?? Environment.ProcessorCount),
            (int)(Whole(_trajectories, parsed.GetValue(_trajectories), 1, 100, faults) ?? 0),
            parsed.GetValue(_recollisions),
            parsed.GetValue(_badSets));
        return faults.Count > 0 ? throw new InputFaultException([.. faults]) : wishes;
    }

    private static long? Whole(Option option, string? text, long least, long most, List<InputFault> faults)
    {
        if (text is null)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number >= least && number <= most && Math.Floor(number) == number)
        {
            return (long)number;
        }

        faults.Add(new InputFault(
            option.Name, null, null, $"'{text}' is not possible", FormattableString.Invariant($"give a whole number, at least {least}")));
        return null;
    }

    private static ImmutableArray<double>? Numbers(Option option, string? text, List<InputFault> faults)
    {
        if (text is null)
        {
            return null;
        }

        List<double> numbers = [];
        foreach (string part in text.Split(','))
        {
            if (double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                && number > 0)
            {
                numbers.Add(number);
            }
            else
            {
                faults.Add(new InputFault(option.Name, null, null, $"'{part}' is not possible", "give a number above 0, for example 0.1"));
            }
        }

        return [.. numbers.DefaultIfEmpty(1)];
    }
}
