using System.Security.Cryptography;

namespace ActorMD.Files.Manifests;

/// <summary>Checksums of the first bytes of a file, whole and in blocks of lines.</summary>
internal static class LineDigests
{
    /// <summary>Short checksums of a file at most.</summary>
    public const int BlockCountMax = 2048;

    /// <summary>Hexadecimal digits of a short checksum.</summary>
    public const int DigitCount = 8;

    private const int BufferSize = 1 << 18;
    private const byte NewLine = (byte)'\n';

    /// <summary>SHA-256 of the first bytes.</summary>
    public static string Whole(Stream content, long length)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ArraySegment<byte> part in Parts(content, length))
        {
            hash.AppendData(part);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>So many lines to a block that the blocks are not too many.</summary>
    public static int LinesPerBlock(Stream content, long length)
    {
        long lines = 1;
        foreach (ArraySegment<byte> part in Parts(content, length))
        {
            lines += part.AsSpan().Count(NewLine);
        }

        return (int)Math.Min((lines + BlockCountMax - 1) / BlockCountMax, int.MaxValue);
    }

    /// <summary>The beginning of the SHA-256 of every block of lines.</summary>
    public static IEnumerable<string> Blocks(Stream content, long length, int linesPerBlock)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int lines = 0;
        bool isOpen = false;
        foreach (ArraySegment<byte> part in Parts(content, length))
        {
            for (int from = 0; from < part.Count;)
            {
                int line = part.AsSpan(from).IndexOf(NewLine);
                int next = line < 0 ? part.Count : from + line + 1;
                hash.AppendData(part.AsSpan(from, next - from));
                isOpen = true;
                from = next;
                if (line >= 0 && ++lines == linesPerBlock)
                {
                    yield return Digits(hash);
                    (lines, isOpen) = (0, false);
                }
            }
        }

        if (isOpen)
        {
            yield return Digits(hash);
        }
    }

    private static string Digits(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, DigitCount / 2));

    private static IEnumerable<ArraySegment<byte>> Parts(Stream content, long length)
    {
        byte[] buffer = new byte[Math.Min(BufferSize, Math.Max(length, 1))];
        content.Position = 0;
        for (long left = Math.Min(length, content.Length); left > 0;)
        {
            int read = content.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
            {
                break;
            }

            left -= read;
            yield return new ArraySegment<byte>(buffer, 0, read);
        }
    }
}
