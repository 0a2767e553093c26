using System.Globalization;

namespace ActorMD.Files.Inputs;

/// <summary>Numbers of particle files: finite, and of a size that can be calculated with.</summary>
internal static class FileNumber
{
    /// <summary>Larger magnitudes are refused: products must not overflow.</summary>
    public const double Max = 1e100;

    /// <summary>Smaller sizes and masses are refused.</summary>
    public const double PositiveMin = 1e-100;

    /// <summary>A number; otherwise what is wrong with the text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double value, out string? problem, double max = Max)
    {
        problem = null;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !double.IsFinite(value))
        {
            problem = "is not a finite number";
        }
        else if (Math.Abs(value) > max)
        {
            problem = "is too large to calculate with";
        }

        return problem is null;
    }

    /// <summary>A length, size or mass; with a scale a multiple of one.</summary>
    public static bool TryParsePositive(ReadOnlySpan<char> text, out double value, out string? problem, double scale = 1)
    {
        if (!TryParse(text, out value, out problem, scale * Max))
        {
            return false;
        }

        problem = value <= 0 ? "is not above 0" : value < scale * PositiveMin ? "is too small to calculate with" : null;
        return problem is null;
    }
}
