using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Inputs;

namespace ActorMD.Files.Checkpoints;

/// <summary>The checkpoints of one run: the newest and the one before it.</summary>
public sealed class CheckpointStore(string directory)
{
    private const string Prefix = "checkpoint-";
    private const string Suffix = ".state";

    // The newest checkpoint that this store wrote or found sound.
    private long? _sound;

    public string Directory { get; } = directory;

    /// <summary>Number of the newest checkpoint, sound or not; null if there is none.</summary>
    public long? NewestNumber => Numbers() is [long newest, ..] ? newest : null;

    /// <summary>Writes a checkpoint next to the existing ones, then removes all but it and the newest sound one before it.</summary>
    /// <remarks>Temporary file in the same folder, flushed to disk, renamed: a crash at any moment leaves a sound checkpoint.</remarks>
    public void Write(Checkpoint checkpoint)
    {
        System.IO.Directory.CreateDirectory(Directory);
        long[] numbers = Numbers();
        long number = numbers.Length == 0 ? 0 : numbers[0] + 1;
        long? before = _sound ?? numbers.Cast<long?>().FirstOrDefault(n => IsSound(n!.Value));
        CheckpointFormat.Write(PathOf(number), checkpoint);
        _sound = number;
        foreach (long old in numbers.Where(old => old != before))
        {
            File.Delete(PathOf(old));
        }
    }

    /// <summary>The newest checkpoint whose checksum is right.</summary>
    /// <param name="complaints">What was wrong with newer ones that had to be passed over.</param>
    /// <exception cref="InputFaultException">There is no sound one.</exception>
    public Checkpoint ReadNewestSound(out ImmutableArray<string> complaints)
    {
        List<InputFault> faults = [];
        foreach (long number in Numbers())
        {
            try
            {
                Checkpoint checkpoint = CheckpointFormat.Read(PathOf(number));
                _sound = number;
                complaints = [.. faults.Select(fault => $"{fault.Problem} ({fault.File}): the checkpoint before it is used")];
                return checkpoint;
            }
            catch (InputFaultException error)
            {
                faults.AddRange(error.Faults);
            }
        }

        faults.Add(faults.Count == 0
            ? new InputFault(Directory, null, null, "the folder holds no checkpoint", "give the folder of a run, or start the run again")
            : new InputFault(
                Directory, null, null, "no checkpoint of the run is sound",
                "restore one from a copy, or start the run again with --force"));
        throw new InputFaultException([faults[^1], .. faults[..^1]]);
    }

    /// <summary>Removes all checkpoints, and the folder when nothing else is in it.</summary>
    public void RemoveAll()
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            return;
        }

        _sound = null;
        foreach (string file in System.IO.Directory.GetFiles(Directory, $"{Prefix}*{Suffix}*"))
        {
            File.Delete(file);
        }

        if (!System.IO.Directory.EnumerateFileSystemEntries(Directory).Any())
        {
            System.IO.Directory.Delete(Directory);
        }
    }

    // Newest first.
    private long[] Numbers()
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            return [];
        }

        List<long> numbers = [];
        foreach (string file in System.IO.Directory.GetFiles(Directory, $"{Prefix}*{Suffix}"))
        {
            string digits = Path.GetFileName(file)[Prefix.Length..^Suffix.Length];
            if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                numbers.Add(number);
            }
        }

        return [.. numbers.OrderDescending()];
    }

    private bool IsSound(long number)
    {
        try
        {
            CheckpointFormat.Read(PathOf(number));
            return true;
        }
        catch (InputFaultException)
        {
            return false;
        }
    }

    private string PathOf(long number) => Path.Combine(Directory, FormattableString.Invariant($"{Prefix}{number:D8}{Suffix}"));
}
