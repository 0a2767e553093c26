using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorMD.Files.Yaml;

/// <summary>Numbers as YAML 1.2 writes them (core schema, decimal), with clear words for what looks like one but is none.</summary>
internal static partial class YamlNumber
{
    /// <summary>What is wrong with a number.</summary>
    /// <param name="Problem">A clause.</param>
    /// <param name="Remedy">A clause; null where only the expected range tells.</param>
    internal sealed record Flaw(string Problem, string? Remedy);

    /// <summary>Reads a finite number; null flaw when it is one.</summary>
    public static Flaw? Read(YamlText scalar, out double value)
    {
        value = double.NaN;
        string text = scalar.Text;
        if (!scalar.IsPlain)
        {
            return DecimalPattern().IsMatch(text)
                ? new Flaw($"\"{text}\" is text, because it is in quotes or tagged", $"write {text} without quotes")
                : new Flaw($"\"{text}\" is text, not a number", null);
        }

        if (!DecimalPattern().IsMatch(text))
        {
            return NotDecimal(text);
        }

        if (LeadingZeroPattern().IsMatch(text))
        {
            return new Flaw(
                $"'{text}' starts with a zero, which some readers take for an octal number",
                $"write {LeadingZeroPattern().Replace(text, "$1")}");
        }

        value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? null : new Flaw($"{text} is beyond the range of double precision", null);
    }

    /// <summary>Reads a whole number, also in the form <c>1e4</c>.</summary>
    public static Flaw? ReadWhole(YamlText scalar, out decimal value)
    {
        value = 0;
        Flaw? flaw = Read(scalar, out double approximate);
        if (flaw is not null)
        {
            return flaw;
        }

        if (Math.Abs(approximate) > 1e20)
        {
            return new Flaw($"{scalar.Text} is too large", null);
        }

        if (!decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || value != decimal.Truncate(value))
        {
            return new Flaw($"{scalar.Text} is not a whole number", null);
        }

        return null;
    }

    private static Flaw NotDecimal(string text)
    {
        if (NotFinitePattern().IsMatch(text))
        {
            return new Flaw($"'{text}' is not a finite number", null);
        }

        if (SeparatedPattern().IsMatch(text))
        {
            string digits = text.Replace(",", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal)
                .Replace("'", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
            return new Flaw($"'{text}' is not a number: it has thousands separators", $"write {digits}");
        }

        if (DecimalCommaPattern().IsMatch(text))
        {
            return new Flaw(
                $"'{text}' is not a number: it has a decimal comma", $"write {text.Replace(',', '.')}");
        }

        return PrefixedPattern().IsMatch(text)
            ? new Flaw($"'{text}' is not a decimal number", "write it with decimal digits")
            : new Flaw($"'{text}' is not a number", null);
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex DecimalPattern();

    [GeneratedRegex(@"^([-+]?)0+(?=[0-9])")]
    private static partial Regex LeadingZeroPattern();

    [GeneratedRegex(@"^[-+]?\.?(nan|inf|infinity|∞)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotFinitePattern();

    [GeneratedRegex(@"^[-+]?[0-9]{1,3}([,_' ][0-9]{3})+(\.[0-9]*)?\z")]
    private static partial Regex SeparatedPattern();

    [GeneratedRegex(@"^[-+]?[0-9]+,[0-9]+([eE][-+]?[0-9]+)?\z")]
    private static partial Regex DecimalCommaPattern();

    [GeneratedRegex(@"^[-+]?0[xob][0-9a-fA-F]+\z")]
    private static partial Regex PrefixedPattern();
}
