using System.Buffers.Binary;
using ActorMD.Actors.Links;
using ActorMD.Actors.Networks;

namespace ActorMD.Actors.Tests.Links;

public sealed class PacketReaderTests
{
    private const int LengthMax = 1 << 30;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Packets_are_read_however_the_bytes_are_cut(int seed)
    {
        Random random = new(seed);
        PacketQueue queue = new(lengthMax: 1L << 40);
        List<byte[]> packets = [];
        for (int k = 0; k < 100; k++)
        {
            int length = random.Next(10) switch
            {
                0 => random.Next(3_000_000),
                < 4 => random.Next(200_000),
                _ => random.Next(100),
            };
            byte[] packet = new byte[length];
            random.NextBytes(packet);
            packets.Add(packet);
            Assert.Equal(0, queue.Add(packet));
        }

        MemoryStream bytes = new();
        byte[] buffer = new byte[65_536];
        while (queue.Take(buffer, out ReadOnlyMemory<byte> rest) is int length and > 0)
        {
            bytes.Write(buffer, 0, length);
            bytes.Write(rest.Span);
        }

        Assert.Equal(packets.Sum(packet => packet.Length + PacketQueue.PrefixLength), bytes.Length);
        Assert.Equal(0, queue.Length);
        List<byte[]> read = await ReadAllAsync(new Trickle(bytes.ToArray(), seed));
        Assert.Equal(packets.Count, read.Count);
        Assert.All(packets.Zip(read), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Noise_ends_in_an_exception_or_is_read_as_packets_and_takes_little_memory(int seed)
    {
        Random random = new(seed);
        for (int k = 0; k < 300; k++)
        {
            byte[] noise = new byte[random.Next(10_000)];
            random.NextBytes(noise);
            if (k % 2 == 0)
            {
                // Lengths that are possible, if not true.
                for (int at = 0; at + 4 < noise.Length; at += random.Next(4, 500))
                {
                    BinaryPrimitives.WriteInt32LittleEndian(
                        noise.AsSpan(at), random.Next(3) == 0 ? random.Next(LengthMax) : random.Next(400));
                }
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            Exception? error = await Record.ExceptionAsync(() => ReadAllAsync(new Trickle(noise, seed)));
            Assert.True(error is null or StrangerException or EndOfStreamException, error?.ToString());
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3 << 20);
        }
    }

    [Fact]
    public async Task A_length_that_is_a_lie_takes_no_memory()
    {
        byte[] bytes = new byte[3_000_000];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, LengthMax);
        long before = GC.GetAllocatedBytesForCurrentThread();
        await Assert.ThrowsAsync<EndOfStreamException>(() => ReadAllAsync(new Trickle(bytes, 1)));
        // Less, where the pool has it.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * bytes.Length + (2 << 20));
    }

    [Fact]
    public async Task A_length_above_the_limit_is_refused()
    {
        byte[] bytes = new byte[100];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, LengthMax + 1);
        await Assert.ThrowsAsync<StrangerException>(() => ReadAllAsync(new Trickle(bytes, 1)));
        BinaryPrimitives.WriteInt32LittleEndian(bytes, -1);
        await Assert.ThrowsAsync<StrangerException>(() => ReadAllAsync(new Trickle(bytes, 1)));
    }

    [Fact]
    public void Too_many_bytes_make_way_for_the_newest_packet()
    {
        PacketQueue queue = new(3 * (100 + PacketQueue.PacketCost));
        Assert.Equal(0, queue.Add(new byte[100]));
        Assert.Equal(0, queue.Add(new byte[100]));
        Assert.Equal(0, queue.Add(new byte[100]));
        Assert.Equal(3, queue.Add(new byte[100]));
        Assert.Equal(100 + PacketQueue.PacketCost, queue.Length);
        Assert.Equal(1, queue.Add(new byte[1000]));
        byte[] buffer = new byte[65_536];
        Assert.Equal(1004, queue.Take(buffer, out ReadOnlyMemory<byte> rest));
        Assert.Equal(0, rest.Length);
    }

    private static async Task<List<byte[]>> ReadAllAsync(Stream stream)
    {
        using PacketReader reader = new(stream, LengthMax);
        List<byte[]> packets = [];
        do
        {
            while (reader.TryTake(out ArrivedPacket? packet))
            {
                packets.Add(packet.Bytes.ToArray());
                packet.Dispose();
            }
        }
        while (await reader.FillAsync(default).ConfigureAwait(false));
        return packets;
    }

    /// <summary>Gives its bytes in pieces of random lengths, on the thread that asks.</summary>
    private sealed class Trickle(byte[] bytes, int seed) : MemoryStream(bytes)
    {
        private readonly Random _random = new(seed);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int length = _random.Next(4) == 0 ? _random.Next(1, 10) : _random.Next(1, 100_000);
            return ValueTask.FromResult(Read(buffer.Span[..Math.Min(buffer.Length, length)]));
        }
    }
}
