namespace ActorMD.Actors;

/// <summary>A part of a message that is too large for one frame, or a whole small one.</summary>
/// <param name="Stream">The sender's attempt: raised when chunks may have been lost; what is left of earlier ones is void.</param>
/// <param name="Number">Counts the chunks of a stream, from 0.</param>
/// <param name="Length">Of the whole message, in bytes.</param>
/// <param name="Offset">Of this part in it.</param>
/// <param name="Bytes">The part; it ends the message when it reaches its length.</param>
public readonly record struct Chunk(long Stream, long Number, int Length, int Offset, ReadOnlyMemory<byte> Bytes);

/// <summary>Receiver to sender: all chunks up to this one have arrived, so as many more may be sent.</summary>
public readonly record struct ChunkReceipt(long Stream, long Number);
