namespace ActorMD.Actors;

/// <summary>Puts the chunks of one sender together again. A pure state machine.</summary>
/// <param name="messageLengthMax">Bytes of the longest message that is accepted.</param>
public sealed class ChunkReceiver(int messageLengthMax)
{
    private long _stream = long.MinValue;
    private long _next;
    private byte[]? _message;
    private int _offset;
    private bool _isWhole;

    /// <summary>Takes a chunk in.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="receipt">For the sender, or null if the chunk was none of the present stream.</param>
    /// <returns>The message that is complete now, or null.</returns>
    /// <exception cref="StrangerException">No sender of this program makes such a chunk.</exception>
    public byte[]? Take(Chunk chunk, out ChunkReceipt? receipt)
    {
        if (chunk.Length < 1 || chunk.Length > messageLengthMax)
        {
            throw StrangerException.Chunk($"a message of {chunk.Length} bytes, while 1 to {messageLengthMax} are accepted");
        }

        if (chunk.Offset < 0 || chunk.Bytes.Length < 1 || chunk.Bytes.Length > chunk.Length - chunk.Offset)
        {
            throw StrangerException.Chunk($"{chunk.Bytes.Length} bytes at {chunk.Offset} of {chunk.Length}");
        }

        receipt = null;
        if (chunk.Stream < _stream || (chunk.Stream == _stream && chunk.Number < _next))
        {
            return null;
        }

        if (chunk.Stream > _stream)
        {
            _stream = chunk.Stream;
            _next = 0;
            _message = null;
            _isWhole = chunk.Number == 0;
        }

        // A gap: nothing of this stream is complete any more; without receipts its sender begins another.
        _isWhole &= chunk.Number == _next;
        if (!_isWhole)
        {
            return null;
        }

        if (chunk.Offset != (_message is null ? 0 : _offset) || (_message is not null && chunk.Length != _message.Length))
        {
            throw StrangerException.Chunk($"offset {chunk.Offset} where {(_message is null ? 0 : _offset)} is due");
        }

        _message ??= new byte[chunk.Length];
        chunk.Bytes.Span.CopyTo(_message.AsSpan(chunk.Offset));
        _offset = chunk.Offset + chunk.Bytes.Length;
        _next++;
        receipt = new ChunkReceipt(_stream, chunk.Number);
        if (_offset < _message.Length)
        {
            return null;
        }

        byte[] message = _message;
        _message = null;
        return message;
    }
}
