using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Laws;

namespace ActorMD.Engine.Contacts;

/// <summary>The constants of <see cref="PairEvent.Collide"/> for an ordered pair of kinds of particles.</summary>
internal struct PairLaw
{
    private PairLaw(ParticleKind a, ParticleKind b, int speciesCount)
    {
        (double sum, double lost) = PairEvent.MassSum(a.Mass, b.Mass);
        double contact = 0.5 * a.Diameter + 0.5 * b.Diameter;
        ContactSquared = contact * contact;
        (MassA, MassB, MassSum, MassLost) = (a.Mass, b.Mass, sum, lost);
        Virial = -(2 * (a.Mass * b.Mass) / sum);
        CountIndex = Math.Min(a.Species, b.Species) * speciesCount + Math.Max(a.Species, b.Species);
    }

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

    /// <summary>By ordered pair of species.</summary>
    public static unsafe NativeArray<PairLaw> Table(Gas gas)
    {
        int count = gas.Species.Length;
        NativeArray<PairLaw> table = new(count * count);
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
            {
                table.Pointer[a * count + b] = Of(gas, a, b);
            }
        }

        return table;
    }

    /// <summary>Of an ordered pair of kinds.</summary>
    public static PairLaw Of(Gas gas, int a, int b) => new(gas.Kinds[a], gas.Kinds[b], gas.Species.Length);
}
