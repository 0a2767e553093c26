using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>The constants of <see cref="PairEvent.Collide"/> for an ordered pair of species.</summary>
internal struct PairLaw
{
    /// <summary>eps_ab^2.</summary>
    public double ContactSquared;

    /// <summary>2 M_b / (M_a + M_b).</summary>
    public double ShareA;

    /// <summary>2 M_a / (M_a + M_b).</summary>
    public double ShareB;

    /// <summary>Minus twice the reduced mass: times the approach r.v it is the event's virial.</summary>
    public double Virial;

    /// <summary>Where <see cref="EventTally.PairCounts"/> counts the pair.</summary>
    public int CountIndex;

    public static unsafe NativeArray<PairLaw> Table(Gas gas)
    {
        int count = gas.Species.Length;
        NativeArray<PairLaw> table = new(count * count);
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
            {
                double massA = gas.Species[a].Mass, massB = gas.Species[b].Mass;
                double contact = gas.ContactDistance(a, b);
                table.Pointer[a * count + b] = new PairLaw
                {
                    ContactSquared = contact * contact,
                    ShareA = 2 * massB / (massA + massB),
                    ShareB = 2 * massA / (massA + massB),
                    Virial = -(2 * (massA * massB) / (massA + massB)),
                    CountIndex = Math.Min(a, b) * count + Math.Max(a, b),
                };
            }
        }

        return table;
    }
}
