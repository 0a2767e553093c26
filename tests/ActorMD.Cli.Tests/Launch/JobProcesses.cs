using System.Globalization;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>The processes of a job, as Linux knows them: those that descend from a <c>launch</c>.</summary>
internal static class JobProcesses
{
    /// <summary>mpirun, or 0 if it is not there.</summary>
    public static int LauncherOf(int launch) => ChildrenOf(launch).FirstOrDefault(process => Name(process) == "mpirun");

    /// <summary>The ranks that are there, by their number.</summary>
    public static IReadOnlyDictionary<int, int> RanksOf(int launch)
    {
        Dictionary<int, int> ranks = [];
        int launcher = LauncherOf(launch);
        foreach (int process in launcher == 0 ? [] : ChildrenOf(launcher))
        {
            if (RankOf(process) is { } rank)
            {
                ranks[rank] = process;
            }
        }

        return ranks;
    }

    /// <summary>The processes that a process has started.</summary>
    public static IEnumerable<int> ChildrenOf(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0 && ParentOf(id) == parent);

    private static int ParentOf(int process)
    {
        string stat = Read(process, "stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;
    }

    private static string Name(int process) => Read(process, "comm").Trim();

    private static int? RankOf(int process)
    {
        const string Variable = "OMPI_COMM_WORLD_RANK=";
        string? entry = Array.Find(
            Read(process, "environ").Split('\0'), entry => entry.StartsWith(Variable, StringComparison.Ordinal));
        return entry is null ? null : int.Parse(entry[Variable.Length..], CultureInfo.InvariantCulture);
    }

    // A process that has ended meanwhile has nothing to tell.
    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine("/proc", process.ToString(CultureInfo.InvariantCulture), file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
