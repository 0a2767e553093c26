using System.CommandLine;
using System.CommandLine.Help;
using ActorMD.Cli.Commands;
using ActorMD.Cli.Terminal;

namespace ActorMD.Cli;

/// <summary>The command line.</summary>
internal static class Root
{
    public static RootCommand Create()
    {
        RootCommand root = new(
            "ActorMD simulates hard-sphere gases, mixtures and higher-order collisions by exact events.\n"
            + "Exit codes: 0 done; 2 wrong input, nothing written; 3 physics violated; 4 machine failure, resumable; 130 interrupted.")
        {
            new InitCommand(),
            new RunCommand(),
            new BoltzmannCommand(),
            new EnsembleCommand(),
            new ConvergeCommand(),
            new HierarchyCommand(),
            new ResumeCommand(),
            new LaunchCommand(),
            new MonitorCommand(),
            new ReportCommand(),
            new VerifyCommand(),
            new SampleCommand(),
            new ConvertCommand(),
            new ScaleCommand(),
            new SchemaCommand(),
            new NodeCommand(),
            new CertificateCommand(),
            new BenchCommand(),
            new DoctorCommand(),
            new CompletionCommand(),
        };
        foreach (HelpOption option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
        }

        root.Options.OfType<VersionOption>().Single().Action = new VersionLine();
        return root;
    }
}
