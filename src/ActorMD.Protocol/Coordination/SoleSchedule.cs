namespace ActorMD.Protocol.Coordination;

/// <summary>How long the slices are of a domain that computes alone: so many events that progress is told several times a second.</summary>
/// <param name="epochLength">Simulation time of an epoch: the first slice is a small part of it.</param>
internal sealed class SoleSchedule(double epochLength)
{
    private const double FirstShare = 1.0 / 4096;
    private const long EventsWanted = 1 << 17;

    private double _length = epochLength * FirstShare;

    /// <summary>Where the next slice ends: an offset in the epoch.</summary>
    /// <param name="start">Its beginning.</param>
    /// <param name="until">Where it has to end at the latest.</param>
    public double Next(double start, double until) =>
        Math.Min(Math.Min(Math.Max(start + _length, Math.BitIncrement(start)), until), epochLength);

    /// <summary>A slice is done.</summary>
    /// <param name="length">Of the slice.</param>
    /// <param name="events">In it.</param>
    public void Learn(double length, long events)
    {
        // One that had to end early tells nothing about longer ones, unless it was too long already.
        if (events > 2 * EventsWanted)
        {
            _length = 0.5 * length;
        }
        else if (events < EventsWanted / 2 && length >= 0.99 * _length)
        {
            _length *= 2;
        }
    }
}
