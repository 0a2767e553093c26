using ActorMD.Files.Checkpoints;
using ActorMD.Files.Ensembles;
using ActorMD.Files.RunFolders;

namespace ActorMD.Cli.Clusters;

/// <summary>Whether what is launched gets on: processes that die are started again as long as new checkpoints appear.</summary>
/// <param name="folder">Of the run.</param>
internal sealed class LaunchProgress(RunFolder folder)
{
    private long? _newest = NewestOf(folder);
    private int _fruitlessCount;

    /// <summary>How often in a row something failed without a new checkpoint before.</summary>
    public int FruitlessCount => _fruitlessCount;

    /// <summary>Something has failed: whether to start it again.</summary>
    public bool MayTryAgain(int retriesMax)
    {
        long? newest = NewestOf(folder);
        _fruitlessCount = newest is not null && (_newest is null || newest > _newest) ? 1 : _fruitlessCount + 1;
        _newest = newest;
        return _fruitlessCount <= retriesMax;
    }

    // A number that grows with every checkpoint of a run, or of any node of an ensemble.
    private static long? NewestOf(RunFolder folder) =>
        new CheckpointStore(folder.CheckpointDirectory).NewestNumber ?? (!Directory.Exists(folder.CheckpointDirectory) ? null
            : EnsembleStore.OfNodes(folder.CheckpointDirectory).Append(new EnsembleStore(folder.CheckpointDirectory))
                .Max(store => store.Written)?.Ticks);
}
