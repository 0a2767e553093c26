using System.Text.Json.Serialization;

namespace ActorMD.Files.Manifests;

/// <summary>One file of a manifest.</summary>
/// <param name="Name">Relative to the run folder, with slashes.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Of these bytes, in hexadecimal digits.</param>
/// <param name="LinesPerBlock">Of a text: lines that share a short checksum; 1 up to <see cref="LineDigests.BlockCountMax"/> lines.</param>
/// <param name="Blocks">The short checksums one after the other: they tell which line has changed.</param>
public sealed record FileEntry(
    string Name, long Bytes, string Sha256,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LinesPerBlock = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Blocks = null)
{
    private static readonly string[] TextSuffixes = [".yaml", ".json", ".jsonl", ".csv", ".extxyz", ".lammps", ".svg"];

    // Other processes, and later sessions, write at the end of a log.
    private bool MayGrow => Name.EndsWith(".jsonl", StringComparison.Ordinal);

    /// <summary>The entry of a file as it is now.</summary>
    public static FileEntry Of(string path, string name)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Of(stream, name);
    }

    /// <summary>The entry of a file with this content.</summary>
    public static FileEntry Of(Stream content, string name)
    {
        long length = content.Length;
        string digest = LineDigests.Whole(content, length);
        if (!TextSuffixes.Contains(Path.GetExtension(name)))
        {
            return new FileEntry(name, length, digest);
        }

        int lines = LineDigests.LinesPerBlock(content, length);
        return new FileEntry(name, length, digest, lines, string.Concat(LineDigests.Blocks(content, length, lines)));
    }

    /// <summary>What is wrong with the file; null: nothing.</summary>
    public string? Check(string path)
    {
        if (!File.Exists(path))
        {
            return $"{path} is missing";
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        bool isAsLong = MayGrow ? stream.Length >= Bytes : stream.Length == Bytes;
        if (isAsLong && LineDigests.Whole(stream, Bytes) == Sha256)
        {
            return null;
        }

        long length = MayGrow ? Math.Min(stream.Length, Bytes) : stream.Length;
        string changed = LinesPerBlock is { } lines
            && Blocks is not null ? ChangedLines(LineDigests.Blocks(stream, length, lines), lines) : "";
        return stream.Length == Bytes
            ? $"{path}{changed}: the file is not what the run wrote: its checksum is another"
            : FormattableString.Invariant(
                $"{path}{changed}: the file is not what the run wrote: it has {stream.Length} bytes instead of {Bytes}");
    }

    // As in (17), or (1025 to 1028) where lines share a checksum.
    private string ChangedLines(IEnumerable<string> found, int lines)
    {
        int block = 0;
        foreach (string digest in found)
        {
            int at = block * LineDigests.DigitCount;
            if (at + LineDigests.DigitCount > Blocks!.Length || !Blocks.AsSpan(at, LineDigests.DigitCount).SequenceEqual(digest))
            {
                break;
            }

            block++;
        }

        long first = (long)block * lines + 1;
        return lines == 1 ? FormattableString.Invariant($"({first})") : FormattableString.Invariant($"({first} to {first + lines - 1})");
    }
}
