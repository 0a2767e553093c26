namespace ActorMD.Kinetic.Theory;

/// <summary>A quadrature rule over the shapes of k particles at their zone: what is left of the ellipsoid after rotations.</summary>
internal static class EllipsoidShapes
{
    private const int NodeCount = 12;

    /// <summary>Values of q_i = |u_i|^2 / sum |u_j|^2 about the plain centroid with their weights, which sum to 1; k is 2 or 3.</summary>
    /// <remarks>
    /// For pairs q = (1/2, 1/2). For triples Jacobi's vectors (a, b), uniform on the unit sphere of 2d dimensions, give
    /// q_1 = 2 a^2/3 and q_2,3 = a^2/6 + b^2/2 -+ a.b/sqrt(3): with |a| = sin(phi) and the angle psi between a and b the measure
    /// is (sin phi cos phi)^(d-1) sin(psi)^(d-2).
    /// </remarks>
    public static IEnumerable<(double[] Shares, double Weight)> Of(int order, int dimension) => order switch
    {
        2 => [([0.5, 0.5], 1)],
        3 => Triples(dimension),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "shapes are known for pairs and triples"),
    };

    private static IEnumerable<(double[] Shares, double Weight)> Triples(int dimension)
    {
        (double Node, double Weight)[] rule = [.. GaussLegendre.Nodes(NodeCount)];
        List<(double[], double)> shapes = [];
        double total = 0;
        foreach ((double phiNode, double phiWeight) in rule)
        {
            double phi = Math.PI / 4 * (1 + phiNode);
            (double sine, double cosine) = Math.SinCos(phi);
            foreach ((double psiNode, double psiWeight) in rule)
            {
                double psi = Math.PI / 2 * (1 + psiNode);
                if (psi > Math.PI / 2)
                {
                    continue; // the same shape with the second and the third particle exchanged
                }

                double cross = sine * cosine * Math.Cos(psi) / Math.Sqrt(3);
                double even = sine * sine / 6 + cosine * cosine / 2;
                double weight = phiWeight * psiWeight * Math.Pow(sine * cosine, dimension - 1) * Math.Pow(Math.Sin(psi), dimension - 2);
                shapes.Add(([2 * sine * sine / 3, even - cross, even + cross], weight));
                shapes.Add(([2 * sine * sine / 3, even + cross, even - cross], weight));
                total += 2 * weight;
            }
        }

        return shapes.Select(shape => (shape.Item1, shape.Item2 / total));
    }
}
