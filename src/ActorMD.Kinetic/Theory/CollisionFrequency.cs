namespace ActorMD.Kinetic.Theory;

/// <summary>How often particles collide in a uniform gas with Maxwellian velocities.</summary>
/// <remarks>
/// Low-density limits. At finite density pair rates grow by the contact value (<see cref="EquationOfState"/>); rates of order
/// k &gt;= 3 change by a share of the size of n eps_k^d, and by the share of the ellipsoid that lower orders forbid
/// (<see cref="AccessibleShare"/>).
/// </remarks>
public static class CollisionFrequency
{
    /// <summary>
    /// Collisions of one a-particle with b-particles per unit time: n_b eps_ab^(d-1) |S^(d-1)| sqrt((T_a/M_a + T_b/M_b)/(2 pi)) chi_ab.
    /// </summary>
    /// <param name="dimension">d.</param>
    /// <param name="density">n_b.</param>
    /// <param name="contact">eps_ab.</param>
    /// <param name="varianceA">T_a/M_a, the variance of a velocity component.</param>
    /// <param name="varianceB">T_b/M_b.</param>
    /// <param name="contactValue">chi_ab; 1 in the limit of low density (Enskog).</param>
    public static double Pair(
        int dimension, double density, double contact, double varianceA, double varianceB, double contactValue = 1) =>
        density * Math.Pow(contact, dimension - 1) * SphereArea.InSpace(dimension)
        * Math.Sqrt((varianceA + varianceB) / (2 * Math.PI)) * contactValue;

    /// <summary>
    /// Events of order k of one particle in a gas of one species:
    /// n^(k-1)/(k-1)! eps_k^((k-1)d-1) |E| sqrt(k T/(2 pi M)).
    /// </summary>
    /// <param name="order">k.</param>
    /// <param name="dimension">d.</param>
    /// <param name="density">n.</param>
    /// <param name="distance">eps_k.</param>
    /// <param name="variance">T/M, the variance of a velocity component.</param>
    public static double Tuple(int order, int dimension, double density, double distance, double variance)
    {
        double rate = SphereArea.OfEllipsoid(order, dimension) * Math.Pow(distance, (order - 1) * dimension - 1)
            * Math.Sqrt(order * variance / (2 * Math.PI));
        for (int other = 1; other < order; other++)
        {
            rate *= density / other;
        }

        return rate;
    }

    /// <summary>
    /// Events per unit time and volume among k particles of given species, one choice of species: the product of
    /// n_a^(m_a)/m_a! over the species, times eps_k^((k-1)d-1) |E| times the mean of the positive part of
    /// sum g_i.v_i / eps_k over velocities and the ellipsoid.
    /// </summary>
    /// <param name="dimension">d.</param>
    /// <param name="distance">eps_k.</param>
    /// <param name="multiplicities">m_a: how many of the k particles are of species a; their sum is k.</param>
    /// <param name="densities">n_a.</param>
    /// <param name="variances">T_a/M_a.</param>
    /// <remarks>For one species this is n/k times <see cref="Tuple"/>. One a-particle has m_a/n_a times as many.</remarks>
    public static double Composition(
        int dimension,
        double distance,
        ReadOnlySpan<int> multiplicities,
        ReadOnlySpan<double> densities,
        ReadOnlySpan<double> variances)
    {
        int order = 0;
        double density = 1;
        List<double> members = [];
        for (int a = 0; a < multiplicities.Length; a++)
        {
            for (int m = 1; m <= multiplicities[a]; m++)
            {
                order++;
                density *= densities[a] / m;
                members.Add(variances[a]);
            }
        }

        return density * SphereArea.OfEllipsoid(order, dimension) * Math.Pow(distance, (order - 1) * dimension - 1)
            * MeanApproachSpread(dimension, [.. members]) / Math.Sqrt(2 * Math.PI);
    }

    /// <summary>
    /// The mean over the uniform ellipsoid of sqrt(sum |g_i|^2 s_i / eps_k^2), s_i = T_i/M_i: the standard deviation of the
    /// approach speed sum g_i.v_i / eps_k. For equal variances it is sqrt(k s).
    /// </summary>
    /// <remarks>
    /// With centred positions u_i = theta_i eps_k/sqrt(k), theta uniform on the unit sphere of the n = (k-1)d relative
    /// dimensions, it is sqrt(k) times the mean of sqrt(Q), Q = sum s_i |theta_i|^2. From
    /// sqrt(Q) = (1/sqrt(pi)) int_0^inf (1 - e^(-Q t^2)) t^-2 dt, and for Gaussian vectors
    /// mean e^(-Q t^2) = F(t) = [prod (1 + 2 s_i t^2) (1/k) sum 1/(1 + 2 s_i t^2)]^(-d/2), the mean is an integral over one
    /// variable; with t = c tan(phi) it is smooth, and Gauss's rule of 64 points gives about 12 digits.
    /// </remarks>
    public static double MeanApproachSpread(int dimension, ReadOnlySpan<double> variances)
    {
        int order = variances.Length;
        double mean = 0;
        foreach (double variance in variances)
        {
            mean += variance / order;
        }

        if (mean == 0)
        {
            return 0;
        }

        double c = 1 / Math.Sqrt(2 * mean);
        double integral = 0;
        foreach ((double node, double weight) in GaussLegendre.Nodes(64))
        {
            double phi = Math.PI / 4 * (1 + node);
            double t = c * Math.Tan(phi), sine = Math.Sin(phi);
            double product = 1, sum = 0;
            foreach (double variance in variances)
            {
                double factor = 1 + 2 * variance * t * t;
                product *= factor;
                sum += 1 / factor;
            }

            double transform = Math.Pow(product * sum / order, -0.5 * dimension);
            integral += Math.PI / 4 * weight * (1 - transform) / (c * sine * sine);
        }

        return Math.Sqrt(order / Math.PI) * integral / SphereArea.MeanNormalLength((order - 1) * dimension);
    }

    /// <summary>Mean speed of a Maxwellian: sqrt(8 T/(pi M)) in three dimensions, sqrt(pi T/(2 M)) in two.</summary>
    public static double MeanSpeed(int dimension, double variance) => dimension == 3
        ? Math.Sqrt(8 * variance / Math.PI)
        : Math.Sqrt(Math.PI * variance / 2);
}
