using System.Diagnostics;
using System.Globalization;
using ActorMD.Files.Whole;
using Akka.Cluster;

namespace ActorMD.Actors.Networks;

/// <summary>
/// What the nodes of a cluster write down in a folder that all share: the nodes that were let in, and those that were given up.
/// </summary>
/// <remarks>
/// Nodes that are given up are written down with the numbers of their processes, which a restarted one does not have: so an entry never
/// concerns another node, and nothing needs to be released. The list is read and written under an exclusive lock.
/// </remarks>
/// <param name="folder">The folder; it need not be there.</param>
public sealed class NodeRegister(string folder)
{
    private const string GivenUpName = "given-up";
    private const string JoinedSuffix = ".joined";
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether the node at an address has become a member of the cluster, at any time.</summary>
    public bool HasJoined(string host, int port) => File.Exists(JoinedPath(host, port));

    /// <summary>Where nodes have become members, at any time, and have not left since.</summary>
    internal IEnumerable<(string Host, int Port)> Joined
    {
        get
        {
            string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + JoinedSuffix) : [];
            foreach (string path in paths.Order(StringComparer.Ordinal))
            {
                string name = Path.GetFileNameWithoutExtension(path);
                int dash = name.LastIndexOf('-');
                if (dash > 0 && ushort.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                {
                    yield return (name[..dash], port);
                }
            }
        }
    }

    /// <summary>This node has left, and is not to be asked for anything.</summary>
    internal void NoteLeft(string host, int port)
    {
        // One that was never let in has written nothing; not even the folder need be there.
        if (HasJoined(host, port))
        {
            File.Delete(JoinedPath(host, port));
        }
    }

    /// <summary>This node has become a member.</summary>
    internal void NoteJoined(string host, int port)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(JoinedPath(host, port), "");
    }

    /// <summary>Gives nodes up, unless this node was given up itself: of two that give up each other exactly one succeeds.</summary>
    /// <returns>Whether this node may go on, and the others may not.</returns>
    /// <exception cref="IOException">The list cannot be had in time.</exception>
    internal async Task<bool> TryGiveUpAsync(UniqueAddress self, IEnumerable<UniqueAddress> others, TimeSpan time)
    {
        Directory.CreateDirectory(folder);
        using FileStream file = await OpenAsync(time).ConfigureAwait(false);
        using StreamReader reader = new(file);
        HashSet<string> givenUp = [.. (await reader.ReadToEndAsync().ConfigureAwait(false)).Split('\n')];
        if (givenUp.Contains(Name(self)))
        {
            return false;
        }

        using StreamWriter writer = new(file);
        foreach (string other in others.Select(Name).Where(givenUp.Add))
        {
            writer.Write(other + "\n");
        }

        writer.Flush();
        Disk.Flush(file, file.Name, toDisk: true);
        return true;
    }

    private static string Name(UniqueAddress node) =>
        string.Create(CultureInfo.InvariantCulture, $"{node.Address.Host}:{node.Address.Port}#{node.Uid}");

    private string JoinedPath(string host, int port) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{host}-{port}{JoinedSuffix}"));

    // By a clock that nobody sets.
    private async Task<FileStream> OpenAsync(TimeSpan time)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, GivenUpName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < time)
            {
                await Task.Delay(RetryInterval).ConfigureAwait(false);
            }
        }
    }
}
