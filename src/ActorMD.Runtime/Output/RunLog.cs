using ActorMD.Files;
using Serilog;
using Serilog.Core;

namespace ActorMD.Runtime;

/// <summary>The log of one process of a run: <c>log.jsonl</c>, appended to by every session.</summary>
public static class RunLog
{
    /// <summary>Opens it. Every line has the properties run, node and, where something happened in the gas, time.</summary>
    public static Logger Open(RunFolder folder, string run) => new LoggerConfiguration()
        .Enrich.WithProperty("run", run)
        .Enrich.WithProperty("node", Environment.MachineName)
        .WriteTo.File(new RunLogFormatter(), folder.LogPath, fileSizeLimitBytes: null)
        .CreateLogger();
}
