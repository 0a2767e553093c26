using System.Buffers;
using ActorMD.Protocol;
using MessagePack;

namespace ActorMD.Actors;

/// <summary>All that nodes send to each other over Akka.NET: parts of frames, and receipts for them.</summary>
/// <param name="From">The incarnation of the sender: its number in the cluster.</param>
public abstract record LinkFrame(int From)
{
    /// <summary>A part of a frame.</summary>
    public sealed record Part(int From, Chunk Chunk) : LinkFrame(From);

    /// <summary>A receipt for parts.</summary>
    public sealed record Receipt(int From, ChunkReceipt Of) : LinkFrame(From);

    /// <summary>Bytes that are neither.</summary>
    public sealed record Unreadable(string Reason) : LinkFrame(0);

    /// <summary>MessagePack: [from, stream, number], for parts followed by length, offset and bytes.</summary>
    public byte[] Encode()
    {
        ArrayBufferWriter<byte> output = new(this is Part sized ? sized.Chunk.Bytes.Length + 64 : 32);
        MessagePackWriter writer = new(output);
        switch (this)
        {
            case Part part:
                writer.WriteArrayHeader(6);
                writer.Write(From);
                writer.Write(part.Chunk.Stream);
                writer.Write(part.Chunk.Number);
                writer.Write(part.Chunk.Length);
                writer.Write(part.Chunk.Offset);
                writer.Write(part.Chunk.Bytes.Span);
                break;
            case Receipt receipt:
                writer.WriteArrayHeader(3);
                writer.Write(From);
                writer.Write(receipt.Of.Stream);
                writer.Write(receipt.Of.Number);
                break;
            default:
                throw new InvalidOperationException("what cannot be read is not sent");
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads one frame that fills all of the bytes; a part keeps them.</summary>
    public static LinkFrame Decode(byte[] bytes)
    {
        try
        {
            MessagePackReader reader = new(bytes);
            int count = reader.ReadArrayHeader();
            if (count is not (3 or 6))
            {
                return new Unreadable($"an array of {count} values");
            }

            int from = reader.ReadInt32();
            long stream = reader.ReadInt64(), number = reader.ReadInt64();
            if (count == 3)
            {
                return reader.End ? new Receipt(from, new ChunkReceipt(stream, number)) : new Unreadable("bytes after a receipt");
            }

            int length = reader.ReadInt32(), offset = reader.ReadInt32(), partLength = (int)(reader.ReadBytes()?.Length ?? -1);
            return partLength >= 0 && reader.End
                ? new Part(from, new Chunk(stream, number, length, offset, bytes.AsMemory(bytes.Length - partLength)))
                : new Unreadable("bytes after a part");
        }
        catch (Exception error) when (WireException.IsOfReader(error))
        {
            return new Unreadable(error.Message);
        }
    }
}
