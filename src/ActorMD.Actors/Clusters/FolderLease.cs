using System.Globalization;
using Akka.Actor;
using Akka.Coordination;

namespace ActorMD.Actors.Clusters;

/// <summary>
/// Settles which side of a broken network goes on, by a file in a folder that all nodes share: the first side that comes writes down
/// the nodes that it gives up, and a node that finds itself written down gives up.
/// </summary>
/// <remarks>
/// Nodes are written with their numbers, which a restarted process does not have, so an entry never concerns anybody else and
/// nothing needs to be released. The file is read and written under an exclusive lock.
/// </remarks>
public sealed class FolderLease : Lease
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly ActorSystem _system;
    private readonly string _path;
    private readonly TimeSpan _timeout;
    private bool _isHeld;

    /// <summary>Called by Akka.</summary>
    public FolderLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        _system = system;
        _path = Path.Combine(settings.LeaseConfig.GetString("folder"), settings.LeaseName + ".given-up");
        _timeout = settings.TimeoutSettings.OperationTimeout;
    }

    public override Task<bool> Acquire() => Acquire(_ => { });

    public override async Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(_system);
        string self = Name(cluster.SelfUniqueAddress);
        string[] others = [.. cluster.State.Unreachable.Select(member => Name(member.UniqueAddress))];
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using FileStream file = await OpenAsync().ConfigureAwait(false);
        using StreamReader reader = new(file);
        HashSet<string> givenUp = [.. (await reader.ReadToEndAsync().ConfigureAwait(false)).Split('\n')];
        _isHeld = !givenUp.Contains(self);
        if (_isHeld)
        {
            using StreamWriter writer = new(file);
            foreach (string other in others.Where(other => !givenUp.Contains(other)))
            {
                writer.Write(other + "\n");
            }

            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        return _isHeld;
    }

    public override bool CheckLease() => _isHeld;

    public override Task<bool> Release()
    {
        _isHeld = false;
        return Task.FromResult(true);
    }

    private static string Name(Akka.Cluster.UniqueAddress node) =>
        string.Create(CultureInfo.InvariantCulture, $"{node.Address.Host}:{node.Address.Port}#{node.Uid}");

    private async Task<FileStream> OpenAsync()
    {
        DateTime end = DateTime.UtcNow + _timeout;
        while (true)
        {
            try
            {
                return new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < end)
            {
                await Task.Delay(RetryInterval).ConfigureAwait(false);
            }
        }
    }
}
