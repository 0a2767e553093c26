using System.Collections.Immutable;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Windows;

namespace ActorMD.Protocol.Comparison;

/// <summary>Finds out how far the simulations of neighbouring domains agree where they touch each other.</summary>
public interface IComparison
{
    /// <summary>
    /// T_v: a moment before which nothing has reached this domain's own particles that their owners do not know, and nothing is
    /// missing; +infinity if that holds for the whole window.
    /// </summary>
    /// <param name="window">This domain's simulation.</param>
    /// <param name="sent">What it has sent to its neighbours.</param>
    /// <param name="received">What they have sent, in the same order.</param>
    double FirstDifference(RegionWindow window, ImmutableArray<Message.Ledger> sent, ImmutableArray<Message.Ledger> received);
}

/// <summary>
/// The ledger rule: (1) every event between particles of different owners stands bit-identically in both owners' ledgers;
/// (2) where an owner's path differs from the copy here, it meets none of the own particles.
/// </summary>
/// <remarks>
/// Take the paths of all particles as their owners computed them, and the first moment at which they are not the truth. Either
/// there is an event in some owner's ledger that is false: all its participants' states before it are true, so for its owner
/// it would have been a true event, unless a participant's copy was false, and then the other owner's ledger has another state
/// before the event, or no such event: (1). Or an event is missing: the domain would have found it if it had had all
/// participants on their true paths; so one of them follows another path than its copy, or has none, and it meets an own
/// particle: (2).
/// </remarks>
public sealed class LedgerComparison : IComparison
{
    /// <inheritdoc/>
    public double FirstDifference(RegionWindow window, ImmutableArray<Message.Ledger> sent, ImmutableArray<Message.Ledger> received) =>
        Math.Min(SharedEvents.FirstDifference(sent, received), MissedEvents.First(window, received));
}
