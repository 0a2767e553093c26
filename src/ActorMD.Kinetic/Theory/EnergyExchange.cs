namespace ActorMD.Kinetic.Theory;

/// <summary>How fast collisions between Maxwellians of different temperatures carry energy from one species to another.</summary>
/// <remarks>
/// Let u_i be the centred positions of the k particles and q_i = |u_i|^2 / sum |u_j|^2. For given u the component
/// x = sum u_i.v_i is normal with variance S = sum q_i s_i (sum |u|^2 = 1), s_i = T_i/M_i, and a collision changes v_i by
/// -2 x u_i/(M_i Q), Q = sum q_j/M_j. The flux weighs with x_+, so the mean energy that particle i gains is
/// 4 S^(3/2)/sqrt(2 pi) (q_i/Q) (1/(Q M_i) - s_i/S), in units of the kernel G = sqrt(k) x. For pairs in space the sum is the
/// known -8 sqrt(2 pi) n_a n_b eps^2 (mu/(M_a + M_b)) (T_a/M_a + T_b/M_b)^(1/2) (T_a - T_b).
/// </remarks>
public static class EnergyExchange
{
    /// <summary>
    /// Energy that the first member's species gains from one composition, per unit time and volume and member of that kind.
    /// </summary>
    /// <param name="dimension">d.</param>
    /// <param name="distance">eps_k.</param>
    /// <param name="tuples">Sets of k particles per volume to the power k: the product of n_a^(m_a)/m_a!.</param>
    /// <param name="masses">M_i of the k members; k is 2 or 3.</param>
    /// <param name="variances">T_i/M_i.</param>
    public static double OfFirst(
        int dimension, double distance, double tuples, ReadOnlySpan<double> masses, ReadOnlySpan<double> variances)
    {
        int order = masses.Length;
        double sum = 0;
        foreach ((double[] shares, double weight) in EllipsoidShapes.Of(order, dimension))
        {
            double variance = 0, metric = 0;
            for (int i = 0; i < order; i++)
            {
                variance += shares[i] * variances[i];
                metric += shares[i] / masses[i];
            }

            double gain = 1 / (metric * masses[0]) - variances[0] / variance;
            sum += weight * 4 * variance * Math.Sqrt(variance) / Math.Sqrt(2 * Math.PI) * shares[0] / metric * gain;
        }

        return tuples * Math.Sqrt(order) * SphereArea.OfEllipsoid(order, dimension)
            * Math.Pow(distance, (order - 1) * dimension - 1) * sum;
    }
}
