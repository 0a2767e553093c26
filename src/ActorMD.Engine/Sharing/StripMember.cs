namespace ActorMD.Engine.Sharing;

/// <summary>What is known of a particle that is close to a boundary, and of no other.</summary>
internal struct StripMember
{
    /// <summary>From here on its events are left to its strip; +infinity if they are not.</summary>
    public double DeferredFrom;

    /// <summary>When its last flight in its block ended; meaningless if there is none.</summary>
    public double LastEnd;

    /// <summary>Number of that flight in its block's journal, or <see cref="BlockJournal.None"/>.</summary>
    public int LastFlight;

    /// <summary>At the beginning of a slice.</summary>
    public static StripMember OfNewSlice => new() { DeferredFrom = double.PositiveInfinity, LastFlight = BlockJournal.None };
}
