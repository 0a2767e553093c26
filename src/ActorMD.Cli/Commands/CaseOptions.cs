using System.CommandLine;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Kinetic.Estimates;
using ActorMD.Runs.Observables;

namespace ActorMD.Cli.Commands;

/// <summary>Options that put values in place of the case file's.</summary>
internal sealed class CaseOptions
{
    private readonly Option<string?> _until = new("--until")
    {
        Description = "End of the run in simulation time, instead of run.until.",
        HelpName = "T",
    };

    private readonly Option<string?> _seed = new("--seed") { Description = "Seed of all random draws, instead of seed.", HelpName = "S" };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Any value of the case by its path; list items by name. Can be repeated.",
        HelpName = "key.path=value",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_until);
        command.Options.Add(_seed);
        command.Options.Add(_set);
    }

    /// <summary>The validated case.</summary>
    /// <exception cref="InputFaultException">Everything that is wrong with the file and the options.</exception>
    public CaseLoad Load(ParseResult parsed, string path)
    {
        List<CaseOverride> overrides = [.. (parsed.GetValue(_set) ?? []).Select(CaseOverride.Parse)];
        if (parsed.GetValue(_until) is { } until)
        {
            overrides.Add(CaseOverride.Until(until));
        }

        if (parsed.GetValue(_seed) is { } seed)
        {
            overrides.Add(CaseOverride.Seed(seed));
        }

        CaseLoad load = CaseFile.Load(path, overrides);
        if (load.Case is not { } @case || !load.Faults.IsEmpty)
        {
            throw new InputFaultException(load.Faults);
        }

        CostEstimate cost = CostEstimate.Of(@case.Gas, @case.Counts, @case.Run.Until, 0, scales: null);
        ThrowIfHopeless(path, cost with { Tuples = [] });
        return load;
    }

    /// <summary>What is expected of a run, and whether it can end.</summary>
    /// <param name="case">Of the run.</param>
    /// <param name="source">Its file.</param>
    /// <param name="stop">Ends the work.</param>
    /// <exception cref="InputFaultException">It cannot.</exception>
    public static Expected Estimate(Case @case, string source, CancellationToken stop)
    {
        // Tuples first: what else is expected of crowded zones takes long to say, too.
        ThrowIfHopeless(source, CostEstimate.Of(@case.Gas, @case.Counts, @case.Run.Until, 0, scales: null));
        Expected expected = Expected.Of(@case, stop);
        ThrowIfHopeless(source, expected.Cost(@case));
        return expected;
    }

    /// <summary>Refuses scaled velocities where the law of independent draws is what the result is about.</summary>
    /// <exception cref="InputFaultException">The case has initial.rescale: true.</exception>
    public static void ThrowIfRescaled(Case @case, string path)
    {
        if (@case.Initial.Velocities.Rescale)
        {
            throw new InputFaultException(new InputFault(
                path, null, "initial.rescale", "scaled velocities are no independent draws of the initial law, which this command is about",
                "remove initial.rescale, or use 'actormd run'"));
        }
    }

    /// <summary>Refuses particles with sizes of their own where the result is about species of one mass and diameter each.</summary>
    /// <exception cref="InputFaultException">The case has a distribution of sizes.</exception>
    public static void ThrowIfSized(Case @case, string path)
    {
        if (@case.Gas.HasOwnSizes)
        {
            throw new InputFaultException(new InputFault(
                path, null, "species",
                "kinetic equations are solved for species of one mass and diameter each, not for a distribution of sizes",
                "give every species a diameter, or use 'actormd run'"));
        }
    }

    /// <summary>Refuses observables and listed times where nothing would measure at them: samples are equally far apart.</summary>
    /// <exception cref="InputFaultException">The case has output.observables or run.times.</exception>
    public static void ThrowIfSampled(Case @case, string path)
    {
        if (!@case.Output.Observables.IsEmpty)
        {
            throw new InputFaultException(new InputFault(
                path, null, "output.observables", "this command does not measure observables; 'actormd run' and 'actormd ensemble' do",
                "remove output.observables, or use one of these"));
        }

        if (@case.Run.Times is not null)
        {
            throw new InputFaultException(new InputFault(
                path, null, "run.times", "this command takes samples at equal distances of time", "give run.sample instead"));
        }
    }

    /// <summary>Refuses what does not fit into this machine.</summary>
    /// <exception cref="InputFaultException">More bytes are needed than there are.</exception>
    public static void ThrowIfTooLarge(string option, double bytes)
    {
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
        {
            throw new InputFaultException(new InputFault(
                option, null, null,
                FormattableString.Invariant(
                    $"the particles of all runs need about {bytes / 1e9:G3} GB of memory, and there are {available / 1e9:G3} GB"),
                "give fewer runs or particles"));
        }
    }

    /// <summary>Refuses what does not fit into this machine, or would not end.</summary>
    /// <exception cref="InputFaultException">Says why.</exception>
    public static void ThrowIfHopeless(string path, CostEstimate cost)
    {
        if (cost.Obstacle(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) is var (key, problem, remedy))
        {
            throw new InputFaultException(new InputFault(path, null, key, problem, remedy));
        }
    }
}
