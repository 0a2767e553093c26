using ActorMD.Physics;

namespace ActorMD.Engine.Events;

/// <summary>One event, as an event loop tells its journal of it.</summary>
/// <param name="Time">Offset from the start of the epoch.</param>
/// <param name="Order">1 a bounce off a wall, 2 a pair collision, 3 and up a zone event.</param>
/// <param name="First">Number of the first participant's record in a journal; the others follow in the order of ids.</param>
/// <param name="Impulse">Its term of <see cref="EventTally.Virial"/>, for order 1 of <see cref="EventTally.WallImpulse"/>.</param>
/// <param name="IsMultiple">It counts in <see cref="EventTally.MultipleCount"/>.</param>
/// <param name="IsGrazing">It counts in <see cref="EventTally.GrazingCount"/>.</param>
public readonly record struct AppliedEvent(double Time, int Order, int First, double Impulse, bool IsMultiple, bool IsGrazing)
{
    /// <summary>Number of participants.</summary>
    public int Count => Order == 1 ? 1 : Order;
}
