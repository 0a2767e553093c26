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

    private readonly ComputationOptions _computation = new(Word);

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

    public HierarchyCommand()
        : base(Word, "Computes the Duhamel series of the Boltzmann or the BBGKY hierarchy of a case, term by term, by pseudo-trajectories.")
    {
        _computation.AddTo(
            this, _times, _terms, _samples, _flow, _particles, _observable, _energy, _separation, _trajectories, _recollisions, _badSets);
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
        string path = _computation.PathOf(parsed);
        CaseLoad load = _computation.Load(parsed);
        Case @case = load.Case!;
        CaseOptions.ThrowIfSampled(@case, path);
        HierarchyWishes wishes = Wishes(parsed);
        HierarchyPlan plan = HierarchyPlanner.Make(@case, path, wishes);
        string directory = _computation.DirectoryOf(parsed, @case);
        bool force = _computation.Force(parsed);
        RunFolder folder = RunSession.ThrowIfTaken(directory, force);
        HierarchyView view = new(_computation.Quiet(parsed), _computation.Json(parsed));
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
            OptionNumbers.Positive(_times, parsed.GetValue(_times), faults),
            OptionNumbers.Whole(_terms, parsed.GetValue(_terms), 0, faults) ?? 0,
            OptionNumbers.Whole(_samples, parsed.GetValue(_samples), 2, 1_000_000_000_000, faults) ?? SamplesDefault,
            parsed.GetValue(_flow)!,
            parsed.GetValue(_particles)?.Split(',')
                .Select(text => (int)(OptionNumbers.Whole(_particles, text, 0, 100, faults) ?? 0)).ToImmutableArray(),
            [.. parsed.GetValue(_observable) ?? []],
            OptionNumbers.Positive(_energy, parsed.GetValue(_energy), faults)?[0],
            OptionNumbers.Positive(_separation, parsed.GetValue(_separation), faults)?[0],
            _computation.Workers(parsed, faults),
            (int)(OptionNumbers.Whole(_trajectories, parsed.GetValue(_trajectories), 1, 100, faults) ?? 0),
            parsed.GetValue(_recollisions),
            parsed.GetValue(_badSets));
        return faults.Count > 0 ? throw new InputFaultException([.. faults]) : wishes;
    }
}
