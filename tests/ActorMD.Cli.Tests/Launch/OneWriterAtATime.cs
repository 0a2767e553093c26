namespace ActorMD.Cli.Tests.Launch;

/// <summary>
/// Shows by a run folder's log, which only the node that has the folder writes, that no two nodes ever wrote there at the same time.
/// </summary>
internal static class OneWriterAtATime
{
    /// <summary>The nodes that wrote, in the order in which their lines stand there.</summary>
    public static List<string> Writers(string folder)
    {
        List<string> writers = [];
        foreach (LoggedEvent logged in LoggedEvent.Read(Path.Combine(folder, "log.jsonl")))
        {
            if (writers.Count == 0 || writers[^1] != logged.Node)
            {
                writers.Add(logged.Node);
            }
        }

        return writers;
    }

    /// <summary>No node writes after another one has begun to, and each goes on from a checkpoint that was the newest.</summary>
    public static void Check(string folder)
    {
        List<string> writers = Writers(folder);
        Assert.Equal(writers.Distinct(), writers);
        double newest = 0;
        foreach (LoggedEvent logged in LoggedEvent.Read(Path.Combine(folder, "log.jsonl")))
        {
            if (logged.Says("Wrote a checkpoint"))
            {
                Assert.True(logged.Time >= newest, $"a checkpoint of {logged.Time} after one of {newest}");
                newest = logged.Time;
            }
            else if (logged.Says("Resumed"))
            {
                // The line of a checkpoint may be missing when its writer was killed in that moment.
                Assert.True(logged.Time >= newest, $"resumed from {logged.Time} although there was one of {newest}");
            }
        }
    }
}
