using ActorMD.Physics.Events;

namespace ActorMD.Observables.Measuring;

/// <summary>Pair collisions that follow each other in the event log.</summary>
/// <param name="records">In the order of time.</param>
/// <param name="speciesOf">By particle.</param>
/// <param name="epochLength">Time of an epoch.</param>
internal readonly ref struct PairList(ReadOnlySpan<PairRecord> records, int[] speciesOf, double epochLength)
{
    private readonly int[] _speciesOf = speciesOf;
    private readonly double _epochLength = epochLength;

    /// <summary>The collisions.</summary>
    public ReadOnlySpan<PairRecord> Records { get; } = records;

    /// <summary>Simulation time of a collision since the beginning of the run.</summary>
    public double TimeOf(in PairRecord record) => EventTime.Of(record.Epoch, record.Time, _epochLength);

    public int SpeciesOf(int id) => _speciesOf[id];
}
