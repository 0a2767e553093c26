using System.CommandLine;
using ActorMD.Files;

namespace ActorMD.Cli;

/// <summary>Options that put values in place of the case file's.</summary>
internal sealed class CaseOptions
{
    // Of the engine, the state at a checkpoint and the initial state, rounded.
    private const int BytesPerParticle = 400;

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

        ThrowIfTooLarge(path, @case.ParticleCount);
        return load;
    }

    private static void ThrowIfTooLarge(string path, int particleCount)
    {
        double needed = (double)BytesPerParticle * particleCount;
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > available)
        {
            throw new InputFaultException(new InputFault(
                path, null, "species",
                FormattableString.Invariant($"{particleCount} particles need about {needed / 1e9:G3} GB of memory, and there are {available / 1e9:G3} GB"),
                "use fewer particles, or a machine with more memory"));
        }
    }
}
