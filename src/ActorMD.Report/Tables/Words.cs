using System.Globalization;

namespace ActorMD.Report.Tables;

/// <summary>Numbers as people read them; files and the attributes of the page have all digits.</summary>
internal static class Words
{
    public const string Undefined = "–";

    /// <summary>Six significant digits.</summary>
    public static string Number(double? value) => value is { } number && double.IsFinite(number)
        ? number.ToString("g6", CultureInfo.InvariantCulture).Replace("e-0", "e-", StringComparison.Ordinal).Replace(
            "e+0", "e", StringComparison.Ordinal)
        : Undefined;

    /// <summary>Groups of three digits.</summary>
    public static string Count(double value) =>
        value.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", "\u202f", StringComparison.Ordinal);

    /// <summary>A value and its standard error, to two digits of the error.</summary>
    public static string WithError(double value, double error)
    {
        // An error of rounding size belongs to a conserved quantity.
        if (!(error > 1e-12 * Math.Abs(value)))
        {
            return Number(value);
        }

        int decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10(error)), 0, 15);
        return Math.Abs(value) is >= 1e-4 and < 1e9 && decimals <= 9
            ? string.Create(CultureInfo.InvariantCulture,
                $"{value.ToString("F" + decimals, CultureInfo.InvariantCulture)} ± "
                + $"{error.ToString("F" + decimals, CultureInfo.InvariantCulture)}")
            : $"{Number(value)} ± {error.ToString("g2", CultureInfo.InvariantCulture)}";
    }

    /// <summary>Seconds as in 4.2 s, 3 min 10 s.</summary>
    public static string Seconds(double seconds) => seconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:g3} s")
        : seconds < 3600 ? FormattableString.Invariant($"{(int)seconds / 60} min {(int)seconds % 60} s")
        : FormattableString.Invariant($"{(int)seconds / 3600} h {(int)seconds % 3600 / 60} min");

    /// <summary>Bytes as in 76 MB.</summary>
    public static string Bytes(double bytes) => bytes >= 1e9
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:g3} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:g3} MB");
}
