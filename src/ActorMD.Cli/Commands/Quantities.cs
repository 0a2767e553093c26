using System.Globalization;
using ActorMD.Files.Inputs;

namespace ActorMD.Cli.Commands;

/// <summary>An option's value of the form <c>NAME,key=number,key=number</c>.</summary>
internal sealed class Quantities
{
    private readonly string _source;
    private readonly Dictionary<string, double> _values = [];

    private Quantities(string name, string source)
    {
        Name = name;
        _source = source;
    }

    public string Name { get; }

    /// <exception cref="InputFaultException">The text is malformed.</exception>
    public static Quantities Parse(string option, string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        Quantities quantities = new(parts[0], $"{option} {text}");
        foreach (string part in parts[1..])
        {
            if (part.Split('=') is not [{ Length: > 0 } key, { Length: > 0 } value])
            {
                throw quantities.Fault($"'{part}' is not of the form key=number", "separate key=number pairs by commas");
            }

            if (!quantities._values.TryAdd(key.Trim(), Number(quantities._source, value)))
            {
                throw quantities.Fault($"'{key}' is given twice", "give it once");
            }
        }

        return parts[0].Length == 0 || parts[0].Contains('=', StringComparison.Ordinal)
            ? throw quantities.Fault("the name is missing", "begin with a name or an order, then a comma")
            : quantities;
    }

    /// <summary>The value of a key, null when it was not given.</summary>
    public double? Take(string key) => _values.Remove(key, out double value) ? value : null;

    /// <exception cref="InputFaultException">Keys that were not asked for.</exception>
    public static void ThrowIfLeft(IEnumerable<Quantities> all, string known)
    {
        foreach (Quantities quantities in all)
        {
            if (quantities._values.Count > 0)
            {
                throw quantities.Fault($"there is no key '{quantities._values.Keys.First()}'", $"known keys: {known}");
            }
        }
    }

    /// <summary>A finite number; <paramref name="source"/> names the option.</summary>
    /// <exception cref="InputFaultException">The text is no number.</exception>
    public static double Number(string source, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new InputFaultException(
                new InputFault(source, null, null, $"'{text}' is not a number", "give a finite number such as 0.05"));

    /// <summary>A whole number; <paramref name="source"/> names the option.</summary>
    /// <exception cref="InputFaultException">The text is no whole number.</exception>
    public static int Whole(string source, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new InputFaultException(
                new InputFault(source, null, null, $"'{text}' is not a whole number", "give a number such as 3"));

    private InputFaultException Fault(string problem, string remedy) => new(new InputFault(_source, null, null, problem, remedy));
}
