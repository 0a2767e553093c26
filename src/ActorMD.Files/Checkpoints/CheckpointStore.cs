using System.Collections.Immutable;

namespace ActorMD.Files;

/// <summary>The checkpoints of one run: the newest and the one before it.</summary>
public sealed class CheckpointStore(string directory)
{
    public string Directory { get; } = directory;

    /// <summary>Writes a checkpoint next to the existing ones, then removes all but the newest two.</summary>
    /// <remarks>Temporary file in the same folder, flushed to disk, renamed: a crash at any moment leaves a sound checkpoint.</remarks>
    public void Write(Checkpoint checkpoint) => throw new NotSupportedException();

    /// <summary>The newest checkpoint whose checksum is right.</summary>
    /// <param name="complaints">What was wrong with newer ones that had to be passed over.</param>
    /// <exception cref="InputFaultException">There is no sound one.</exception>
    public Checkpoint ReadNewestSound(out ImmutableArray<string> complaints) => throw new NotSupportedException();

    /// <summary>Removes all checkpoints, and the folder when nothing else is in it.</summary>
    public void RemoveAll() => throw new NotSupportedException();
}
