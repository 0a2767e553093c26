using Serilog;
using Serilog.Core;
using Serilog.Formatting.Compact;

namespace ActorMD.Runs.Output;

/// <summary>
/// The log of one process of a run, appended to by every session: <c>log.jsonl</c>, of other nodes of a cluster <c>log-NODE.jsonl</c>.
/// </summary>
public static class RunLog
{
    /// <summary>
    /// Opens it. Every line is a JSON object in the compact log event format (CLEF) and has the properties run, node and, where something
    /// happened in the gas, time.
    /// </summary>
    public static Logger Open(string path, string run, string node) => new LoggerConfiguration()
        .Enrich.WithProperty("run", run)
        .Enrich.WithProperty("node", node)
        .WriteTo.File(new CompactJsonFormatter(), path, fileSizeLimitBytes: null)
        .CreateLogger();
}
