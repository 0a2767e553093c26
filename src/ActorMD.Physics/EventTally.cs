using ActorMD.Physics.Numerics;

namespace ActorMD.Physics;

/// <summary>What has happened in a run: counts of events and exact sums of their impulses. Additive over domains.</summary>
public sealed class EventTally
{
    public EventTally(int speciesCount, int orderMax)
    {
        SpeciesCount = speciesCount;
        PairCounts = new long[speciesCount * speciesCount];
        OrderCounts = new long[orderMax + 1];
    }

    public int SpeciesCount { get; }

    /// <summary>Pair collisions of species a and b at index a S + b with a &lt;= b; each collision counts once.</summary>
    public long[] PairCounts { get; }

    /// <summary>Events by order k: index 1 wall bounces, 2 pair collisions, 3 and up zone events.</summary>
    public long[] OrderCounts { get; }

    /// <summary>Events at the same instant as the previous event of one of their particles [Mix Def. 3.1, High Def. 2.5].</summary>
    public long MultipleCount { get; set; }

    /// <summary>Events whose approach speed vanishes within rounding (B = 0) [Mix Def. 3.1, High Def. 2.5].</summary>
    public long GrazingCount { get; set; }

    /// <summary>sum over events of order 2 and up of sum_i x_i.dp_i: mass length^2 / time^2.</summary>
    public ExactSum Virial { get; private set; } = new();

    /// <summary>sum over wall bounces of |dp|: mass length / time.</summary>
    public ExactSum WallImpulse { get; private set; } = new();

    /// <summary>Number of pair collisions of two species, in either order.</summary>
    public long PairCount(int a, int b) => PairCounts[Math.Min(a, b) * SpeciesCount + Math.Max(a, b)];

    /// <summary>All events that change velocities.</summary>
    public long EventCount => OrderCounts.Sum();

    /// <summary>Events of order 2 and up.</summary>
    public long CollisionCount
    {
        get
        {
            long count = 0;
            for (int order = 2; order < OrderCounts.Length; order++)
            {
                count += OrderCounts[order];
            }

            return count;
        }
    }

    public EventTally Clone()
    {
        EventTally copy = new(SpeciesCount, OrderCounts.Length - 1);
        PairCounts.CopyTo(copy.PairCounts, 0);
        OrderCounts.CopyTo(copy.OrderCounts, 0);
        copy.MultipleCount = MultipleCount;
        copy.GrazingCount = GrazingCount;
        copy.Virial = ExactSum.Import(Virial.Export());
        copy.WallImpulse = ExactSum.Import(WallImpulse.Export());
        return copy;
    }

    /// <summary>Adds all of another tally.</summary>
    public void Add(EventTally other)
    {
        for (int k = 0; k < PairCounts.Length; k++)
        {
            PairCounts[k] += other.PairCounts[k];
        }

        for (int k = 0; k < OrderCounts.Length; k++)
        {
            OrderCounts[k] += other.OrderCounts[k];
        }

        MultipleCount += other.MultipleCount;
        GrazingCount += other.GrazingCount;
        Virial.Add(other.Virial);
        WallImpulse.Add(other.WallImpulse);
    }

    /// <summary>Counts an event.</summary>
    /// <param name="order">Of the event.</param>
    /// <param name="first">Species of the first participant.</param>
    /// <param name="second">Species of the second participant; of no meaning for a bounce.</param>
    /// <param name="impulse">Its term of the virial, or of the walls' impulse.</param>
    /// <param name="isMultiple">Whether it is a multiple collision.</param>
    /// <param name="isGrazing">Whether it is a grazing one.</param>
    public void Count(int order, int first, int second, double impulse, bool isMultiple, bool isGrazing) =>
        Change(1, order, first, second, impulse, isMultiple, isGrazing);

    /// <summary>Takes an event off again that was counted (<see cref="Count"/>).</summary>
    public void Uncount(int order, int first, int second, double impulse, bool isMultiple, bool isGrazing) =>
        Change(-1, order, first, second, -impulse, isMultiple, isGrazing);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(PairCounts);
        Array.Clear(OrderCounts);
        (MultipleCount, GrazingCount) = (0, 0);
        Virial.Clear();
        WallImpulse.Clear();
    }

    /// <summary>Replaces the two exact sums, when a checkpoint is read.</summary>
    public void RestoreSums(ExactSum virial, ExactSum wallImpulse)
    {
        Virial = virial;
        WallImpulse = wallImpulse;
    }

    private void Change(int number, int order, int first, int second, double impulse, bool isMultiple, bool isGrazing)
    {
        OrderCounts[order] += number;
        MultipleCount += isMultiple ? number : 0;
        GrazingCount += isGrazing ? number : 0;
        (order == 1 ? WallImpulse : Virial).Add(impulse);
        if (order == 2)
        {
            PairCounts[Math.Min(first, second) * SpeciesCount + Math.Max(first, second)] += number;
        }
    }
}
