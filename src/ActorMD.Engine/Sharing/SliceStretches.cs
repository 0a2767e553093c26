using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing;

/// <summary>
/// What one worker's events have changed in each stretch of a slice between waypoints: with it sums at moments within the slice are known
/// when it is done, without a stop there.
/// </summary>
/// <remarks>
/// Velocities change at events only, and sums are exact: what an event has added is taken off again, to the last bit, when it is
/// rolled back.
/// </remarks>
/// <param name="gas">What is simulated.</param>
/// <param name="store">The particles.</param>
internal sealed unsafe class SliceStretches(Gas gas, ParticleStore store)
{
    private readonly List<VelocitySums> _gains = [];
    private readonly List<EventTally> _tallies = [];
    private double[] _ends = []; // of all stretches but the last, offsets in the epoch

    /// <summary>Whether there are waypoints in the slice.</summary>
    public bool IsWanted => _ends.Length > 0;

    /// <summary>A slice begins.</summary>
    /// <param name="waypoints">Offsets in the epoch, in their order.</param>
    public void Begin(double[] waypoints)
    {
        _ends = waypoints;
        for (int k = 0; IsWanted && k <= waypoints.Length; k++)
        {
            if (k == _gains.Count)
            {
                _gains.Add(new VelocitySums(gas));
                _tallies.Add(new EventTally(gas.Species.Length, gas.OrderMax));
            }

            _gains[k].Clear();
            _tallies[k].Clear();
        }
    }

    /// <summary>An event is done; its participants' records of before are the last of a log.</summary>
    public void Add(in AppliedEvent happened, StateLog states)
    {
        int stretch = StretchOf(happened.Time), first = states.Count - happened.Count;
        for (int entry = first; entry < states.Count; entry++)
        {
            Particle* before = states.Before(entry);
            Exchange(_gains[stretch], before, store.Particles + states.SlotOf(entry));
        }

        int second = happened.Count > 1 ? gas.Kinds[states.Before(first + 1)->Kind].Species : 0;
        _tallies[stretch].Count(
            happened.Order, gas.Kinds[states.Before(first)->Kind].Species, second, happened.Impulse, happened.IsMultiple,
            happened.IsGrazing);
    }

    /// <summary>An event was rolled back.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="first">Species of its first participant.</param>
    /// <param name="second">Species of its second participant, if it has one.</param>
    public void Remove(in AppliedEvent happened, int first, int second) =>
        _tallies[StretchOf(happened.Time)].Uncount(
            happened.Order, first, second, happened.Impulse, happened.IsMultiple, happened.IsGrazing);

    /// <summary>A participant of an event that is rolled back is as it was before.</summary>
    /// <param name="time">Of the event.</param>
    /// <param name="after">The participant after the event.</param>
    /// <param name="before">And before.</param>
    public void Return(double time, Particle* after, Particle* before) => Exchange(_gains[StretchOf(time)], after, before);

    /// <summary>Adds what happened in a stretch.</summary>
    public void AddTo(int stretch, VelocitySums sums, EventTally tally)
    {
        sums.Add(_gains[stretch]);
        tally.Add(_tallies[stretch]);
    }

    private static void Exchange(VelocitySums sums, Particle* from, Particle* to) =>
        sums.Exchange(from->Kind, new Vec3(from->VX, from->VY, from->VZ), new Vec3(to->VX, to->VY, to->VZ));

    private int StretchOf(double time)
    {
        int stretch = 0;
        while (stretch < _ends.Length && time > _ends[stretch])
        {
            stretch++;
        }

        return stretch;
    }
}
