using System.CommandLine;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;

namespace ActorMD.Cli.Clusters;

/// <summary>A command that can be carried out by a cluster.</summary>
internal interface ILaunchable
{
    /// <summary>The run folder that the command would write, after a look at all that can be wrong with it.</summary>
    /// <exception cref="InputFaultException">Something is.</exception>
    RunFolder Check(ParseResult parsed);
}
