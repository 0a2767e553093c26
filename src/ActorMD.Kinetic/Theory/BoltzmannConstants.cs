using ActorMD.Physics;

namespace ActorMD.Kinetic.Theory;

/// <summary>The numbers in front of the collision operators of the kinetic equations.</summary>
public static class BoltzmannConstants
{
    /// <summary>A^a_b = N_b eps_ab^(d-1), in front of Q^a_b(f_a, f_b) for densities of mass 1 [Mix 2.35, 2.38].</summary>
    public static double Pair(Gas gas, IReadOnlyList<int> counts, int a, int b) =>
        counts[b] * Math.Pow(gas.ContactDistance(a, b), gas.Dimension - 1);

    /// <summary>c_l = N^l eps_(l+1)^(ld-1) of order k = l+1 [High 1.22, 3.11].</summary>
    public static double Scaling(int order, int dimension, double count, double distance) =>
        Math.Pow(count, order - 1) * Math.Pow(distance, (order - 1) * dimension - 1);

    /// <summary>c_l/l!, in front of Q_(l+1)(f, ..., f) [High 1.5, 3.21].</summary>
    public static double Coefficient(int order, double scaling)
    {
        for (int m = 2; m < order; m++)
        {
            scaling /= m;
        }

        return scaling;
    }
}
