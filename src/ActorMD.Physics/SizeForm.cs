namespace ActorMD.Physics;

/// <summary>The form of a <see cref="SizeDistribution"/>, and what its <see cref="SizeDistribution.Numbers"/> are.</summary>
public enum SizeForm
{
    /// <summary>Every particle by itself, in the order of ids: all diameters, then all masses.</summary>
    Each,

    /// <summary>Equally probable: smallest, largest diameter.</summary>
    Uniform,

    /// <summary>Density proportional to exp(-(x - mean)^2/(2 deviation^2)): mean, deviation, smallest, largest.</summary>
    Normal,

    /// <summary>The logarithm is normally distributed; mean, deviation of the diameter itself, smallest, largest.</summary>
    LogNormal,

    /// <summary>
    /// Schulz's (gamma) distribution, density proportional to x^(s-1) e^(-s x/mean), s = (mean/deviation)^2; numbers as before.
    /// </summary>
    Schulz,

    /// <summary>Density proportional to x^-exponent: exponent, smallest, largest.</summary>
    PowerLaw,

    /// <summary>Constant density between neighbouring edges: n + 1 rising edges, then the n shares.</summary>
    Histogram,

    /// <summary>Some diameters: n values, then their n shares.</summary>
    Values,
}
