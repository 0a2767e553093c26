using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>
/// Sorts particles by key (cell, then species) with a counting sort. It is stable, so the order does not depend on the number
/// of chunks that threads treat.
/// </summary>
internal sealed class CellSort
{
    private readonly int _keyCount;
    private readonly int[][] _nextOf;
    private readonly int[] _targets;

    public CellSort(int particleCount, int keyCount, int chunkCount)
    {
        _keyCount = keyCount;
        _nextOf = [.. Enumerable.Range(0, chunkCount).Select(_ => new int[keyCount])];
        _targets = new int[particleCount];
        Starts = new int[keyCount + 1];
    }

    /// <summary>Where each key's particles begin; one more entry at the end.</summary>
    public int[] Starts { get; }

    /// <summary>Counts a chunk's keys.</summary>
    public void Count(int chunk, ReadOnlySpan<int> keys)
    {
        int[] next = _nextOf[chunk];
        Array.Clear(next);
        foreach (int key in keys)
        {
            next[key]++;
        }
    }

    /// <summary>Turns the counts of all chunks into offsets.</summary>
    public void SetOffsets()
    {
        int offset = 0;
        if (_nextOf.Length == 1)
        {
            int[] next = _nextOf[0];
            for (int key = 0; key < _keyCount; key++)
            {
                Starts[key] = offset;
                int count = next[key];
                next[key] = offset;
                offset += count;
            }
        }
        else
        {
            for (int key = 0; key < _keyCount; key++)
            {
                Starts[key] = offset;
                foreach (int[] next in _nextOf)
                {
                    int count = next[key];
                    next[key] = offset;
                    offset += count;
                }
            }
        }

        Starts[_keyCount] = offset;
    }

    /// <summary>Copies a chunk of particles to where they belong.</summary>
    public void Move(int chunk, int start, int end, int[] keys, DsmcParticles from, DsmcParticles to)
    {
        int[] next = _nextOf[chunk];
        Span<int> targets = _targets.AsSpan(start, end - start);
        ReadOnlySpan<int> chunkKeys = keys.AsSpan(start, end - start);
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = next[chunkKeys[i]]++;
        }

        for (int axis = 0; axis < 3; axis++)
        {
            Copy<double>(from.Positions[axis], to.Positions[axis], start, targets);
            Copy<double>(from.Velocities[axis], to.Velocities[axis], start, targets);
        }

        Copy<int>(from.Species, to.Species, start, targets);
    }

    // Unchecked writes: the targets are a permutation by construction, and checks cost a quarter of the whole sort.
    private static void Copy<T>(ReadOnlySpan<T> from, Span<T> to, int start, ReadOnlySpan<int> targets)
        where T : unmanaged
    {
        if (from.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<T> chunk = from.Slice(start, targets.Length);
        ref T target = ref MemoryMarshal.GetReference(to);
        for (int i = 0; i < targets.Length; i++)
        {
            Debug.Assert((uint)targets[i] < (uint)to.Length);
            Unsafe.Add(ref target, (nint)(uint)targets[i]) = chunk[i];
        }
    }
}
