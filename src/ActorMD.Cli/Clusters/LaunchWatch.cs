using System.Diagnostics;
using System.Globalization;

namespace ActorMD.Cli.Clusters;

/// <summary>
/// Whether the <c>launch</c> that has started this process is there. It ends nodes that nobody admits any more; when it has been killed
/// they have to do that themselves.
/// </summary>
internal sealed class LaunchWatch
{
    /// <summary>The environment of a launched process has the number of its <c>launch</c> by this name.</summary>
    public const string Variable = "ACTORMD_LAUNCH";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly int? _launch = int.TryParse(
        Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out int launch) ? launch : null;

    private long? _goneSince;

    /// <summary>Whether it has been gone for so long that whoever it has started is in its cluster by now, or never will be.</summary>
    public bool IsLongGone()
    {
        if (_launch is not { } launch || IsThere(launch))
        {
            return false;
        }

        _goneSince ??= Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(_goneSince.Value) > Patience;
    }

    private static bool IsThere(int number)
    {
        try
        {
            using Process process = Process.GetProcessById(number);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
