using System.CommandLine;
using System.Runtime.CompilerServices;
using ActorMD.Cli.Terminal;
using ActorMD.Report;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd report DIR [DIR...]</c>.</summary>
internal sealed class ReportCommand : CommandWithExamples
{
    private readonly Argument<string[]> _directories = new("DIR")
    {
        Description = "Folders of runs, ensembles, kinetic solutions, hierarchies and studies; several stand side by side.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Folder for report.html and its diagrams; default: the first DIR.",
        HelpName = "FOLDER",
    };

    public ReportCommand()
        : base("report", "Writes report.html, one page with everything that was computed, and its diagrams as .svg and .csv.")
    {
        Arguments.Add(_directories);
        Options.Add(_out);
        SetAction(parsed =>
        {
            Console.Out.WriteLine(Write(parsed.GetRequiredValue(_directories), parsed.GetValue(_out)));
            return ExitCode.Done;
        });
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd report runs/mixture",
        "actormd report runs/mixture runs/mixture-boltzmann --out comparison",
    ];

    /// <summary>Writes the report, and returns its path.</summary>
    /// <remarks>In a method of its own, so that no other command loads what draws.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string Write(IReadOnlyList<string> directories, string? target) => ReportWriter.Write(directories, target);
}
