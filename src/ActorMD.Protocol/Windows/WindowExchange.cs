using System.Runtime.CompilerServices;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Windows;

/// <summary>What a domain and its neighbours have sent each other in one window, by the number of the neighbour.</summary>
internal sealed class WindowExchange
{
    /// <summary>Particles near the block, from each neighbour.</summary>
    public Dictionary<int, Message.Boundary> Boundaries { get; } = [];

    /// <summary>What happened near the block, by each neighbour's simulation.</summary>
    public Dictionary<int, Message.Ledger> Ledgers { get; } = [];

    /// <summary>The domain's own, kept because a neighbour may ask for them again.</summary>
    public Dictionary<int, Message.Boundary> SentBoundaries { get; } = [];

    /// <inheritdoc cref="SentBoundaries"/>
    public Dictionary<int, Message.Ledger> SentLedgers { get; } = [];

    /// <summary>Begins a window.</summary>
    public void Clear()
    {
        Boundaries.Clear();
        Ledgers.Clear();
        SentBoundaries.Clear();
        SentLedgers.Clear();
    }

    /// <summary>Weight of everything that was sent: particles, paths and events.</summary>
    public long SentByteCount
    {
        get
        {
            long count = 0;
            foreach (Message.Boundary boundary in SentBoundaries.Values)
            {
                count += (long)boundary.Particles.Length * Unsafe.SizeOf<ParticleRecord>();
            }

            foreach (Message.Ledger ledger in SentLedgers.Values)
            {
                count += (long)ledger.Paths.Length * Unsafe.SizeOf<PathRecord>() + (long)ledger.States.Length * Unsafe.SizeOf<ParticleState>()
                    + (long)ledger.Events.Length * Unsafe.SizeOf<SharedEventRecord>()
                    + (long)ledger.Participants.Length * Unsafe.SizeOf<ParticipantRecord>();
            }

            return count;
        }
    }
}
