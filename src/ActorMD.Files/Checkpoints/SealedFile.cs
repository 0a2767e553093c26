using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using static System.FormattableString;

namespace ActorMD.Files.Checkpoints;

/// <summary>A kind of binary file that is written whole or not at all and carries its checksum.</summary>
/// <remarks>
/// Little-endian: magic (8 bytes), version (int32), length of the payload (int64), payload, SHA-256 of everything before it.
/// The checksum is verified before anything is interpreted, and nothing is allocated that the file's own length does not cover.
/// </remarks>
/// <param name="magic">First 8 bytes of every such file.</param>
/// <param name="version">The version that is written; it and all before it are read.</param>
/// <param name="noun">What such a file is, in messages.</param>
internal sealed class SealedFile(byte[] magic, int version, string noun)
{
    internal const int HeaderSize = 8 + 4 + 8;
    private const int HashSize = SHA256.HashSizeInBytes;
    private const int BufferSize = 1 << 20;

    /// <summary>Writes a file in one step and flushes it to disk: after a crash the old one or the new one is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="writePayload">Is called twice, and must write the same both times.</param>
    public void Write(string path, Action<CheckpointSink> writePayload) =>
        WholeFile.Write(path, stream => Write(stream, writePayload), toDisk: true);

    /// <summary>Reads a file whose checksum is right.</summary>
    /// <param name="path">The file.</param>
    /// <param name="readPayload">Gets the version, too.</param>
    /// <exception cref="InputFaultException">The file cannot be read or is not sound.</exception>
    public T Read<T>(string path, Func<CheckpointSource, int, T> readPayload)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            return Read(stream, path, readPayload);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CheckpointFormat.Fault(path, $"the file cannot be read: {error.Message.TrimEnd('.')}");
        }
    }

    public void Write(Stream stream, Action<CheckpointSink> writePayload)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferSize];
        CheckpointSink counter = new(null, null, buffer);
        writePayload(counter);
        CheckpointSink sink = new(stream, hash, buffer);
        sink.Write(magic);
        sink.Write(version);
        sink.Write(counter.Length);
        writePayload(sink);
        sink.Flush();
        stream.Write(hash.GetHashAndReset());
    }

    public T Read<T>(Stream stream, string path, Func<CheckpointSource, int, T> readPayload)
    {
        long length = stream.Length;
        if (length < HeaderSize + HashSize)
        {
            throw CheckpointFormat.Fault(path, Invariant($"the file is no {noun} or is cut off: it has {length} bytes"));
        }

        byte[] header = new byte[HeaderSize];
        stream.ReadExactly(header);
        if (!header.AsSpan(0, 8).SequenceEqual(magic))
        {
            throw CheckpointFormat.Fault(path, $"the file is not a {noun} of ActorMD");
        }

        int found = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        if (found < 1 || found > version)
        {
            throw CheckpointFormat.Fault(
                path, string.Create(CultureInfo.InvariantCulture, $"the {noun} has the version {found}, and this ActorMD reads version "
                    + $"{version}{(version > 1 ? " and older ones" : "")}"));
        }

        long payload = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(12));
        if (payload != length - HeaderSize - HashSize)
        {
            throw CheckpointFormat.Fault(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the {noun} is cut off or damaged: it has {length - HeaderSize - HashSize} bytes of content, and its "
                        + $"header says {payload}"));
        }

        if (!HashIsRight(stream, header, payload))
        {
            throw CheckpointFormat.Fault(path, $"the {noun} is damaged: its checksum is wrong");
        }

        stream.Position = HeaderSize;
        CheckpointSource source = new(stream, payload, path);
        T content = readPayload(source, found);
        return source.Remaining == 0 ? content : throw CheckpointFormat.Fault(path, $"the {noun} has more content than it should");
    }

    private static bool HashIsRight(Stream stream, byte[] header, long payload)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        byte[] buffer = new byte[Math.Min(BufferSize, payload)];
        for (long left = payload; left > 0;)
        {
            int count = (int)Math.Min(left, buffer.Length);
            stream.ReadExactly(buffer, 0, count);
            hash.AppendData(buffer, 0, count);
            left -= count;
        }

        byte[] stored = new byte[HashSize];
        stream.ReadExactly(stored);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(stored);
    }
}
