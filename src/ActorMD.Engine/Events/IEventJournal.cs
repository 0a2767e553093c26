using ActorMD.Physics;

namespace ActorMD.Engine.Events;

/// <summary>
/// What an event loop tells about its events while it applies them: nothing (<see cref="NoJournal"/>), all of them
/// (<see cref="LogJournal"/>), or what is needed to roll them back.
/// </summary>
/// <remarks>An event calls <see cref="Begin"/> or <see cref="BeginPair"/>, then perhaps <see cref="AddBoxes"/>, then <see cref="Complete"/>.</remarks>
internal interface IEventJournal
{
    /// <summary>Whether anything is kept; if not, no other member is called.</summary>
    bool IsKeeping { get; }

    /// <summary>A particle is about to have an event; the members of a tuple come one by one, in the order of their ids.</summary>
    void Begin(int slot, double now);

    /// <summary>Two particles are about to collide.</summary>
    void BeginPair(int first, int second, double now);

    /// <summary>A participant of the present event has left the box through a periodic face: whole boxes that are added to its image.</summary>
    void AddBoxes(int slot, Int3 boxes);

    /// <summary>The event of the participants that were begun last is done.</summary>
    /// <param name="happened">The event; the journal itself knows the number of its first participant.</param>
    /// <param name="speedSquared">|v|^2 of the fastest participant afterwards.</param>
    void Complete(in AppliedEvent happened, double speedSquared);
}

/// <summary>Keeps nothing.</summary>
internal sealed class NoJournal : IEventJournal
{
    private NoJournal()
    {
    }

    public static NoJournal Instance { get; } = new();

    public bool IsKeeping => false;

    public void Begin(int slot, double now)
    {
    }

    public void BeginPair(int first, int second, double now)
    {
    }

    public void AddBoxes(int slot, Int3 boxes)
    {
    }

    public void Complete(in AppliedEvent happened, double speedSquared)
    {
    }
}
