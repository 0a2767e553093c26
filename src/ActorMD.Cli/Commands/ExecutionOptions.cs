using System.CommandLine;
using System.Globalization;
using ActorMD.Files;

namespace ActorMD.Cli;

/// <summary>Options of run and resume that say how to compute, never what: no result depends on them.</summary>
internal sealed class ExecutionOptions
{
    private readonly Option<string> _runtime = new("--runtime")
    {
        Description = "How domains talk to each other. This version has local: one process.",
        DefaultValueFactory = _ => "local",
        HelpName = "local",
    };

    private readonly Option<string?> _workers = new("--workers")
    {
        Description = "Largest number of threads; default all cores. One domain needs one thread.",
        HelpName = "N",
    };

    private readonly Option<string> _domains = new("--domains")
    {
        Description = "Split of the box: auto, PxQ or PxQxR. This version simulates one domain: auto or 1x1x1.",
        DefaultValueFactory = _ => "auto",
        HelpName = "auto|PxQ[xR]",
    };

    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print nothing but errors." };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print summary.json on standard output at the end; everything else goes to standard error.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_runtime);
        command.Options.Add(_workers);
        command.Options.Add(_domains);
        command.Options.Add(_quiet);
        command.Options.Add(_json);
    }

    /// <summary>What to show while running, after all options were found to be right.</summary>
    /// <exception cref="InputFaultException">A value that is wrong, or beyond this version.</exception>
    public RunView Read(ParseResult parsed)
    {
        List<InputFault> faults = [];
        CheckRuntime(parsed.GetValue(_runtime)!, faults);
        CheckWorkers(parsed.GetValue(_workers), faults);
        CheckDomains(parsed.GetValue(_domains)!, faults);
        return faults.Count > 0
            ? throw new InputFaultException([.. faults])
            : new RunView(parsed.GetValue(_quiet), parsed.GetValue(_json));
    }

    private static void CheckRuntime(string runtime, List<InputFault> faults)
    {
        switch (runtime)
        {
            case "local":
                break;
            case "mpi" or "akka":
                faults.Add(Fault("--runtime", $"this version runs on one machine only, without {runtime}", "use --runtime local"));
                break;
            default:
                faults.Add(Fault("--runtime", $"there is no runtime '{runtime}'", "use --runtime local"));
                break;
        }
    }

    private static void CheckWorkers(string? workers, List<InputFault> faults)
    {
        if (workers is not null
            && !(int.TryParse(workers, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1))
        {
            faults.Add(Fault("--workers", $"'{workers}' is no number of threads", "give a whole number, at least 1"));
        }
    }

    private static void CheckDomains(string domains, List<InputFault> faults)
    {
        if (domains == "auto")
        {
            return;
        }

        long product = 1;
        string[] parts = domains.Split('x');
        foreach (string part in parts)
        {
            if (parts.Length > 3
                || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                || count < 1)
            {
                faults.Add(Fault("--domains", $"'{domains}' is no split of the box", "give auto, or counts per axis such as 1x1x1"));
                return;
            }

            product = Math.Min(product * count, int.MaxValue);
        }

        if (product > 1)
        {
            faults.Add(Fault("--domains", "this version runs one domain only", "use --domains auto; the result is the same"));
        }
    }

    private static InputFault Fault(string option, string problem, string remedy) => new(option, null, null, problem, remedy);
}
