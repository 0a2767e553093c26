using System.CommandLine;
using System.CommandLine.Invocation;

namespace ActorMD.Cli.Terminal;

/// <summary><c>actormd --version</c>.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(ProgramVersion.Line);
        return ExitCode.Done;
    }
}
