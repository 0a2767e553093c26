using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using FsCheck;
using FsCheck.Fluent;

namespace ActorMD.Engine.Tests.Properties;

/// <summary>What a log of states has seen can be undone, bit for bit: all of it, or one entry alone and then all of it.</summary>
public sealed unsafe class StateLogProperties
{
    private const int Count = 12;

    [Fact]
    public void Undone_events_leave_the_states_before_them()
    {
        int moved = 0;
        Gen<(int, int, int)[]> events = Gen.ArrayOf(
            from slot in Gen.Choose(0, Count - 1)
            from boxes in Gen.Choose(-2, 2)
            from number in Gen.Choose(1, 1000)
            select (slot, boxes, number));
        Properties.Hold(Gen.Resize(events, 300), 100, all =>
        {
            SystemState state = new([.. Enumerable.Range(0, Count).Select(k => new ParticleState { Position = new Vec3(k, 0, 0) })], 1);
            using ParticleStore store = ParticleStore.Of(state, [.. Enumerable.Range(0, Count)]);
            using StateLog log = new();
            List<ParticleState[]> before = [];
            foreach ((int slot, int boxes, int number) in all)
            {
                before.Add(StatesOf(store));
                log.Add(slot, store.Particles + slot);
                store.Particles[slot].X = number;
                store.Particles[slot].Time += 1;
                if (boxes != 0)
                {
                    moved++;
                    store.Images[3 * slot] += boxes;
                    log.AddBoxes(slot, new Int3(boxes, 0, 0));
                }
            }

            if (all.Length > 1)
            {
                // The latest event of its particle can be undone alone.
                int last = all.Length - 1 - all[0].Item3 % all.Length, slot = all[last].Item1;
                if (!all[(last + 1)..].Any(later => later.Item1 == slot))
                {
                    log.UndoAlone(last, store);
                    Assert.Equal(before[last][slot], store.StateOf(slot));
                }

                int half = all.Length / 2;
                log.UndoTo(half, store);
                if (last >= half)
                {
                    Assert.Equal(before[half], StatesOf(store));
                }
            }

            log.UndoTo(0, store);
            Assert.Equal(state.Particles, StatesOf(store));
        });
        Assert.True(moved > 1000, $"{moved} images moved");
    }

    /// <summary>The strips on both sides of a block undo events of its log at the same time.</summary>
    [Fact]
    public void Two_threads_may_undo_events_of_their_own()
    {
        const int particles = 20_000;
        SystemState state = new([.. Enumerable.Range(0, particles).Select(k => new ParticleState { Position = new Vec3(k, 0, 0) })], 1);
        using ParticleStore store = ParticleStore.Of(state, [.. Enumerable.Range(0, particles)]);
        using StateLog log = new();
        for (int slot = 0; slot < particles; slot++)
        {
            log.Add(slot, store.Particles + slot);
            store.Particles[slot].X = -1;
            store.Images[3 * slot + 1] += 1 + slot % 3;
            log.AddBoxes(slot, new Int3(0, 1 + slot % 3, 0));
        }

        ParticleStore undone = store; // a thread's function cannot hold a variable of a using statement
        using Barrier start = new(2);
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(half => new Thread(() =>
        {
            start.SignalAndWait();
            for (int entry = particles - 1 - half; entry >= particles / 2; entry -= 2)
            {
                log.UndoAlone(entry, undone);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(state.Particles[(particles / 2)..], StatesOf(store)[(particles / 2)..]);
        log.UndoTo(0, store);
        Assert.Equal(state.Particles, StatesOf(store));
    }

    /// <summary>The participants of one event cross the walls of the box in any order.</summary>
    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(1, 2, 0)]
    public void An_event_of_three_is_undone_whatever_the_order_in_which_they_cross(int first, int second, int third)
    {
        SystemState state = new([.. Enumerable.Range(0, 3).Select(k => new ParticleState { Position = new Vec3(k, 0, 0) })], 1);
        using ParticleStore store = ParticleStore.Of(state, [0, 1, 2]);
        using StateLog log = new();
        for (int slot = 0; slot < 3; slot++)
        {
            log.Add(slot, store.Particles + slot);
        }

        foreach (int slot in (int[])[first, second, third])
        {
            store.Images[3 * slot] += 1;
            log.AddBoxes(slot, new Int3(1, 0, 0));
        }

        for (int entry = 0; entry < 3; entry++)
        {
            log.UndoAlone(entry, store);
        }

        Assert.Equal(state.Particles, StatesOf(store));
    }

    private static ParticleState[] StatesOf(ParticleStore store)
    {
        ParticleState[] states = new ParticleState[store.Count];
        store.CopyTo(states);
        return states;
    }
}
