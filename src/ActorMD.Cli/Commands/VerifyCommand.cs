using System.CommandLine;
using ActorMD.Cli.Terminal;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Studies;
using ActorMD.Runs.Verification;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd verify DIR</c>.</summary>
internal sealed class VerifyCommand : CommandWithExamples
{
    private readonly Argument<string> _directory = PathArgument.Create("DIR", "The run folder.");

    public VerifyCommand()
        : base("verify", "Checks a run from its files: checksums, digest, overlaps of every order, conservation, completeness.")
    {
        Arguments.Add(_directory);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples => ["actormd verify runs/mixture"];

    private int Run(ParseResult parsed)
    {
        string directory = parsed.GetRequiredValue(_directory);
        bool isStudy = StudyFolder.IsOne(directory);
        RunVerdict verdict = isStudy ? RunVerifier.Verify(new StudyFolder(directory)) : RunVerifier.Verify(RunFolder.Open(directory));
        foreach (string clause in verdict.Checked)
        {
            Console.WriteLine($"ok: {clause}");
        }

        foreach (string problem in verdict.Problems)
        {
            Console.Error.WriteLine($"wrong: {problem}");
        }

        string what = isStudy ? "study" : "run";
        Console.WriteLine(
            verdict.IsSound ? $"The {what} is sound." : $"The {what} is not sound: problems found: {verdict.Problems.Length}.");
        return verdict.IsSound ? ExitCode.Done : ExitCode.PhysicsViolated;
    }
}
