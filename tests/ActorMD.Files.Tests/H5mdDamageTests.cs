using System.Buffers.Binary;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

/// <summary>H5MD files in which a length is damaged.</summary>
public class H5mdDamageTests
{
    private const long AllocationMax = 32L << 20;

    [Theory, InlineData(int.MaxValue), InlineData(0x0FFF_FFFF), InlineData(-1)]
    public void No_number_of_a_file_makes_the_reader_take_more_memory_than_the_file_can_fill(int claimed)
    {
        Gas gas = Cases.Mixture();
        using MemoryStream stream = new();
        ParticleFile.Write("a.h5md", [ParticleFrame.Of(gas, Cases.State(gas))], stream, default);
        byte[] sound = stream.ToArray();
        int refused = 0;
        Assert.Empty(Read(sound).Faults);
        for (int at = 0; at + 4 <= sound.Length; at += 2)
        {
            byte[] damaged = [.. sound];
            BinaryPrimitives.WriteInt32LittleEndian(damaged.AsSpan(at), claimed);
            long before = GC.GetAllocatedBytesForCurrentThread();
            refused += Read(damaged).Faults.IsEmpty ? 0 : 1;
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < AllocationMax, $"{claimed} at byte {at}");
        }

        Assert.True(refused > sound.Length / 20, $"{refused} of {sound.Length / 2} are refused");
    }

    private static ParticleFileLoad Read(byte[] bytes) => BinaryFile.Read(
        "a.h5md", new MemoryStream(bytes), ParticleFile.BinaryFormatOf("a.h5md")!, lastOnly: false, salvage: false, out _, default);
}
