using System.Globalization;

namespace ActorMD.Cli.Terminal;

/// <summary>Numbers and spans of time for people; files have all digits.</summary>
internal static class Numbers
{
    public const string Undefined = "-";

    /// <summary>Five significant digits.</summary>
    public static string Short(double? value) => value?.ToString("g5", CultureInfo.InvariantCulture) ?? Undefined;

    /// <summary>A number between 0 and 1 with three decimals.</summary>
    public static string Share(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>Groups of three digits.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    /// <summary>As in 1.2 k, 340 k, 5.1 M.</summary>
    public static string Rate(double? value) => value switch
    {
        null => Undefined,
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:g3} M"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:g3} k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:g3}"),
    };

    /// <summary>As in 4 s, 2 min 10 s, 3 h 20 min.</summary>
    public static string Span(double seconds)
    {
        long whole = (long)Math.Ceiling(Math.Min(seconds, 1e9));
        return whole switch
        {
            >= 3600 => $"{whole / 3600} h {whole % 3600 / 60} min",
            >= 60 => $"{whole / 60} min {whole % 60} s",
            _ => $"{whole} s",
        };
    }
}
