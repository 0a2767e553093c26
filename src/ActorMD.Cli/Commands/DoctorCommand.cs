using ActorMD.Cli.Doctor;
using ActorMD.Cli.Terminal;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd doctor</c>.</summary>
internal sealed class DoctorCommand : CommandWithExamples
{
    public DoctorCommand()
        : base("doctor", "Tells what this machine has and lacks for ActorMD, and what to do. Exit code 0: everything that the default "
            + "run needs is there.")
        => SetAction(_ =>
        {
            Finding[] findings = [.. new MachineCheck(Directory.GetCurrentDirectory()).Findings()];
            Console.Out.Write(FindingListing.Of(findings));
            return findings.Any(finding => finding.Standing == Standing.Missing) ? ExitCode.RuntimeFailure : ExitCode.Done;
        });

    public override IReadOnlyList<string> Examples => ["actormd doctor"];
}
