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
}
