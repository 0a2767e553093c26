using System.Runtime.InteropServices;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Testing;

namespace ActorMD.Engine.Tests;

/// <summary>Pair collisions without their velocities: unpacked, they are the records that are written whole, bit for bit.</summary>
public class PackedEventTests
{
    [Theory, MemberData(nameof(SharedSliceTests.Cases), MemberType = typeof(SharedSliceTests))]
    public void Unpacked_events_are_those_of_the_event_log(string name, Gas gas, int[] counts, double until)
    {
        SystemState lattice = Gases.Lattice(gas, counts, seed: 12);
        Check(name, gas, new SystemState(lattice.Particles, Math.ScaleB(1, Math.ILogB(until) - 1), 0, 0), until);
    }

    [Theory, InlineData(2), InlineData(3)]
    public void They_are_so_in_a_small_box_where_many_pairs_meet_across_its_sides(int dimension)
    {
        Gas gas = new(Gases.BoxOf(dimension, 6, Boundary.Periodic, Boundary.Periodic, Boundary.Periodic), [Gases.Light, Gases.Heavy], []);
        Check("small box", gas, Gases.Lattice(gas, [9, 8], seed: 3), until: 2000);
    }

    [Fact]
    public void They_are_so_where_many_events_happen_at_once()
    {
        (Gas gas, SystemState state) = Gases.Ties(columns: 40, rows: 40);
        Check("ties", gas, state, until: 20);
    }

    private static void Check(string name, Gas gas, SystemState state, double until)
    {
        EventBatch whole = new(), packed = new() { IsPacked = true };
        using Simulator one = new(gas, state, log: whole);
        using Simulator two = new(gas, state, log: packed);
        EventUnpacker unpacker = new(gas, state);
        one.Advance(until);
        List<byte> unpacked = [];
        while (!two.Advance(until, 300))
        {
            AddTo(unpacked, packed.Lend(withLastInstant: false).Span, unpacker);
        }

        AddTo(unpacked, packed.Lend(withLastInstant: true).Span, unpacker);
        byte[] expected = whole.Take();
        Assert.True(expected.Length > 1000 * PairRecord.Size, name);
        Assert.True(
            expected.AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(unpacked)),
            $"{name}: {expected.Length} and {unpacked.Count} bytes");
    }

    private static void AddTo(List<byte> all, ReadOnlySpan<byte> packed, EventUnpacker unpacker)
    {
        while (unpacker.Next(ref packed) is { Length: > 0 } events)
        {
            all.AddRange(events);
        }
    }
}
