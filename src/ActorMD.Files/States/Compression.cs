using System.IO.Compression;
using ZstdSharp;

namespace ActorMD.Files.States;

/// <summary>Text files that are compressed as a whole: a second suffix, <c>.gz</c> or <c>.zst</c>.</summary>
internal static class Compression
{
    private const int ZstandardLevel = 3;

    /// <summary>The path without the suffix of a compression.</summary>
    public static string WithoutSuffix(string path) => IsGzip(path) || IsZstandard(path) ? path[..^Path.GetExtension(path).Length] : path;

    /// <summary>The content of a file.</summary>
    public static Stream Unpack(string path, Stream file) =>
        IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress)
        : IsZstandard(path) ? new DecompressionStream(file, leaveOpen: false)
        : file;

    /// <summary>Writes the content of a file, which stays open.</summary>
    public static void Pack(string path, Stream file, Action<Stream> write)
    {
        if (IsGzip(path))
        {
            using GZipStream packed = new(file, CompressionLevel.Optimal, leaveOpen: true);
            write(packed);
        }
        else if (IsZstandard(path))
        {
            using CompressionStream packed = new(file, ZstandardLevel, leaveOpen: true);
            write(packed);
        }
        else
        {
            write(file);
        }
    }

    /// <summary>Whether an error says that a compressed file is damaged or cut off.</summary>
    public static bool IsDamage(Exception error) => error is InvalidDataException or ZstdException or EndOfStreamException;

    private static bool IsGzip(string path) => Path.GetExtension(path).Equals(".gz", StringComparison.OrdinalIgnoreCase);

    private static bool IsZstandard(string path) => Path.GetExtension(path).Equals(".zst", StringComparison.OrdinalIgnoreCase);
}
