using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ActorMD.Runs.Simulations;

namespace ActorMD.Cli.Signals;

/// <summary>The time that a batch system gives a process: <c>3h50m</c>.</summary>
internal static partial class WallTime
{
    private const double ReserveShare = 0.05; // of the time, to write a checkpoint
    private static readonly TimeSpan ReserveMax = TimeSpan.FromMinutes(1);

    /// <summary>What would be right.</summary>
    public const string Remedy = "give days, hours, minutes and seconds such as 3h50m, 90s or 1d12h";

    /// <summary>Reads a text such as 3h50m.</summary>
    public static bool TryParse(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        Match match = Pattern().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return false;
        }

        double Number(string group) =>
            match.Groups[group].Success
                ? double.Parse(match.Groups[group].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
                : 0;
        double seconds = 86_400 * Number("d") + 3_600 * Number("h") + 60 * Number("m") + Number("s");
        if (!(seconds > 0 && seconds < 1e9))
        {
            return false;
        }

        time = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>
    /// Asks for a stop so long before the end that a checkpoint can be written. The time counts from the start of the process.
    /// </summary>
    public static Timer StopWithin(TimeSpan time, RunRequests requests)
    {
        TimeSpan reserve = TimeSpan.FromSeconds(Math.Min(ReserveShare * time.TotalSeconds, ReserveMax.TotalSeconds));
        using Process self = Process.GetCurrentProcess();
        TimeSpan left = time - reserve - (DateTime.Now - self.StartTime);
        return new Timer(_ => requests.AskStop(), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    [GeneratedRegex(@"^((?<d>\d+(\.\d+)?)d)?((?<h>\d+(\.\d+)?)h)?((?<m>\d+(\.\d+)?)m)?((?<s>\d+(\.\d+)?)s)?\z")]
    private static partial Regex Pattern();
}
