using System.CommandLine;
using ActorMD.Cli;

RootCommand root = Root.Create();
ParseResult parsed = root.Parse(args);
return parsed.Errors.Count > 0
    ? ErrorReport.UsageErrors(parsed)
    : Guard.Run(() => parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));
