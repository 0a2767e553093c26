using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Laws;

namespace ActorMD.Engine.Contacts;

/// <summary>The constants of <see cref="PairEvent.Collide"/> for an ordered pair of species.</summary>
internal struct PairLaw
{
    /// <summary>eps_ab^2.</summary>
    public double ContactSquared;

    public double MassA;

    public double MassB;

    /// <summary>M_a + M_b, rounded, and what the rounding lost: <see cref="PairEvent.MassSum"/>.</summary>
    public double MassSum, MassLost;

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
                (double sum, double lost) = PairEvent.MassSum(massA, massB);
                double contact = gas.ContactDistance(a, b);
                table.Pointer[a * count + b] = new PairLaw
                {
                    ContactSquared = contact * contact,
                    MassA = massA,
                    MassB = massB,
                    MassSum = sum,
                    MassLost = lost,
                    Virial = -(2 * (massA * massB) / sum),
                    CountIndex = Math.Min(a, b) * count + Math.Max(a, b),
                };
            }
        }

        return table;
    }
}
