namespace ActorMD.Actors;

/// <summary>Cuts messages into chunks and hands out only as many as the receiver has room for.</summary>
/// <remarks>
/// The network below keeps the order but may break off. Then the stream begins anew with the messages that were not begun
/// yet; those that may be lost stay lost, since the actors ask again for what they miss. A pure state machine.
/// </remarks>
public sealed class ChunkSender
{
    private readonly int _chunkLength;
    private readonly int _window;
    private readonly Queue<ReadOnlyMemory<byte>> _messages = [];
    private long _stream;
    private long _next;
    private long _received = -1;
    private int _offset;

    /// <param name="chunkLength">Bytes of a message in one chunk at most.</param>
    /// <param name="window">Chunks without a receipt at most.</param>
    /// <param name="stream">Higher than that of every earlier sender to the same receiver: from a clock.</param>
    public ChunkSender(int chunkLength, int window, long stream)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        _chunkLength = chunkLength;
        _window = window;
        _stream = stream;
    }

    /// <summary>Whether chunks are on their way whose receipt is missing.</summary>
    public bool IsWaiting => _next > _received + 1;

    /// <summary>Messages that are not sent completely.</summary>
    public int MessageCount => _messages.Count;

    public void Add(ReadOnlyMemory<byte> message) => _messages.Enqueue(message);

    /// <summary>The next chunk, if there is one and the receiver has room for it.</summary>
    public bool TryTake(out Chunk chunk)
    {
        if (_messages.Count == 0 || _next > _received + _window)
        {
            chunk = default;
            return false;
        }

        ReadOnlyMemory<byte> message = _messages.Peek();
        int length = Math.Min(_chunkLength, message.Length - _offset);
        chunk = new Chunk(_stream, _next++, message.Length, _offset, message.Slice(_offset, length));
        _offset += length;
        if (_offset == message.Length)
        {
            _messages.Dequeue();
            _offset = 0;
        }

        return true;
    }

    public void Take(ChunkReceipt receipt)
    {
        if (receipt.Stream == _stream && receipt.Number < _next)
        {
            _received = Math.Max(_received, receipt.Number);
        }
    }

    /// <summary>Chunks may be lost: the message in hand and all after it go into a new stream.</summary>
    public void Restart()
    {
        _stream++;
        _next = 0;
        _received = -1;
        _offset = 0;
    }
}
