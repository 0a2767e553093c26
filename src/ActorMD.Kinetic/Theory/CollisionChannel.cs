using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Theory;

/// <summary>One kind of collision: how many particles of which species take part.</summary>
/// <param name="Order">k.</param>
/// <param name="Multiplicities">m_a: how many of the k are of species a.</param>
/// <param name="Members">Species of the k particles, in rising order.</param>
/// <param name="CrossSection">
/// eps_k^((k-1)d-1) |E| c, with c the mean of the positive part of a component of a uniform unit vector in (k-1)d dimensions;
/// for pairs eps_ab^(d-1) pi (d = 3) or 2 eps_ab (d = 2).
/// </param>
/// <remarks>
/// The integral of the kernel over the ellipsoid is |E| c G, where G^2 = sum over pairs of |v_i - v_j|^2: by
/// b = sum_i g_i.v_i with g_i = k u_i, sum |u_i|^2 = 1/k, b is G times one component of a uniform unit vector of the
/// (k-1)d relative dimensions [High 1.5, 7.10]. So k particles in a volume V collide at the rate CrossSection G / V^(k-1), and
/// with the distribution of that component weighted by itself, for pairs and every other order alike.
/// </remarks>
public sealed record CollisionChannel(
    int Order, ImmutableArray<int> Multiplicities, ImmutableArray<int> Members, double CrossSection)
{
    /// <summary>
    /// B_s, volumes, one per species: at local densities n_s of other particles the rate is exp(sum B_s n_s) times that of the dilute gas
    /// (<see cref="DensityResponse"/>); empty in the kinetic equation itself.
    /// </summary>
    public ImmutableArray<double> Response { get; init; } = [];

    /// <summary>
    /// gamma: the kernel is b_+^gamma times a constant, so that k particles collide at a rate proportional to G^gamma. 1 is hard spheres, 0
    /// gas of Maxwell's kind.
    /// </summary>
    public double Exponent { get; init; } = 1;

    /// <summary>
    /// The same collisions with another exponent of the kernel, as often in an equilibrium whose velocity components have the given
    /// variance.
    /// </summary>
    /// <param name="exponent">gamma, from 0 to 2.</param>
    /// <param name="dimension">d.</param>
    /// <param name="variance">T/M.</param>
    /// <remarks>There G is sqrt(k T/M) times the length of a normal vector of (k-1)d dimensions.</remarks>
    public CollisionChannel WithExponent(double exponent, int dimension, double variance)
    {
        int n = (Order - 1) * dimension;
        double scale = Math.Pow(Order * variance, 0.5 * (1 - exponent)) * NormalPowers.OfLength(n, 1) / NormalPowers.OfLength(n, exponent);
        return exponent == 1 ? this : this with { Exponent = exponent, CrossSection = CrossSection * scale };
    }

    /// <summary>The rate of one ordered k-tuple is this times G: a set is counted once for every order of like particles.</summary>
    /// <param name="density">Of one particle.</param>
    internal double RateFactor(double density)
    {
        double factor = CrossSection;
        foreach (int multiplicity in Multiplicities)
        {
            for (int m = 2; m <= multiplicity; m++)
            {
                factor /= m;
            }
        }

        for (int other = 1; other < Order; other++)
        {
            factor *= density;
        }

        return factor;
    }

    /// <summary>All kinds of collisions of a gas: pairs of species first, then the compositions of every zone.</summary>
    public static ImmutableArray<CollisionChannel> All(Gas gas)
    {
        List<CollisionChannel> channels = [];
        for (int a = 0; a < gas.Species.Length; a++)
        {
            for (int b = a; b < gas.Species.Length; b++)
            {
                channels.Add(Of(gas, [a, b], gas.ContactDistance(a, b)));
            }
        }

        foreach (Zone zone in gas.Zones)
        {
            AddCompositions(gas, zone, [], channels);
        }

        return [.. channels];
    }

    /// <summary>The same collisions, a factor more or less often: for checks that a wrong coefficient is noticed.</summary>
    public CollisionChannel Times(double factor) => this with { CrossSection = CrossSection * factor };

    /// <summary>The same collisions with rates that follow the local density.</summary>
    public CollisionChannel With(ImmutableArray<double> response) => this with { Response = response };

    private static void AddCompositions(Gas gas, Zone zone, ImmutableArray<int> members, List<CollisionChannel> channels)
    {
        if (members.Length == zone.Order)
        {
            channels.Add(Of(gas, members, zone.Distance));
            return;
        }

        for (int a = members.IsEmpty ? 0 : members[^1]; a < gas.Species.Length; a++)
        {
            AddCompositions(gas, zone, members.Add(a), channels);
        }
    }

    private static CollisionChannel Of(Gas gas, ImmutableArray<int> members, double distance)
    {
        int d = gas.Dimension, order = members.Length, relative = (order - 1) * d;
        // The mean of the positive part of a component: the volume of the ball in one dimension less, over the sphere's area.
        double mean = SphereArea.InSpace(relative - 1) / (relative - 1) / SphereArea.InSpace(relative);
        double section = SphereArea.OfEllipsoid(order, d) * mean;
        for (int power = 1; power < relative; power++)
        {
            section *= distance;
        }

        ImmutableArray<int> multiplicities =
            [.. Enumerable.Range(0, gas.Species.Length).Select(a => members.Count(member => member == a))];
        return new CollisionChannel(order, multiplicities, members, section);
    }
}
