using System.CommandLine;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;

namespace ActorMD.Cli.Commands;

/// <summary>
/// What all commands have that compute something about a case into a folder of its own: the case, the folder, threads, what is printed.
/// </summary>
/// <param name="kind">The end of the folder's name.</param>
internal sealed class ComputationOptions(string kind)
{
    private readonly Argument<string> _case = PathArgument.Create("CASE", "The case file (YAML), the same as for 'actormd run'.");
    private readonly CaseOptions _ofCase = new();

    private readonly Option<string?> _out = new("--out") { Description = $"Run folder; default runs/NAME-{kind}.", HelpName = "DIR" };

    private readonly Option<bool> _force = new("--force") { Description = "Overwrite a run that is already in the folder." };

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

    /// <summary>Adds them to a command, and between them those that it alone has.</summary>
    public void AddTo(Command command, params Option[] own)
    {
        command.Arguments.Add(_case);
        foreach (Option option in (Option[])[_out, _force, .. own, _workers, _quiet, _json])
        {
            command.Options.Add(option);
        }

        _ofCase.AddTo(command);
    }

    /// <summary>The path of the case.</summary>
    public string PathOf(ParseResult parsed) => parsed.GetRequiredValue(_case);

    /// <summary>The validated case.</summary>
    /// <exception cref="InputFaultException">It is wrong, or its draws are not independent.</exception>
    public CaseLoad Load(ParseResult parsed)
    {
        string path = PathOf(parsed);
        CaseLoad load = _ofCase.Load(parsed, path);
        CaseOptions.ThrowIfRescaled(load.Case!, path);
        CaseOptions.ThrowIfSized(load.Case!, path);
        return load;
    }

    /// <summary>Where the results go.</summary>
    public string DirectoryOf(ParseResult parsed, Case @case) =>
        parsed.GetValue(_out) is { Length: > 0 } given ? given : Path.Combine("runs", $"{@case.Name}-{kind}");

    /// <summary>Whether an earlier run may be overwritten.</summary>
    public bool Force(ParseResult parsed) => parsed.GetValue(_force);

    /// <summary>Largest number of threads; not given, the cores of this machine are shared by so many processes.</summary>
    public int Workers(ParseResult parsed, List<InputFault> faults, int processCount = 1) =>
        OptionNumbers.Whole(_workers, parsed.GetValue(_workers), 1, faults) ?? Math.Max(1, Environment.ProcessorCount / processCount);

    /// <summary>Whether nothing but warnings and errors is printed.</summary>
    public bool Quiet(ParseResult parsed) => parsed.GetValue(_quiet);

    /// <summary>Whether summary.json is printed.</summary>
    public bool Json(ParseResult parsed) => parsed.GetValue(_json);
}
