using System.CommandLine;
using ActorMD.Cli.Clusters;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd launch -n N -- run CASE.yaml ...</c>.</summary>
internal sealed class LaunchCommand : CommandWithExamples
{
    private const int RetriesDefault = 5;

    private readonly Option<int> _count = new("-n", "--processes")
    {
        Description = "Number of processes, on this machine or on those of --hosts.",
        HelpName = "N",
        Required = true,
    };

    private readonly Option<string?> _runtime = new("--runtime")
    {
        Description = "How the processes talk to each other: mpi or akka. Default: the first of them that this machine has.",
        HelpName = "mpi|akka",
    };

    private readonly Option<string?> _hosts = new("--hosts")
    {
        Description = "Machines and how many processes each may have, such as a:2,b:2; default: this machine.",
        HelpName = "HOST[:N],...",
    };

    private readonly Option<int> _retries = new("--retries")
    {
        Description = "Give up after so many starts in a row that brought no new checkpoint.",
        DefaultValueFactory = _ => RetriesDefault,
        HelpName = "R",
    };

    private readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = "After --: a run, resume or ensemble command with its options.",
        Arity = ArgumentArity.OneOrMore,
    };

    public LaunchCommand()
        : base("launch", "Carries out a run on several processes, and goes on from its checkpoint when one of them dies.")
    {
        Options.Add(_count);
        Options.Add(_runtime);
        Options.Add(_hosts);
        Options.Add(_retries);
        Arguments.Add(_command);
        SetAction(Launch);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd launch -n 4 -- run examples/mixture.yaml",
        "actormd launch -n 4 --runtime mpi --hosts a:2,b:2 -- run case.yaml --domains 4x1x1",
        "actormd launch -n 2 -- resume runs/mixture",
        "actormd launch -n 8 -- ensemble case.yaml --replicas 1000",
    ];

    private int Launch(ParseResult parsed)
    {
        int count = parsed.GetValue(_count), retries = parsed.GetValue(_retries);
        if (count < 1)
        {
            throw Fault("-n", FormattableString.Invariant($"{count} processes cannot run anything"), "give at least 1");
        }

        if (retries < 0)
        {
            throw Fault("--retries", FormattableString.Invariant($"{retries} is no number of starts"), "give at least 0");
        }

        string[] command = parsed.GetRequiredValue(_command);
        ParseResult inner = parsed.RootCommandResult.Command.Parse(command);
        if (inner.Errors.Count > 0)
        {
            return ErrorReport.UsageErrors(inner, command);
        }

        if (inner.CommandResult.Command is not ILaunchable launchable)
        {
            throw Fault("COMMAND", $"'{command[0]}' cannot be launched on several processes", "give run, resume or ensemble after --");
        }

        if (command.Any(word => word == "--runtime" || word.StartsWith("--runtime=", StringComparison.Ordinal)))
        {
            throw Fault("COMMAND", "launch itself chooses the runtime", "give --runtime before --, not after it");
        }

        ILauncher launcher = Choose(parsed.GetValue(_runtime)) is AkkaLauncher && launchable is EnsembleCommand
            ? new EnsembleLauncher()
            : Choose(parsed.GetValue(_runtime));
        RunFolder folder = launchable.Check(inner);
        return launcher.Launch(new LaunchPlan(count, parsed.GetValue(_hosts), retries, command, folder));
    }

    private static ILauncher Choose(string? runtime)
    {
        ILauncher[] launchers = [.. Launchers.All.Where(launcher => runtime is null || launcher.Runtime == runtime)];
        if (launchers.Length == 0)
        {
            throw Fault(
                "--runtime", $"there is no runtime '{runtime}' of several processes",
                $"give one of: {string.Join(", ", Launchers.All.Select(launcher => launcher.Runtime))}");
        }

        return Array.Find(launchers, launcher => launcher.Missing is null)
            ?? throw Fault("--runtime", string.Join("; ", launchers.Select(launcher => launcher.Missing)), "or use 'run' without launch");
    }

    private static InputFaultException Fault(string option, string problem, string remedy) =>
        new(new InputFault(option, null, null, problem, remedy));
}
