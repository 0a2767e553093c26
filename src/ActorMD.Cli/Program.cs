using System.CommandLine;
using ActorMD.Cli;
using ActorMD.Cli.Commands;
using ActorMD.Cli.Terminal;

ColdCode.Prepare(args);
return Guard.Run(args, () =>
{
    RootCommand root = Root.Create();
    ParseResult parsed = root.Parse(args);
    return parsed.Errors.Count > 0
        ? ErrorReport.UsageErrors(parsed, args)
        : parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // commands handle signals themselves (StopSignals); the library fails at a second one
        });
});
