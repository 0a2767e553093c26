using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Runs.Verification;

/// <summary>Looks at the events of a log one by one: their order, their ids, and what a collision must not change.</summary>
/// <param name="gas">What was simulated.</param>
/// <param name="state">Any state of it: tells the species of every particle.</param>
internal sealed class EventLogCheck(Gas gas, SystemState state)
{
    private const double Tolerance = 1e-12;

    private readonly int[] _participants = new int[GasValidation.OrderLimit];
    private double _time = double.NegativeInfinity;
    private long _epoch;
    private int _order;
    private int _participantCount;
    private long _number;

    /// <summary>Events by order so far.</summary>
    public long[] OrderCounts { get; } = new long[gas.OrderMax + 1];

    /// <summary>What is wrong with the first event that is not right; or null.</summary>
    public string? Problem { get; private set; }

    public void Visit(EventRecord happened)
    {
        Problem ??= Fault(happened);
        _number++;
        if (Problem is null)
        {
            OrderCounts[happened.Order]++;
        }
    }

    private string? Fault(EventRecord happened)
    {
        int order = happened.Order;
        if (order > gas.OrderMax || (order > 2 && gas.Zones.All(zone => zone.Order != order)))
        {
            return Sentence($"has the order {order}, which this gas does not have");
        }

        for (int k = 0; k < happened.Count; k++)
        {
            if ((uint)happened.Id(k) >= (uint)state.Particles.Length || (k > 0 && happened.Id(k) <= happened.Id(k - 1)))
            {
                return Sentence("has no ascending ids of particles");
            }
        }

        if (Precedes(happened))
        {
            return Sentence("stands after one that comes later");
        }

        Remember(happened);
        return Conserves(happened) ? null : Sentence("does not conserve momentum and energy");
    }

    // A wall takes momentum, but no energy.
    private bool Conserves(EventRecord happened)
    {
        Vec3 momentum = Vec3.Zero;
        double momentumScale = 0, energy = 0, energyScale = 0;
        for (int k = 0; k < happened.Count; k++)
        {
            double mass = gas.Kinds[state.Particles[happened.Id(k)].Kind].Mass;
            Vec3 before = happened.VelocityBefore(k), after = happened.VelocityAfter(k);
            momentum += mass * (after - before);
            momentumScale += mass * (Math.Sqrt(before.LengthSquared) + Math.Sqrt(after.LengthSquared));
            energy += mass * (after.LengthSquared - before.LengthSquared);
            energyScale += mass * (after.LengthSquared + before.LengthSquared);
        }

        return Math.Abs(energy) <= Tolerance * energyScale
            && (happened.Order == 1 || Math.Sqrt(momentum.LengthSquared) <= Tolerance * momentumScale);
    }

    // The order of the log: time, order, ids.
    private bool Precedes(EventRecord happened)
    {
        int order = happened.Epoch.CompareTo(_epoch);
        order = order != 0 ? order : happened.Time.CompareTo(_time);
        order = order != 0 ? order : happened.Order.CompareTo(_order);
        for (int k = 0; k < Math.Min(happened.Count, _participantCount) && order == 0; k++)
        {
            order = happened.Id(k).CompareTo(_participants[k]);
        }

        return order < 0;
    }

    private void Remember(EventRecord happened)
    {
        (_epoch, _time, _order, _participantCount) = (happened.Epoch, happened.Time, happened.Order, happened.Count);
        for (int k = 0; k < happened.Count; k++)
        {
            _participants[k] = happened.Id(k);
        }
    }

    private string Sentence(string what) => FormattableString.Invariant($"event {_number} {what}");
}
