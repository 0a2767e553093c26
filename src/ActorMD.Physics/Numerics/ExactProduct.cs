namespace ActorMD.Physics.Numerics;

/// <summary>What rounding a product loses, from + - * alone: no fused multiply-add, so that every machine gets the same bits.</summary>
/// <remarks>T. J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18, 224 (1971).</remarks>
public static class ExactProduct
{
    private const double Splitter = (1 << 27) + 1;

    /// <summary>a b - product, exactly, where product is a b rounded. Magnitudes between about 1e-140 and 1e290.</summary>
    public static double Error(double a, double b, double product)
    {
        (double a1, double a2) = Split(a);
        (double b1, double b2) = Split(b);
        return a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2;
    }

    // Two halves of 26 bits, whose products with each other are exact.
    private static (double High, double Low) Split(double x)
    {
        double scaled = Splitter * x;
        double high = scaled - (scaled - x);
        return (high, x - high);
    }
}
