namespace ActorMD.Actors.Tests;

public sealed class ChunkTests
{
    private readonly ChunkSender _sender = new(chunkLength: 10, window: 4, stream: 1);
    private readonly ChunkReceiver _receiver = new(messageLengthMax: 1000);

    [Fact]
    public void Messages_of_any_length_arrive_whole_and_in_order()
    {
        Random random = new(3);
        List<byte[]> sent = [], received = [];
        for (int k = 0; k < 200; k++)
        {
            byte[] message = new byte[random.Next(1, 100)];
            random.NextBytes(message);
            sent.Add(message);
            _sender.Add(message);
            received.AddRange(Pump());
        }

        Assert.Equal(sent, received);
        Assert.False(_sender.IsWaiting);
        Assert.Equal(0, _sender.MessageCount);
    }

    [Fact]
    public void No_more_chunks_than_the_window_are_under_way_without_a_receipt()
    {
        _sender.Add(new byte[100]);
        List<Chunk> first = TakeAll();
        Assert.Equal(4, first.Count);
        _sender.Take(new ChunkReceipt(1, 1));
        Assert.Equal(2, TakeAll().Count);
        Assert.True(_sender.IsWaiting);
    }

    [Fact]
    public void A_lost_chunk_loses_the_messages_under_way_and_no_later_one()
    {
        byte[] later = [9, 9, 9];
        _sender.Add(new byte[25]);
        _sender.Add(new byte[5]);
        List<Chunk> chunks = TakeAll();
        Assert.Null(_receiver.Take(chunks[0], out _));
        Assert.Null(_receiver.Take(chunks[2], out ChunkReceipt? receipt));
        Assert.Null(receipt);
        Assert.Null(_receiver.Take(chunks[3], out _));
        _sender.Restart();
        _sender.Add(later);
        Assert.Equal([later], Pump());
    }

    [Fact]
    public void A_message_that_was_begun_when_the_link_broke_is_sent_from_its_beginning()
    {
        byte[] message = [.. Enumerable.Range(0, 95).Select(k => (byte)k)];
        _sender.Add(message);
        TakeAll();
        _sender.Restart();
        Assert.Equal([message], Pump());
    }

    [Fact]
    public void What_arrives_twice_or_late_changes_nothing()
    {
        _sender.Add(new byte[15]);
        List<Chunk> chunks = TakeAll();
        Assert.Null(_receiver.Take(chunks[0], out _));
        Assert.Null(_receiver.Take(chunks[0], out ChunkReceipt? receipt));
        Assert.Null(receipt);
        Assert.NotNull(_receiver.Take(chunks[1], out _));
        _sender.Restart();
        _sender.Add(new byte[5]);
        Assert.Single(Pump());
        Assert.Null(_receiver.Take(chunks[0], out _));
    }

    [Theory]
    [InlineData(2000, 0, 10)]
    [InlineData(0, 0, 1)]
    [InlineData(20, 15, 10)]
    [InlineData(20, -5, 10)]
    [InlineData(20, 10, 10)]
    [InlineData(20, 0, 0)]
    public void A_chunk_that_contradicts_itself_is_refused(int length, int offset, int bytes) =>
        Assert.Throws<StrangerException>(() => _receiver.Take(new Chunk(1, 0, length, offset, new byte[bytes]), out _));

    [Fact]
    public void Frames_are_read_as_they_were_written()
    {
        byte[] bytes = [1, 2, 3, 4];
        LinkFrame.Part part = Assert.IsType<LinkFrame.Part>(LinkFrame.Decode(new LinkFrame.Part(-5, new Chunk(1L << 60, 7, 40, 8, bytes)).Encode()));
        Assert.Equal((-5, 1L << 60, 7L, 40, 8), (part.From, part.Chunk.Stream, part.Chunk.Number, part.Chunk.Length, part.Chunk.Offset));
        Assert.Equal(bytes, part.Chunk.Bytes.ToArray());
        LinkFrame.Receipt receipt = new(3, new ChunkReceipt(4, 5));
        Assert.Equal(receipt, LinkFrame.Decode(receipt.Encode()));
    }

    [Fact]
    public void Bytes_that_are_no_frame_are_unreadable_and_nothing_crashes()
    {
        Random random = new(8);
        byte[] sound = new LinkFrame.Part(1, new Chunk(2, 3, 40, 8, new byte[20])).Encode();
        for (int length = 0; length < sound.Length; length++)
        {
            Assert.IsType<LinkFrame.Unreadable>(LinkFrame.Decode(sound[..length]));
        }

        for (int k = 0; k < 2000; k++)
        {
            byte[] noise = new byte[random.Next(100)];
            random.NextBytes(noise);
            Assert.NotNull(LinkFrame.Decode(noise));
        }
    }

    private List<Chunk> TakeAll()
    {
        List<Chunk> chunks = [];
        while (_sender.TryTake(out Chunk chunk))
        {
            chunks.Add(chunk);
        }

        return chunks;
    }

    private List<byte[]> Pump()
    {
        List<byte[]> messages = [];
        while (_sender.TryTake(out Chunk chunk))
        {
            if (_receiver.Take(chunk, out ChunkReceipt? receipt) is { } message)
            {
                messages.Add(message);
            }

            _sender.Take(receipt!.Value);
        }

        return messages;
    }
}
